"""/meja/lembar/: the list, the button, the page and the paper."""

import errno
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
import typst
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kanal.agencies.queries import actor_of
from kanal.brief import actions, paper
from kanal.brief.figures import NOTHING, Decision, Figures, Matter, Promise, Quote, Sudden, Taken, freeze, thaw
from kanal.brief.models import Edition
from kanal.brief.policy import REGENCY, About
from kanal.brief.queries import Survey
from kanal.brief.wording import shown
from kanal.common.refusal import Refused
from tests.support.brief import MakeIssue
from tests.support.people import People

DESK = "/meja/lembar/"
Look = Callable[..., Survey]


@pytest.fixture
def edition(look: Look, make_issue: MakeIssue) -> Edition:
    make_issue(6)
    return actions.make(about=REGENCY, survey=look())


@pytest.fixture
def laras(client: Client, people: People) -> Client:
    client.force_login(people.laras)
    return client


@pytest.mark.parametrize(
    ("name", "status"),
    [("kun", 200), ("laras", 200), ("ida", 200), ("oki", 200), ("heni", 200), ("rina", 403), ("agus", 403)],
)
def test_who_opens_the_list(client: Client, people: People, edition: Edition, name: str, status: int) -> None:
    client.force_login(getattr(people, name))
    assert client.get(DESK).status_code == status
    reads = name in {"kun", "laras", "ida"}
    for path in (f"{DESK}{edition.pk}/", f"{DESK}{edition.pk}/lembar.pdf"):
        assert client.get(path).status_code == (200 if reads else 404 if status == 200 else 403)


def test_a_stranger_is_asked_to_sign_in(client: Client, edition: Edition) -> None:
    for path in (DESK, f"{DESK}{edition.pk}/", f"{DESK}{edition.pk}/lembar.pdf"):
        assert client.get(path).status_code == 302


def test_one_button_makes_this_weeks_brief(laras: Client, make_issue: MakeIssue, people: People) -> None:
    make_issue(6)
    page = laras.get(DESK).content.decode()
    assert "Buat lembar minggu ini" in page
    assert "Belum ada lembar" in page
    answer = laras.post(f"{DESK}buat/", {"about": "kabupaten"}, follow=True)
    assert "Jalan berlubang" in answer.content.decode()
    laras.post(f"{DESK}buat/", {"about": f"dinas:{people.roads.code}"})
    laras.post(f"{DESK}buat/", {"about": "kabupaten"})
    assert sorted(Edition.objects.values_list("scope", "version", "made_by__name")) == [
        ("agency", 1, "Laras Kusuma"),
        ("regency", 1, "Laras Kusuma"),
        ("regency", 2, "Laras Kusuma"),
    ]


def test_a_head_makes_her_own_and_an_officer_none(client: Client, people: People) -> None:
    client.force_login(people.heni)
    assert client.post(f"{DESK}buat/", {"about": f"dinas:{people.roads.code}"}).status_code == 302
    assert client.post(f"{DESK}buat/", {"about": "kabupaten"}).status_code == 403
    client.force_login(people.oki)
    assert "Buat lembar" not in client.get(DESK).content.decode()
    assert people.roads.name in client.get(DESK).content.decode()
    assert client.post(f"{DESK}buat/", {"about": f"dinas:{people.roads.code}"}).status_code == 403
    assert client.get(f"{DESK}buat/").status_code == 405


@pytest.mark.parametrize("about", ["", "dinas:tidak-ada", "kecamatan:", "kabupaten\x00", "x" * 10_000])
def test_what_nobody_knows_makes_nothing(laras: Client, about: str) -> None:
    assert laras.post(f"{DESK}buat/", {"about": about}).status_code in {400, 403}
    assert not Edition.objects.exists()


def asked_of_paper(edition: Edition, what: str, taken: Taken = NOTHING) -> list[str]:
    """What typst finds on the paper, such as its headings, as texts."""
    data = json.dumps(shown(thaw(edition.figures), version=edition.version, taken=taken))
    found = typst.query(paper.TEMPLATE.read_bytes(), what, sys_inputs={"data": data}, ignore_system_fonts=True)
    return [str(one) for one in json.loads(found)]


def test_the_page_says_what_the_paper_says(laras: Client, edition: Edition, people: People) -> None:
    page = laras.get(f"{DESK}{edition.pk}/").content.decode()
    for words in ("Suara warga pekan ini", "Lima isu teratas", "Jalan berlubang", "Menurut bidang", "Cara membaca"):
        assert words in page
    told = " ".join(asked_of_paper(edition, "heading"))
    for words in ("Suara warga pekan ini", "Lima isu teratas", "Jalan berlubang", "Menurut bidang"):
        assert words in told


def test_the_old_version_leads_to_the_new_one(laras: Client, edition: Edition, look: Look) -> None:
    assert "pernah dihitung lagi" not in laras.get(f"{DESK}{edition.pk}/").content.decode()
    newer = actions.make(about=REGENCY, survey=look())
    assert f"{DESK}{newer.pk}/" in laras.get(f"{DESK}{edition.pk}/").content.decode()


def test_no_week_is_called_by_its_code(laras: Client, edition: Edition, look: Look) -> None:
    newer = actions.make(about=REGENCY, survey=look())
    told = msgspec.structs.replace(thaw(edition.figures), compared="2026-W46")
    texts = [
        laras.get(DESK).content.decode(),
        laras.get(f"{DESK}{newer.pk}/").content.decode(),
        laras.post(f"{DESK}buat/", {"about": "kabupaten"}, follow=True).content.decode(),
        str(shown(told)),
    ]
    assert all("pekan " in one.lower() and "-W" not in one for one in texts)
    assert "Panah: dibanding lembar pekan 46 tahun 2026." in texts[3]


@pytest.mark.parametrize("title", ["Lubang ditambal", "Lubang ditambal.", "Lubang ditambal dan marka dicat ulang " * 4])
def test_a_decision_ends_its_title_with_one_stop(edition: Edition, title: str) -> None:
    told = _with(edition, {"decisions": [Decision("promise_late", title, "Dishub", days=5)]})
    (decision,) = shown(told)["decisions"]
    assert decision["title"].endswith((".", "…"))
    assert not decision["title"].endswith(("..", "….", ".…"))


def test_an_inspector_finds_no_way_to_what_is_not_theirs(client: Client, people: People, edition: Edition) -> None:
    client.force_login(people.ida)
    assert "/meja/isu/" not in client.get(f"{DESK}{edition.pk}/").content.decode()


def test_an_edition_of_another_kanal_says_so(laras: Client, edition: Edition) -> None:
    other = Edition.objects.create(
        year=2025, week=1, scope="regency", version=1, figures={"schema": 99}, made_at=edition.made_at
    )
    answer = laras.get(f"{DESK}{other.pk}/")
    assert answer.status_code == 409
    assert "versi Kanal yang lain" in answer.content.decode()


def test_the_newest_of_the_whole_regency_stands_above_the_others_of_its_week(
    laras: Client, client: Client, edition: Edition, look: Look, people: People
) -> None:
    newer = actions.make(about=REGENCY, survey=look())
    actions.make(about=About(agency_id=people.roads.pk), survey=look())
    above = laras.get(DESK).content.decode().split('id="terbaru"')[1].split("</section>")[0]
    assert "Lembar terbaru untuk seluruh kabupaten" in above
    assert f'href="{DESK}{newer.pk}/"' in above
    assert f'href="{DESK}{newer.pk}/lembar.pdf"' in above
    assert 'id="terbaru"' not in laras.get(DESK, {"cakupan": "agency"}).content.decode()
    client.force_login(people.oki)
    assert 'id="terbaru"' not in client.get(DESK).content.decode()


def test_the_list_costs_the_same_however_long_it_is(laras: Client, edition: Edition) -> None:
    def cost() -> int:
        laras.get(DESK)
        with CaptureQueriesContext(connection) as asked:
            laras.get(DESK)
        return len(asked)

    few = cost()
    Edition.objects.bulk_create(
        Edition(year=2020, week=week, scope="regency", version=1, figures={}, made_at=edition.made_at)
        for week in range(1, 25)
    )
    assert cost() == few <= 8
    with CaptureQueriesContext(connection) as asked:
        laras.get(f"{DESK}{edition.pk}/")
    assert len(asked) <= 8


# Paper --------------------------------------------------------------------------------------------------------------


def worst(edition: Edition) -> Edition:
    """An edition in which everything that stands on the first page is as long as it may be."""
    long = "Jalan poros antarkecamatan rusak berat dan lubangnya digenangi air sehingga pengendara sering jatuh malam"
    promise = Promise(1, (long + " ") * 3, "PKP Cipta Karya", date(2026, 11, 3), late=120)
    matter = Matter(
        id=1,
        title=long + " hari dan pagi",
        place=1,
        before=17,
        status="candidate",
        field="Jalan",
        agency="PKP Cipta Karya",
        weeks=[9_999] * 8,
        voices=99_999,
        reports=99_999,
        unanswered=88_888,
        overdue=77_777,
        villages=430,
        sudden=True,
        quotes=[
            Quote("Jalan rusak sekali sejak lama. " * 4 + "Kapan diperbaiki", "Kec. Margomulyo"),
            Quote("Lubang. " * 18),
        ],
        promises=[promise],
    )
    told = {
        "issues": [matter] * 15,
        "decisions": [Decision("promise_late", long * 2, "PKP Cipta Karya", 9_999, 120)] * 3,
        "promises": [promise] * 8,
        "sudden": [Sudden(pk, long, 999, 99, candidate=True, fresh=True) for pk in range(50, 54)],
        "compared": "2026-W46",
        "hidden": 99,
        "told": 500,
    }
    return Edition(
        year=edition.year,
        week=edition.week,
        scope="regency",
        version=2,
        figures=freeze(_with(edition, told)),
        made_at=edition.made_at,
    )


def _with(edition: Edition, told: dict[str, Any]) -> Figures:
    return msgspec.structs.replace(thaw(edition.figures), **told)


def test_the_first_page_stands_alone_however_much_there_is(edition: Edition) -> None:
    for one in (edition, worst(edition)):
        (place,) = asked_of_paper(one, "<fields>", Taken(quotes=15, titles=25))
        assert "'value': 2" in place


@pytest.mark.usefixtures("edition")
def test_every_kind_of_brief_is_set(look: Look, people: People) -> None:
    for about in (About(agency_id=people.roads.pk), About(region_id=look().facts.districts()[0].id)):
        content = paper.pdf(actions.make(about=about, survey=look()))
        assert content.startswith(b"%PDF")


def test_what_citizens_write_is_never_markup(edition: Edition) -> None:
    title = '#panic("x") *tebal* $x$ <label> @ref "kutip" \\ {"a": 1} 😀 ꦲꦏ'
    matter = thaw(edition.figures).issues[0]
    edition.figures = freeze(_with(edition, {"issues": [msgspec.structs.replace(matter, title=title)]}))
    assert '#panic("x") *tebal* $x$ <label> @ref' in " ".join(asked_of_paper(edition, "heading"))


def test_typst_failing_is_told_in_a_sentence(laras: Client, edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_asked: object, **_options: object) -> bytes:
        raise typst.TypstError("out of paper", "")

    monkeypatch.setattr("kanal.common.typesetting.typst.compile", fails)
    answer = laras.get(f"{DESK}{edition.pk}/lembar.pdf")
    assert answer.status_code == 503
    assert "Angkanya tersimpan" in answer.content.decode()
    assert laras.get(f"{DESK}{edition.pk}/").status_code == 200


def test_a_full_disk_leaves_no_half_a_file(edition: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = paper.write(edition, tmp_path / "baru")
    assert written.read_bytes().startswith(b"%PDF")
    before = written.read_bytes()

    def full(_number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("kanal.brief.paper.os.fsync", full)
    with pytest.raises(Refused, match=r"Tidak bisa menulis ke .*No space left"):
        paper.write(edition, tmp_path / "baru")
    assert [one.read_bytes() for one in (tmp_path / "baru").iterdir()] == [before]


def test_actors_of_the_desk_see_it_in_their_menu(laras: Client, people: People) -> None:
    assert 'href="/meja/lembar/"' in laras.get("/meja/isu/").content.decode()
    assert actor_of(people.rina).roles == {"announcer"}
