"""/kinerja/ as people see it: filters in the address, nothing below ten, every figure with its way to the reports."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from playwright.sync_api import Page

from kanal.agencies.queries import reference
from kanal.reports import actions
from kanal.reports.models import Report
from kanal.reports.workflow import Kind
from tests.support.browser import DESKTOP, PHONE
from tests.support.people import People

MANY = 12


@pytest.fixture
def busy(people: People) -> list[Report]:
    """Twelve reports to the roads agency, one secret, begun at once; two to transport; one whistle-blowing."""
    village = next(region for region in reference().villages() if region.place == "Jono, Kec. Temayang")
    found = []
    now = timezone.now()
    for number in range(MANY + 2):
        filing = actions.Filing(
            body=f"Lubang ke-{number} di jalan desa.",
            submission=f"ramai-{number}",
            region_id=village.id,
            secret=number == 0,
        )
        agency = people.roads if number < MANY else people.transport
        report = actions.file_report(filing, at=now)
        actions.assign(report=report, agency=agency, by=people.doing(people.kun), at=now)
        if number < MANY:
            actions.start(report=report, by=people.doing(people.oki), at=now)
        found.append(report)
    actions.file_report(
        actions.Filing(body="Pungutan liar.", submission="wbs", kind=Kind.WHISTLEBLOWING, region_id=village.id), at=now
    )
    return found


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_says_when_and_from_how_many_reports_it_was_counted(client: Client, busy: list[Report]) -> None:
    assert f"dari {len(busy)} laporan." in text(client, "/kinerja/")


def test_figures_lead_to_their_reports(client: Client, busy: list[Report]) -> None:
    page = text(client, "/kinerja/?rentang=30-hari&saluran=web")
    today = reference().today()
    since = (today - timedelta(days=29)).isoformat()
    period = f"/aduan/?sejak={since}&amp;sampai={today.isoformat()}"
    assert f"{period}&amp;warna=kuning&amp;saluran=web" in page
    assert f"{period}&amp;dinas=pu-bina-marga&amp;saluran=web" in page


def test_a_figure_that_the_public_list_cannot_show_has_no_link(client: Client, busy: list[Report]) -> None:
    assert "/aduan/?sejak" not in text(client, "/kinerja/?jenis=complaint")


def test_an_agency_with_few_reports_has_no_percentage(client: Client, busy: list[Report]) -> None:
    page = text(client, "/kinerja/?bagian=dinas")
    roads, transport = page.index("Bina Marga dan Penataan Ruang</a>"), page.index("Dinas Perhubungan</a>")
    assert roads < transport
    assert "100%" in page[roads:transport]
    assert "Belum cukup data: persentase tampil mulai 10 laporan" in page[transport:]
    assert "%</td>" not in page[transport:]


def test_nine_reports_in_the_regency_have_no_percentage_either(client: Client, people: People) -> None:
    for number in range(9):
        actions.file_report(actions.Filing(body="Lampu mati di jalan.", submission=f"sedikit-{number}"))
    page = text(client, "/kinerja/")
    assert "dari 9 laporan" in page
    assert "Belum cukup data" in page
    assert "0,0%" not in page


def test_no_page_shows_a_title_or_code(client: Client, busy: list[Report]) -> None:
    for part in ("kabupaten", "dinas", "kecamatan", "hitung"):
        page = text(client, f"/kinerja/?bagian={part}")
        assert "Lubang ke-" not in page
        assert busy[0].tracking_code not in page


def test_places_are_listed_by_kecamatan(client: Client, busy: list[Report]) -> None:
    assert "Temayang</a>" in text(client, "/kinerja/?bagian=kecamatan")


def test_the_formulas_and_the_rules_behind_them_are_told(client: Client, people: People) -> None:
    page = text(client, "/kinerja/?bagian=hitung")
    assert "hijau ÷ (hijau + kuning + merah)" in page
    assert "Alur kerja SP4N-LAPOR!: verifikasi dan penerusan laporan paling lambat 3 hari kerja" in page


@pytest.mark.parametrize(
    "address",
    [
        "/kinerja/?rentang=kemarin",
        "/kinerja/?rentang=0000",
        "/kinerja/?rentang=%25&saluran=%F0%9F%98%80",
        "/kinerja/?jenis=whistleblowing",
        "/kinerja/?saluran=<script>alert(1)</script>",
        "/kinerja/?rentang=99999999999999999999",
    ],
)
def test_a_choice_that_does_not_exist_is_named_and_passed_over(
    client: Client, busy: list[Report], address: str
) -> None:
    page = text(client, address)
    assert "Pilihan itu tidak ada. Yang tampil adalah pilihan biasa." in page
    assert f"dari {len(busy)} laporan" in page
    assert "<script>alert" not in page


@pytest.mark.usefixtures("regency")
@pytest.mark.parametrize("address", ["?bagian=apa", "?bagian=dinas", "?bagian=kecamatan", "?bagian=hitung", "?x=1", ""])
def test_a_regency_without_reports_has_a_page_with_a_next_step(client: Client, address: str) -> None:
    page = text(client, f"/kinerja/{address}")
    assert "Cara menghitung" in page


def test_filters_stay_in_every_tab_and_in_the_download(client: Client, busy: list[Report]) -> None:
    page = text(client, "/kinerja/?saluran=web&rentang=3-bulan")
    assert "?rentang=3-bulan&amp;saluran=web&amp;bagian=dinas" in page
    assert "/kinerja/data.csv?rentang=3-bulan&amp;saluran=web" in page


def test_the_download_is_the_table_behind_the_page(client: Client, busy: list[Report]) -> None:
    answer: Any = client.get("/kinerja/data.csv")
    assert answer["Content-Type"].startswith("text/csv")
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = {(row["bagian"], row["kode"]): row for row in csv.DictReader(io.StringIO(body))}
    assert rows["kabupaten", "35.22"]["laporan"] == str(len(busy))
    assert rows["dinas", "pu-bina-marga"]["proses"] == str(MANY)
    assert rows["dinas", "pu-bina-marga"]["bagian ditindaklanjuti dalam 5 hari kerja"] == "1.0"
    assert rows["dinas", "dishub"]["bagian ditindaklanjuti dalam 5 hari kerja"] == ""
    assert rows["kecamatan", "35.22.21"]["laporan"] == str(len(busy))


def test_only_reading_is_possible(client: Client, people: People) -> None:
    for address in ("/kinerja/", "/kinerja/data.csv", "/kinerja/cetak/"):
        assert client.post(address).status_code == 405


@pytest.mark.parametrize("part", ["kabupaten", "dinas", "kecamatan"])
def test_a_page_needs_seven_queries_and_the_next_visitor_none(client: Client, busy: list[Report], part: str) -> None:
    reference()
    with CaptureQueriesContext(connection) as first:
        client.get(f"/kinerja/?bagian={part}")
    with CaptureQueriesContext(connection) as second:
        client.get(f"/kinerja/?bagian={part}")
    # The oldest report's year for the choices, then the six counts of queries.performance.
    assert len(first) == 7
    assert len(second) == 0


@pytest.mark.parametrize("part", ["", "?bagian=dinas", "?bagian=kecamatan", "?bagian=hitung"])
@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_it_is_for_everybody(
    new_page: Callable[..., Page], busy: list[Report], axe: Callable[[Page], None], screen: dict[str, Any], part: str
) -> None:
    page = new_page(screen)
    page.goto(f"/kinerja/{part}")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
