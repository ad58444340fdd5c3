"""The queue: who sees which reports, in which order, through which views and filters, and in which files."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from kanal.agencies.models import User
from kanal.agencies.queries import reference
from kanal.reports import actions
from kanal.reports.models import Category, Report
from kanal.reports.queries.search import matching
from kanal.reports.views import desk_export
from kanal.reports.workflow import Kind
from tests.support.people import People

QUEUE = "/meja/"


def file(text: str = "Lampu jalan mati sejak tiga hari di depan balai desa.", **more: Any) -> Report:
    number = Report.objects.count()
    return actions.file_report(actions.Filing(body=text, submission=f"antre-{number}", **more))


@pytest.fixture
def at_desk(client: Client) -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client.force_login(user)
        return client

    return sign_in


AtDesk = Callable[[User], Client]


def codes(client: Client, query: str = "") -> list[str]:
    """The tracking codes on a page of the queue, from the top."""
    response = client.get(QUEUE + query)
    assert response.status_code == 200, response.content[:400]
    html = response.content.decode()
    return [part.split("/")[0] for part in html.split('<th scope="row"><a href="/meja/l/')[1:]]


# Who sees what ------------------------------------------------------------------------------------------------------


def test_the_queue_is_for_signed_in_staff(client: Client, regency: object) -> None:
    assert client.get(QUEUE).status_code == 302


def test_an_account_without_a_role_is_told_so(client: Client, regency: object) -> None:
    client.force_login(User.objects.create_user("baru@contoh.go.id", name="Baru"))
    assert client.get(QUEUE).status_code == 403


def test_each_role_has_its_own_queue(people: People, at_desk: AtDesk) -> None:
    new, secret, whistle = file(), file(secret=True), file(kind=Kind.WHISTLEBLOWING)
    roads, transport = file(), file()
    actions.assign(report=roads, agency=people.roads, by=people.doing(people.kun))
    actions.assign(report=transport, agency=people.transport, by=people.doing(people.kun))
    everything = {report.tracking_code for report in (new, secret, roads, transport)}

    assert set(codes(at_desk(people.kun))) == everything
    assert set(codes(at_desk(people.oki))) == {roads.tracking_code}
    assert set(codes(at_desk(people.heni))) == {roads.tracking_code}
    assert set(codes(at_desk(people.dewi))) == {transport.tracking_code}
    assert set(codes(at_desk(people.laras))) == everything - {secret.tracking_code}
    assert codes(at_desk(people.ida)) == [whistle.tracking_code]


def test_whistle_blowing_is_found_by_nobody_else_whatever_is_asked(people: People, at_desk: AtDesk) -> None:
    whistle = file("Bendahara memotong honor guru setiap bulan tanpa alasan.", kind=Kind.WHISTLEBLOWING)
    for query in ("?jenis=whistleblowing", "?status=semua", "?q=honor", f"?q={whistle.tracking_code}"):
        for user in (people.kun, people.oki, people.laras):
            assert codes(at_desk(user), query) == [], (user.name, query)


def test_a_leader_reads_without_ticking_or_recording(people: People, at_desk: AtDesk) -> None:
    file()
    page = at_desk(people.laras).get(QUEUE).content.decode()
    assert 'name="pilih"' not in page
    assert "Catat laporan" not in page


def test_an_administrator_is_shown_the_way_to_the_admin_pages(people: People, at_desk: AtDesk) -> None:
    report = file()
    page = at_desk(people.agus).get(QUEUE).content.decode()
    assert "tidak punya antrean" in page
    assert report.tracking_code not in page
    assert at_desk(people.agus).get("/meja/ekspor.csv").status_code == 403


def test_a_secret_report_wears_a_lock(people: People, at_desk: AtDesk) -> None:
    file(secret=True)
    assert 'aria-label="Rahasia"' in at_desk(people.kun).get(QUEUE).content.decode()


def test_personal_numbers_are_masked_in_the_list(people: People, at_desk: AtDesk) -> None:
    file("Hubungi saya di 081234567890 soal lampu jalan yang mati.")
    assert "081234567890" not in at_desk(people.kun).get(QUEUE).content.decode()


# Order --------------------------------------------------------------------------------------------------------------


def test_rapid_reaction_first_then_the_nearest_deadline(people: People, at_desk: AtDesk) -> None:
    today = reference().today()
    later, late, rapid, paused = file(), file(), file(), file()
    Report.objects.filter(pk=later.pk).update(due_on=today + timedelta(days=9))
    Report.objects.filter(pk=late.pk).update(due_on=today - timedelta(days=9))
    actions.flag_rapid(report=rapid, by=people.doing(people.kun), reason="kabel putus")
    actions.assign(report=paused, agency=people.roads, by=people.doing(people.kun))
    actions.ask_info(report=paused, by=people.doing(people.oki), question="Di mana letaknya?")

    expected = [report.tracking_code for report in (rapid, late, later, paused)]
    assert codes(at_desk(people.kun)) == expected


def test_the_order_can_be_chosen(people: People, at_desk: AtDesk) -> None:
    now = timezone.now()
    old, new = (
        actions.file_report(actions.Filing(body="Lampu jalan mati di dusun kami.", submission=f"u{days}"), at=at)
        for days, at in ((9, now - timedelta(days=9)), (1, now - timedelta(days=1)))
    )
    assert codes(at_desk(people.kun), "?urut=terbaru") == [new.tracking_code, old.tracking_code]
    assert codes(at_desk(people.kun), "?urut=terlama") == [old.tracking_code, new.tracking_code]


def test_pages_go_on_where_the_last_one_ended(people: People, at_desk: AtDesk) -> None:
    everything = [file().tracking_code for _ in range(53)]
    client = at_desk(people.kun)
    first = client.get(QUEUE).content.decode()
    href = (
        first.split('rel="next"')[0]
        .rsplit('<a class="btn btn--small" href="', 1)[1]
        .split('"')[0]
        .replace("&amp;", "&")
    )
    assert codes(client) == everything[:50]
    assert codes(client, href) == everything[50:]


# Built-in views -----------------------------------------------------------------------------------------------------


@pytest.fixture
def mixed(people: People) -> dict[str, Report]:
    """One report for each built-in view."""
    kun, oki = people.doing(people.kun), people.doing(people.oki)
    names = "baru reaksi-cepat lewat hari-ini dikembalikan buka-lagi saya tanpa-petugas persetujuan menunggu-pelapor"
    made = {name: file() for name in names.split()}
    for name in set(made) - {"baru", "reaksi-cepat"}:
        actions.assign(report=made[name], agency=people.roads, by=kun)
    actions.flag_rapid(report=made["reaksi-cepat"], by=kun, reason="banjir")
    actions.return_(report=made["dikembalikan"], by=oki, reason="other_agency")
    actions.ask_info(report=made["menunggu-pelapor"], by=oki, question="Sejak kapan?")
    for name in set(made) - {"baru", "reaksi-cepat", "dikembalikan", "tanpa-petugas", "menunggu-pelapor"}:
        actions.take(report=made[name], by=oki)
    actions.draft_answer(report=made["persetujuan"], by=oki, text="Lampu sudah kami ganti kemarin sore.")
    actions.submit_answer(report=made["persetujuan"], by=oki)
    today = reference().today()
    Report.objects.filter(pk=made["lewat"].pk).update(due_on=today - timedelta(days=3))
    Report.objects.filter(pk=made["hari-ini"].pk).update(due_on=today)
    answered = Report.objects.filter(pk=made["buka-lagi"].pk)
    answered.update(status="answered", answered_at=timezone.now(), reopen_asked_at=timezone.now())
    return made


def test_views_of_the_coordinator(people: People, mixed: dict[str, Report], at_desk: AtDesk) -> None:
    client = at_desk(people.kun)
    for name in ("reaksi-cepat", "lewat", "hari-ini", "dikembalikan", "buka-lagi", "menunggu-pelapor"):
        assert codes(client, f"?tampilan={name}") == [mixed[name].tracking_code], name
    received = {mixed[name].tracking_code for name in ("baru", "reaksi-cepat", "dikembalikan")}
    assert set(codes(client, "?tampilan=baru")) == received


def test_views_of_the_agency(people: People, mixed: dict[str, Report], at_desk: AtDesk) -> None:
    without = {mixed[name].tracking_code for name in ("tanpa-petugas", "menunggu-pelapor")}
    mine = {mixed[name].tracking_code for name in ("saya", "lewat", "hari-ini", "persetujuan")}
    assert set(codes(at_desk(people.oki), "?tampilan=tanpa-petugas")) == without
    assert set(codes(at_desk(people.oki), "?tampilan=saya")) == mine
    assert codes(at_desk(people.heni), "?tampilan=persetujuan") == [mixed["persetujuan"].tracking_code]


def test_the_rail_counts_what_each_view_shows(people: People, mixed: dict[str, Report], at_desk: AtDesk) -> None:
    for user in (people.kun, people.oki, people.heni, people.laras):
        client = at_desk(user)
        rail = client.get(QUEUE).content.decode().split('<nav class="rail"')[1].split("</nav>")[0]
        for item in rail.split('<a href="?tampilan=')[1:]:
            slug, number = item.split('"')[0], item.split('num">')[1].split("<")[0]
            assert len(codes(client, f"?tampilan={slug}")) == int(number), (user.name, slug)


def test_a_view_of_another_role_is_not_understood(people: People, mixed: dict[str, Report], at_desk: AtDesk) -> None:
    assert set(codes(at_desk(people.oki), "?tampilan=dikembalikan")) == set(codes(at_desk(people.oki)))


def test_one_sees_at_once_what_one_has_changed(people: People, at_desk: AtDesk) -> None:
    report = file()
    client = at_desk(people.kun)
    client.get(QUEUE)
    chosen = f"{report.tracking_code}.{report.version}"
    client.post("/meja/massal/", {"verb": "assign", "pilih": chosen, "agency": "pu-bina-marga", "langkah": "lakukan"})
    page = client.get(QUEUE).content.decode()
    assert "1 diteruskan." in page
    assert page.split('<a href="?tampilan=baru"')[1].split('num">')[1].startswith("0<")


# Filters ------------------------------------------------------------------------------------------------------------


def test_filters_narrow_and_chips_take_them_away(people: People, at_desk: AtDesk) -> None:
    jono = next(r for r in reference().villages() if r.place == "Jono, Kec. Temayang")
    category = Category.objects.exclude(parent=None)[0]
    wanted = file(region_id=jono.id, category_id=category.pk, medium="letter", kind=Kind.ASPIRATION)
    file()
    district = reference().regions[jono.district_id or 0]
    parent = category.parent
    assert parent is not None
    today = reference().today().isoformat()
    for query in (
        f"kecamatan={district.code}",
        f"kategori={category.code}",
        f"kategori={parent.code}",
        "saluran=letter",
        "jenis=aspiration",
        f"saluran=letter&sejak={today}&sampai={today}",
    ):
        assert codes(at_desk(people.kun), f"?{query}") == [wanted.tracking_code], query
    page = at_desk(people.kun).get(f"{QUEUE}?saluran=letter&jenis=aspiration").content.decode()
    assert 'href="?saluran=letter"' in page
    assert 'href="?jenis=aspiration"' in page


def test_a_search_also_finds_finished_reports(people: People, at_desk: AtDesk) -> None:
    done = file("Portal perumahan menghalangi ambulans lewat.")
    actions.archive(report=done, by=people.doing(people.kun), reason="spam")
    assert codes(at_desk(people.kun)) == []
    assert codes(at_desk(people.kun), "?q=portal") == [done.tracking_code]
    assert codes(at_desk(people.kun), "?q=portal&tampilan=terbuka") == []
    assert codes(at_desk(people.kun), "?status=archived") == [done.tracking_code]


@pytest.mark.parametrize("typed", ["{}", " {} ", "#{}"])
def test_a_typed_code_opens_its_case(people: People, at_desk: AtDesk, typed: str) -> None:
    report = file()
    response = at_desk(people.kun).get(QUEUE, {"q": typed.format(report.tracking_code.lower())})
    assert response.status_code == 302
    assert response.headers["Location"] == f"/meja/l/{report.tracking_code}/"


def test_a_code_of_another_agency_is_simply_not_found(people: People, at_desk: AtDesk) -> None:
    report = file()
    assert codes(at_desk(people.oki), f"?q={report.tracking_code}") == []


@pytest.mark.parametrize(
    "query",
    [
        "tampilan=x&status=y&dinas=z&kecamatan=1&kategori=2&saluran=3&jenis=4&sejak=5&sampai=6&urut=7&hal=8",
        "sejak=0001-01-01&sampai=9999-12-31",
        "sejak=2026-13-40",
        "kecamatan=35.22.01.2001",
        "q=%F0%9F%98%80",
        "q=%22%20OR%201%3D1--",
        "q=" + "x" * 5000,
        "q=%E2%80%AE%EA%A6%A2",
        "hal=" + "A" * 700,
        "baru=-1",
        "baru=99999999999999999999",
        "baru=%D9%A1",
        "tampilan=lewat&tampilan=baru",
    ],
)
def test_garbage_in_the_address_is_passed_over(people: People, at_desk: AtDesk, query: str) -> None:
    file()
    assert at_desk(people.kun).get(f"{QUEUE}?{query}").status_code == 200


def test_script_in_a_title_or_a_search_stays_text(people: People, at_desk: AtDesk) -> None:
    file("<script>alert(1)</script> lampu jalan mati di depan sekolah", region_id=None, place_text="<b>sini</b>")
    page = at_desk(people.kun).get(QUEUE, {"q": "<script>alert(2)</script> lampu"}).content.decode()
    assert "<script>alert" not in page
    assert "<b>sini" not in at_desk(people.kun).get(QUEUE).content.decode()


def test_an_empty_view_says_what_that_means(people: People, at_desk: AtDesk) -> None:
    assert (
        "Tidak ada yang jatuh tempo hari ini." in at_desk(people.kun).get(f"{QUEUE}?tampilan=hari-ini").content.decode()
    )
    assert "Hapus semua saringan" in at_desk(people.kun).get(f"{QUEUE}?saluran=letter").content.decode()


def test_htmx_gets_the_list_alone(people: People, at_desk: AtDesk) -> None:
    file()
    client = at_desk(people.kun)
    part = client.get(QUEUE, headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    assert b'id="daftar"' in part.content
    assert "HX-Request" in part.headers["Vary"]
    again = client.get(QUEUE, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert b"<html" in again.content


def test_an_open_page_hears_of_new_reports(people: People, at_desk: AtDesk) -> None:
    before = int((timezone.now() - timedelta(minutes=1)).timestamp())
    report = file()
    assert "1 laporan baru masuk, tampilkan" in at_desk(people.kun).get(f"{QUEUE}?baru={before}").content.decode()
    assert at_desk(people.oki).get(f"{QUEUE}?baru={before}").content.strip() == b""
    actions.assign(report=report, agency=people.roads, by=people.doing(people.kun))
    assert "1 laporan baru masuk" in at_desk(people.oki).get(f"{QUEUE}?baru={before}").content.decode()
    later = int((datetime.now(UTC) + timedelta(minutes=1)).timestamp())
    assert at_desk(people.kun).get(f"{QUEUE}?baru={later}").content.strip() == b""


# Files --------------------------------------------------------------------------------------------------------------


def streamed(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def exported(client: Client, query: str = "") -> list[list[str]]:
    response = client.get(f"/meja/ekspor.csv{query}")
    assert response.status_code == 200
    text = streamed(response).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_the_file_holds_what_the_list_shows_masked_and_without_identities(people: People, at_desk: AtDesk) -> None:
    file("Hubungi Budi di 081234567890, lampu jalan mati.", name="Budi Santoso", phone="+6281234567890", secret=True)
    file("Lampu lain yang juga mati di dusun sebelah.")
    header, *rows = exported(at_desk(people.kun))
    assert header[0] == "Kode"
    assert [row[0] for row in rows] == codes(at_desk(people.kun))
    everything = "\n".join(cell for row in rows for cell in row)
    assert "081234567890" not in everything
    assert "Santoso" not in everything
    assert len(exported(at_desk(people.laras))) == 2
    assert exported(at_desk(people.oki)) == [header]


def test_the_file_follows_the_filters(people: People, at_desk: AtDesk) -> None:
    letter = file(medium="letter")
    file()
    assert [row[0] for row in exported(at_desk(people.kun), "?saluran=letter")[1:]] == [letter.tracking_code]


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1+1 lampu", "-2 lampu", "@SUM(A1)", "\t=1+1", "Lampu;=1+1"])
def test_no_cell_becomes_a_formula(people: People, at_desk: AtDesk, text: str) -> None:
    file(f"{text} jalan mati di depan sekolah sejak Senin", place_text=text)
    for row in exported(at_desk(people.kun))[1:]:
        assert not [cell for cell in row if cell.lstrip().startswith(("=", "+", "-", "@"))]
        assert not [cell for cell in row if ";=" in cell]


def test_a_workbook_opens_with_the_same_rows(people: People, at_desk: AtDesk) -> None:
    report = file("=1+1 lampu jalan mati di depan sekolah")
    response = at_desk(people.kun).get("/meja/ekspor.xlsx")
    body = streamed(response)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()
    assert rows[1][0] == report.tracking_code
    assert str(rows[1][3]).startswith("'=")


@pytest.fixture
def short_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_export.lines, "__kwdefaults__", {"most": 2})


def test_a_file_that_is_cut_says_so(people: People, at_desk: AtDesk, short_files: None) -> None:
    for _ in range(4):
        file()
    rows = exported(at_desk(people.kun))
    assert len(rows) == 4
    assert rows[-1][0].startswith("Hanya 2 laporan pertama.")


def test_other_kinds_of_files_do_not_exist(people: People, at_desk: AtDesk) -> None:
    assert at_desk(people.kun).get("/meja/ekspor.pdf").status_code == 404


def test_search_and_queue_agree(people: People) -> None:
    report = file("Trotoar depan pasar amblas dan berbahaya.")
    assert list(matching(Report.objects.all(), "trotoar amblas")) == [report]
