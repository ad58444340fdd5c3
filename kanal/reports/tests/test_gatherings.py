"""Events at which many people speak: rows are kept as typed, each becomes a report once, strangers see nothing."""

import json
import re
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kanal.agencies.models import User
from kanal.agencies.queries import reference
from kanal.common.refusal import Refused
from kanal.reports import actions
from kanal.reports.actions import Typed
from kanal.reports.actions.gatherings import file_rows
from kanal.reports.forms.gathering_rows import checked
from kanal.reports.models import Gathering, GatheringRow, Report
from kanal.reports.policy import HAND_OVER
from kanal.reports.queries import private_link_token
from kanal.reports.queries.gatherings import COLUMNS, MOST_DRAFTS, drafts_of
from kanal.reports.workflow import Kind
from tests.support.people import People

EVENTS = "/meja/acara/"
LAMP = "Lampu jalan di depan balai desa mati sejak tiga hari."
ROAD = "Jalan ke sawah berlubang sepanjang dua ratus meter."
JSON = {"Accept": "application/json"}


def cells(words: str = LAMP, **more: str) -> dict[str, str]:
    return {**dict.fromkeys(COLUMNS, ""), "words": words, **more}


def typed(*rows: dict[str, str], versions: Sequence[int] = ()) -> dict[str, list[str]]:
    """The fields of the grid as a browser sends them; a row's key is its place."""
    given = list(versions) or [0] * len(rows)
    return {
        "key": [f"baris-{at:08}" for at in range(len(rows))],
        "version": list(map(str, given)),
        **{name: [row[name] for row in rows] for name in COLUMNS},
    }


@pytest.fixture
def event(people: People) -> Gathering:
    """Kun keeps the Sambang Desa of today."""
    told = actions.Occasion(kind="sambang", title="Sambang Desa Jono", held_on=reference().today(), attendance=80)
    return actions.hold_gathering(occasion=told, by=people.doing(people.kun))


@pytest.fixture
def kun(people: People, client: Client) -> Client:
    client.force_login(people.kun)
    return client


def path(event: Gathering, more: str = "") -> str:
    return f"{EVENTS}{event.pk}/{more}"


def press_file(client: Client, event: Gathering) -> dict[str, list[str]]:
    """The fields of the page one looks at before filing."""
    page = client.get(path(event, "ajukan/")).content.decode()
    return {"pick": re.findall(r'name="pick" value="([^"]+)"', page)}


# The event ----------------------------------------------------------------------------------------------------------


def test_an_event_is_begun_and_corrected(kun: Client) -> None:
    told = {"kind": "dialog", "title": "Dialog Jumat", "held_on": "2026-11-20", "attendance": "120", "region": ""}
    response = kun.post(f"{EVENTS}baru/", told)
    event = Gathering.objects.get()
    assert response.headers["Location"] == path(event)
    assert (event.kind, event.attendance, event.medium) == ("dialog", 120, "visit")
    kun.post(path(event, "ubah/"), {**told, "kind": "surat", "title": "Surat Jumat"})
    event.refresh_from_db()
    assert (event.title, event.medium) == ("Surat Jumat", "letter")
    page = kun.get(EVENTS).content.decode()
    assert "Surat Jumat" in page


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": ""}, "Beri nama"),
        ({"held_on": "2999-01-01"}, "belum tiba"),
        ({"held_on": "kemarin"}, "tidak terbaca"),
        ({"attendance": "banyak"}, "angka saja"),
        ({"attendance": "-3"}, "kurang dari nol"),
        ({"kind": "pesta"}, "Pilih jenis acaranya"),
        ({"region": "999999"}, "tidak ada di daftar"),
    ],
)
def test_what_is_wrong_with_an_event_is_said(kun: Client, wrong: dict[str, str], sentence: str) -> None:
    told = {"kind": "dialog", "title": "Dialog", "held_on": "2026-11-20", "note": "Hujan deras", **wrong}
    response = kun.post(f"{EVENTS}baru/", told)
    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert "Hujan deras" in response.content.decode()
    assert not Gathering.objects.exists()


def test_an_event_is_seen_by_its_keeper_and_coordinators_alone(
    people: People, client: Client, event: Gathering
) -> None:
    mine = actions.hold_gathering(
        occasion=actions.Occasion(kind="tatap", title="Loket PU", held_on=reference().today()),
        by=people.doing(people.oki),
    )
    every = ("", "ubah/", "ajukan/", "slip/", "lembar.xlsx", "foto/1-besar.jpg")
    seen: list[tuple[User, Gathering, int]] = [
        (people.oki, event, 404),
        (people.dewi, mine, 404),
        (people.kun, mine, 200),
        (people.laras, event, 403),
        (people.agus, event, 403),
        (people.ida, event, 403),
    ]
    for user, which, status in seen:
        client.force_login(user)
        assert {client.get(path(which, more)).status_code for more in every[:-1]} == {status}, user.name
        assert client.get(path(which, every[-1])).status_code == (404 if status == 200 else status)
    client.force_login(people.oki)
    assert "Sambang Desa Jono" not in client.get(EVENTS).content.decode()


def test_a_stranger_can_neither_write_nor_file(people: People, client: Client, event: Gathering) -> None:
    client.force_login(people.oki)
    assert client.post(path(event), typed(cells())).status_code == 404
    assert client.post(path(event, "ajukan/"), {"pick": "1:1"}).status_code == 404
    for do in (
        lambda: actions.save_rows(
            gathering=event, rows=[Typed("baris-00000001", cells())], by=people.doing(people.oki)
        ),
        lambda: file_rows(gathering=event, ready=[], by=people.doing(people.laras)),
    ):
        with pytest.raises(Refused):
            do()
    assert not GatheringRow.objects.exists()


# Rows ---------------------------------------------------------------------------------------------------------------


def test_rows_are_kept_right_or_wrong(kun: Client, event: Gathering) -> None:
    answer = kun.post(path(event), typed(cells(), cells("pendek", phone="abc"), cells("")), headers=JSON).json()
    assert (answer["ready"], answer["wrong"]) == (1, 1)
    assert set(answer["rows"]["baris-00000001"]["problems"]) == {"words", "phone"}
    assert [draft.cells["words"] for draft in drafts_of(event)] == [LAMP, "pendek"]
    page = kun.get(path(event)).content.decode()
    assert "pendek" in page
    assert "Nomor itu tidak kami kenali" in page


def test_what_was_typed_lies_encrypted(kun: Client, event: Gathering) -> None:
    kun.post(path(event), typed(cells(name="Pak Darmo")))
    with connection.cursor() as cursor:
        cursor.execute("SELECT cells FROM reports_gatheringrow")
        (raw,) = cursor.fetchone()
    assert "Darmo" not in raw
    assert "Lampu" not in raw


def test_the_same_rows_saved_again_change_nothing(kun: Client, event: Gathering) -> None:
    for _again in range(2):
        kun.post(path(event), typed(cells(), cells(ROAD)), headers=JSON)
    assert [(row.number, row.version) for row in event.rows.all()] == [(1, 1), (2, 1)]


def test_a_row_emptied_or_dropped_is_gone(kun: Client, event: Gathering) -> None:
    kun.post(path(event), typed(cells(), cells(ROAD)))
    kun.post(path(event), typed(cells(""), versions=[1]))
    assert [draft.cells["words"] for draft in drafts_of(event)] == [ROAD]
    kun.post(path(event), {**typed(cells(""), cells(ROAD), versions=[0, 1]), "drop": "baris-00000001"})
    assert not drafts_of(event)


def test_two_who_write_in_one_row_both_keep_their_words(people: People, event: Gathering) -> None:
    chief = people.doing(people.kun)
    other = actions.hold_gathering(
        occasion=actions.Occasion(kind="tatap", title="Loket", held_on=reference().today()), by=people.doing(people.oki)
    )
    actions.save_rows(gathering=other, rows=[Typed("baris-00000001", cells())], by=people.doing(people.oki))
    actions.save_rows(gathering=other, rows=[Typed("baris-00000001", cells(ROAD), 1)], by=chief)
    stale = [Typed("baris-00000001", cells("Lampu taman juga mati, sudah seminggu."), 1)]
    for _again in range(2):
        saved = actions.save_rows(gathering=other, rows=stale, by=people.doing(people.oki))
    assert saved.copied == 1
    assert [d.cells["words"] for d in drafts_of(other)] == [ROAD, "Lampu taman juga mati, sudah seminggu."]


def test_what_finds_no_room_stays_on_the_screen(people: People, kun: Client, event: Gathering) -> None:
    by = people.doing(people.kun)
    full = [Typed(f"penuh-{at:08}", cells()) for at in range(MOST_DRAFTS)]
    actions.save_rows(gathering=event, rows=full, by=by)
    response = kun.post(path(event), typed(cells("Ini tidak muat lagi di daftar acara.")))
    assert response.status_code == 409
    assert "Ini tidak muat lagi di daftar acara." in response.content.decode()
    assert "1 baris belum muat" in response.content.decode()


@pytest.mark.parametrize(
    "torn",
    [
        {"key": ["baris-00000001"], "version": ["0"]},
        {**typed(cells()), "key": ["../x"]},
        {**typed(cells()), "name": ["a", "b"]},
    ],
)
def test_a_torn_form_is_refused_and_nothing_changes(kun: Client, event: Gathering, torn: dict[str, Any]) -> None:
    assert kun.post(path(event), torn).status_code == 400
    assert not event.rows.exists()


def test_a_cell_longer_than_any_cell_is_refused(kun: Client, event: Gathering) -> None:
    assert kun.post(path(event), typed(cells("x" * 40_000))).status_code == 413


def test_ten_more_empty_rows_without_script(kun: Client, event: Gathering) -> None:
    response = kun.post(path(event), {**typed(cells()), "more": ""})
    page = kun.get(response.headers["Location"].partition("#")[0]).content.decode()
    assert page.count('<tr class="voice"') == 1 + 20 + 1  # kept, empty, and the sample for the script


@pytest.mark.parametrize("odd", ["=1+1", "\x00nol", "<b>tebal</b>", "\ud800", '"; DROP', "a\tb"])
def test_odd_text_is_text(kun: Client, event: Gathering, odd: str) -> None:
    words = odd.encode("utf-8", "ignore").decode() + " lampu jalan mati sejak kemarin malam"
    assert kun.post(path(event), typed(cells(words, name=odd.encode("utf-8", "ignore").decode()))).status_code == 302
    assert kun.get(path(event)).status_code == 200
    assert "<b>tebal</b>" not in kun.get(path(event)).content.decode()


# What a row means ---------------------------------------------------------------------------------------------------


def repeated() -> str:
    names = [village.name for village in reference().villages()]
    return next(name for name in names if names.count(name) > 1)


def test_a_village_whose_name_repeats_is_asked_for(regency: object) -> None:
    name = repeated()
    row = checked(cells(village=name))
    assert row.filing is None
    assert len(row.choices) > 1
    assert "lebih dari satu" in row.problems["village"]
    for choice in row.choices:
        chosen = checked(cells(village=choice))
        assert chosen.filing is not None
        assert reference().regions[chosen.filing.region_id or 0].place == choice


def test_a_row_says_what_it_means(regency: object) -> None:
    filing = checked(
        cells(f"  {LAMP} ", name=" Pak  Darmo", phone="0812-3456-7890", village="jono, kec. temayang", kind="usul")
    ).filing
    assert filing is not None
    assert (filing.body, filing.name, filing.phone, filing.kind) == (LAMP, "Pak Darmo", "+6281234567890", "aspiration")
    assert reference().regions[filing.region_id or 0].place == "Jono, Kec. Temayang"


@pytest.mark.parametrize(
    ("wrong", "column", "sentence"),
    [
        ({"village": "Atlantis"}, "village", "tidak ada di daftar desa"),
        ({"category": "Sihir"}, "category", "Kategori itu tidak ada"),
        ({"kind": "gosip"}, "kind", "Jenis itu tidak ada"),
        ({"kind": "Laporan pengawasan"}, "kind", "jangan ditulis di sini"),
        ({"phone": "12"}, "phone", "tidak kami kenali"),
        ({"words": "", "name": "Darmo"}, "words", "Belum ada yang disampaikan"),
        ({"words": "x" * 25_000}, "words", "paling banyak"),
        ({"name": "x" * 200}, "name", "paling banyak"),
    ],
)
def test_what_is_wrong_is_said_where_it_is(regency: object, wrong: dict[str, str], column: str, sentence: str) -> None:
    row = checked(cells(**wrong) if "words" in wrong else cells(LAMP, **wrong))
    assert list(row.problems) == [column]
    assert sentence in row.problems[column]


# Filing -------------------------------------------------------------------------------------------------------------


def test_every_good_row_becomes_a_report_with_its_own_code(people: People, kun: Client, event: Gathering) -> None:
    kun.post(path(event), typed(cells(name="Pak Darmo"), cells("pendek"), cells(ROAD, phone="081234567890")))
    page = kun.get(path(event, "ajukan/")).content.decode()
    assert "Ajukan 2 laporan" in page
    assert "1 baris belum bisa diajukan" in page
    response = kun.post(path(event, "ajukan/"), press_file(kun, event), follow=True)
    assert "2 laporan diajukan." in response.content.decode()
    reports = list(Report.objects.order_by("pk"))
    assert [(report.medium, report.body) for report in reports] == [("visit", LAMP), ("visit", ROAD)]
    assert len({report.tracking_code for report in reports}) == 2
    assert reports[0].events.get(verb="receive").user_id == people.kun.pk
    assert [draft.cells["words"] for draft in drafts_of(event)] == ["pendek"], "the other row waits to be corrected"
    assert not event.rows.exclude(filed_at=None).exclude(cells="").exists(), "said once: in the report"
    assert all(report.tracking_code in response.content.decode() for report in reports)


def test_letters_come_by_letter(people: People, kun: Client, event: Gathering) -> None:
    Gathering.objects.filter(pk=event.pk).update(kind="surat")
    kun.post(path(event), typed(cells()))
    kun.post(path(event, "ajukan/"), press_file(kun, event))
    assert Report.objects.get().medium == "letter"


def test_pressed_twice_it_is_filed_once(kun: Client, event: Gathering) -> None:
    kun.post(path(event), typed(cells(), cells(ROAD)))
    seen = press_file(kun, event)
    for _again in range(2):
        kun.post(path(event, "ajukan/"), seen)
    assert Report.objects.count() == 2


def test_what_changed_after_one_looked_is_not_filed(kun: Client, event: Gathering) -> None:
    kun.post(path(event), typed(cells(), cells(ROAD)))
    seen = press_file(kun, event)
    kun.post(path(event), typed(cells(f"{LAMP} Tiang nomor dua."), versions=[1]))
    kun.post(path(event, "ajukan/"), seen)
    assert Report.objects.get().body == ROAD
    assert len(drafts_of(event)) == 1


def test_an_event_half_filed_goes_on(kun: Client, event: Gathering, monkeypatch: pytest.MonkeyPatch) -> None:
    kun.post(path(event), typed(cells(), cells(ROAD), cells("Air ledeng keruh sejak hari Minggu.")))
    seen = press_file(kun, event)
    real = actions.file_report
    done: list[Any] = []

    def cut(filing: Any) -> Report:
        if len(done) == 2:
            raise RuntimeError("power cut")
        done.append(filing)
        return real(filing)

    monkeypatch.setattr("kanal.reports.actions.gatherings.file_report", cut)
    with pytest.raises(RuntimeError):
        kun.post(path(event, "ajukan/"), seen)
    assert Report.objects.count() == 2
    monkeypatch.undo()
    kun.post(path(event, "ajukan/"), seen)
    assert sorted(Report.objects.values_list("inbound__external_id", flat=True)) == sorted(
        f"acara-{event.pk}-{row.pk}" for row in event.rows.all()
    )


def test_a_filed_row_sent_again_by_an_old_screen_stays_filed(kun: Client, event: Gathering) -> None:
    kun.post(path(event), typed(cells()))
    kun.post(path(event, "ajukan/"), press_file(kun, event))
    answer = kun.post(path(event), typed(cells("Lain lagi, sudah tidak sama."), versions=[1]), headers=JSON).json()
    assert answer["filed"] == ["baris-00000000"]
    assert not drafts_of(event)


def test_a_report_destroyed_at_the_end_of_its_term_leaves_its_row(kun: Client, event: Gathering) -> None:
    kun.post(path(event), typed(cells()))
    kun.post(path(event, "ajukan/"), press_file(kun, event))
    Report.objects.get().delete()
    assert "sudah dimusnahkan" in kun.get(path(event)).content.decode()


# Slips --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def filed(kun: Client, event: Gathering) -> Report:
    kun.post(path(event), typed(cells(name="Pak Darmo", phone="081234567890")))
    kun.post(path(event, "ajukan/"), press_file(kun, event))
    return Report.objects.get()


@override_settings(BASE_URL="https://kanal.contoh.go.id")
def test_a_slip_carries_code_and_private_link_but_neither_name_nor_matter(
    kun: Client, event: Gathering, filed: Report
) -> None:
    response = kun.get(path(event, "slip/"))
    page = response.content.decode()
    assert filed.tracking_code in page
    assert f"Kode QR tautan pribadi {filed.tracking_code}" in page
    assert "Darmo" not in page
    assert "Lampu" not in page
    assert "no-store" in response.headers["Cache-Control"]
    assert "noindex" in response.headers["X-Robots-Tag"]


def test_the_link_is_for_who_filed_it_within_half_an_hour(
    people: People, client: Client, event: Gathering, filed: Report
) -> None:
    other = actions.hold_gathering(
        occasion=actions.Occasion(kind="tatap", title="Loket", held_on=reference().today()), by=people.doing(people.oki)
    )
    client.force_login(people.oki)
    client.post(path(other), typed(cells()))
    client.post(path(other, "ajukan/"), press_file(client, other))
    assert "Kode QR tautan pribadi" in client.get(path(other, "slip/")).content.decode()
    client.force_login(people.kun)
    assert "Kode QR tautan pribadi" not in client.get(path(other, "slip/")).content.decode()
    late = timezone.now() - HAND_OVER - timedelta(seconds=1)
    Report.objects.filter(pk=filed.pk).update(received_at=late)
    GatheringRow.objects.filter(report=filed).update(filed_at=late)
    assert filed.tracking_code not in client.get(path(event, "slip/")).content.decode()
    page = client.get(path(event, "slip/?semua=1")).content.decode()
    assert filed.tracking_code in page
    assert "Kode QR halaman lacak" in page
    assert private_link_token(filed) not in page


def test_of_whistle_blowing_the_code_alone_remains(kun: Client, event: Gathering, filed: Report) -> None:
    Report.objects.filter(pk=filed.pk).update(kind=Kind.WHISTLEBLOWING, secret=True)
    page = kun.get(path(event)).content.decode()
    assert filed.tracking_code in page
    assert "depan balai desa" not in page
    assert "Kode QR tautan pribadi" not in kun.get(path(event, "slip/")).content.decode()


# What a page costs --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [5, 150])
def test_a_page_costs_the_same_at_any_size(people: People, kun: Client, event: Gathering, number: int) -> None:
    by = people.doing(people.kun)
    actions.save_rows(gathering=event, rows=[Typed(f"lama-{at:08}", cells()) for at in range(5)], by=by)
    kun.post(path(event, "ajukan/"), press_file(kun, event))
    fresh = [Typed(f"banyak-{at:08}", cells(village=repeated())) for at in range(number)]
    actions.save_rows(gathering=event, rows=fresh, by=by)
    pages: list[tuple[Callable[[], Any], int]] = [
        (lambda: kun.get(EVENTS), 4),
        (lambda: kun.get(path(event)), 7),
        (lambda: kun.get(path(event, "ajukan/")), 5),
        (lambda: kun.get(path(event, "slip/")), 5),
        (lambda: kun.post(path(event), typed(*[cells(ROAD)] * 40), headers=JSON), 16),
    ]
    for page, most in pages:
        with CaptureQueriesContext(connection) as counting:
            assert page().status_code == 200
        assert len(counting) <= most, "\n".join(query["sql"][:90] for query in counting)


def test_the_words_for_the_script_are_data(kun: Client, event: Gathering) -> None:
    page = kun.get(path(event)).content.decode()
    found = re.search(r'data-heads="([^"]*)"', page)
    assert found
    assert json.loads(found[1].replace("&#34;", '"').replace("&quot;", '"'))["nama"] == "name"


# Two at once --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_pressed_by_two_at_the_same_moment_each_row_is_one_report(people: People, event: Gathering) -> None:
    by = people.doing(people.kun)
    rows = [Typed(f"baris-{at:08}", cells(f"{LAMP} Gang {at}.")) for at in range(8)]
    ready: list[actions.Ready] = []
    gate = threading.Barrier(2)

    def save_and_file() -> int:
        try:
            gate.wait(10)
            actions.save_rows(gathering=event, rows=rows, by=by)
            gate.wait(10)
            for draft in drafts_of(event):
                filing = checked(draft.cells).filing
                assert filing
                ready.append(actions.Ready(draft.id, draft.version, filing))
            gate.wait(10)
            return len(file_rows(gathering=event, ready=list(ready), by=by))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        filed = sum(future.result() for future in [pool.submit(save_and_file) for _who in range(2)])
    assert filed == Report.objects.count() == event.rows.count() == 8
