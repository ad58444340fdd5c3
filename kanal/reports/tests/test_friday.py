"""The leaders' Friday sheet: one A4 page, the right week, nothing that is not public."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from playwright.sync_api import Page

from kanal.agencies.models import Agency
from kanal.agencies.queries import reference
from kanal.reports import actions
from kanal.reports.figures import friday_for
from kanal.reports.models import Category, Report
from kanal.reports.policy import SYSTEM
from kanal.reports.queries import report_reference
from kanal.reports.queries.friday import WEEK, sheet_of
from kanal.reports.queries.week import last_seven_days
from kanal.reports.workflow import Kind
from tests.support.browser import DESKTOP, PHONE
from tests.support.people import People

WIB = ZoneInfo("Asia/Jakarta")
FRIDAY = date(2026, 11, 20)


def wib(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=WIB)


FRIDAY_MORNING = wib(11, 20, 7)


@pytest.fixture
def file(people: People) -> Callable[..., Report]:
    """A report that the coordinator passes on to the roads agency at once."""
    village = next(region for region in reference().villages() if region.place == "Jono, Kec. Temayang")
    category = Category.objects.get(code="jalan-berlubang")

    def make(name: str, at: datetime, *, assign: bool = True, **more: Any) -> Report:
        filing = actions.Filing(
            body=f"Jalan berlubang {name}",
            submission=name,
            region_id=village.id,
            category_id=category.pk,
            **more,
        )
        report = actions.file_report(filing, at=at)
        if assign:
            actions.assign(report=report, agency=people.roads, by=people.doing(people.kun), at=at)
        return report

    return make


# The week -----------------------------------------------------------------------------------------------------------


def test_a_week_runs_from_friday_to_thursday(file: Callable[..., Report]) -> None:
    file("kamis lalu", wib(11, 12, 23))
    file("jumat lalu", wib(11, 13, 0))
    file("kamis", wib(11, 19, 23))
    file("jumat", wib(11, 20, 0))
    sheet = sheet_of(FRIDAY, at=FRIDAY_MORNING)
    assert sheet.now.states.counted == 2
    assert sheet.before.states.counted == 1


def test_a_follow_up_is_decided_in_one_week_only(people: People, file: Callable[..., Report]) -> None:
    kept = file("tepat", wib(11, 10))
    late = file("terlambat", wib(11, 4))
    file("diam", wib(11, 4))
    actions.start(report=kept, by=people.doing(people.oki), at=wib(11, 16))
    actions.start(report=late, by=people.doing(people.oki), at=wib(11, 17))
    sheet = sheet_of(FRIDAY, at=FRIDAY_MORNING)
    assert (sheet.before.in_time.part, sheet.before.in_time.whole) == (0, 2)
    assert (sheet.now.in_time.part, sheet.now.in_time.whole) == (1, 1)
    assert sheet.now.in_time.share is None


def test_a_past_sheet_still_shows_what_was_overdue_then(people: People, file: Callable[..., Report]) -> None:
    report = file("lama", wib(11, 2))
    before = sheet_of(FRIDAY, at=FRIDAY_MORNING)
    actions.start(report=report, by=people.doing(people.oki), at=wib(11, 23))
    after = sheet_of(FRIDAY, at=wib(11, 25))
    assert before.now.overdue == after.now.overdue == 1
    assert sheet_of(FRIDAY + WEEK, at=wib(11, 25)).now.overdue == 1  # its settling is late by now
    assert [week.overdue for week in after.weeks] == [0, 0, 0, 0, 0, 0, 1, 1]


def test_front_page_performance_and_the_coming_sheet_count_the_same_overdue_reports(
    client: Client, people: People, file: Callable[..., Report]
) -> None:
    last_seven_days.clear()
    today = timezone.now()
    for number, days in enumerate((500, 40, 40, 1)):
        file(f"banyak-{number}", today - timedelta(days=days))
    asked_late = file("ditanya", today - timedelta(days=60), email="sari@contoh.id")
    actions.ask_info(report=asked_late, by=people.doing(people.oki), question="Di mana?")
    file("dijawab", today - timedelta(days=70))
    gone = file("arsip", today - timedelta(days=70))
    actions.archive(report=gone, by=SYSTEM, reason="no_reply")
    for range_ in ("", "?rentang=30-hari", "?rentang=semua"):
        found = client.get(f"/kinerja/{range_}").content.decode()
        assert "dari 6 yang masih terbuka, kapan pun diterima" in found
        assert "<b>5</b>" in found
    day = reference().today()
    sheet = sheet_of(day + timedelta(days=(4 - day.weekday()) % 7))
    assert (sheet.now.overdue, sheet.open, last_seven_days().overdue) == (5, 6, 5)


def test_this_weeks_sheet_does_not_run_ahead_of_today(file: Callable[..., Report]) -> None:
    file("baru", wib(11, 23))
    sheet = sheet_of(FRIDAY + WEEK, at=wib(11, 25))
    assert sheet.now.states.counted == 1
    assert sheet.now.overdue == 0


# What leaders decide ------------------------------------------------------------------------------------------------


def test_overdue_reports_of_one_matter_and_place_stand_together(people: People, file: Callable[..., Report]) -> None:
    for number in range(3):
        file(f"bersama-{number}", wib(11, 2 + number))
    sheet = sheet_of(FRIDAY, at=FRIDAY_MORNING)
    group = sheet.groups[0]
    assert (group.reports, group.agency_id, group.days) == (3, people.roads.pk, 9)
    assert report_reference().categories[group.category_id].code == "jalan-berlubang"
    assert reference().regions[group.district_id].name == "Temayang"
    assert [report.days for report in sheet.late] == [9, 8, 7]
    assert (sheet.piles[0].open, sheet.piles[0].overdue) == (3, 3)
    assert sheet.open == 3


def test_topics_are_compared_with_the_week_before(file: Callable[..., Report]) -> None:
    file("dulu", wib(11, 10))
    file("kini-1", wib(11, 17))
    file("kini-2", wib(11, 18))
    topic = sheet_of(FRIDAY, at=FRIDAY_MORNING).topics[0]
    assert (topic.now, topic.before) == (2, 1)


# What is not public -------------------------------------------------------------------------------------------------


def test_secret_and_unverified_titles_are_counted_but_not_written(client: Client, file: Callable[..., Report]) -> None:
    old = timezone.now() - timedelta(days=40)
    shown = file("yang boleh dibaca", old)
    file("yang rahasia", old, secret=True)
    file("yang belum diperiksa", old, assign=False)
    page = client.get("/kinerja/cetak/").content.decode()
    assert shown.tracking_code in page
    assert "yang boleh dibaca" in page
    assert "yang rahasia" not in page
    assert "yang belum diperiksa" not in page
    assert "2 laporan lain yang lewat tenggat belum terbuka untuk umum." in page


def test_whistle_blowing_is_in_no_count(people: People, file: Callable[..., Report]) -> None:
    actions.file_report(
        actions.Filing(body="Pungutan liar di kantor.", submission="wbs", kind=Kind.WHISTLEBLOWING), at=wib(8, 3)
    )
    sheet = sheet_of(FRIDAY, at=FRIDAY_MORNING)
    assert (sheet.now.overdue, sheet.open, sheet.late_hidden) == (0, 0, 0)


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("who", ["", "laras", "oki"])
def test_leaders_and_everybody_else_see_the_same_page(client: Client, people: People, who: str) -> None:
    if who:
        client.force_login(getattr(people, who))
    assert client.get("/kinerja/cetak/").status_code == 200


# Addresses ----------------------------------------------------------------------------------------------------------


def test_a_sheet_has_an_address_of_its_own(client: Client, file: Callable[..., Report]) -> None:
    meeting = friday_for(reference().today()) - WEEK
    file("sebelumnya", timezone.now() - timedelta(days=30))
    page = client.get("/kinerja/cetak/", {"jumat": meeting.isoformat()}).content.decode()
    assert f'href="?jumat={meeting - WEEK}"' in page
    assert f'href="?jumat={meeting + WEEK}"' in page


@pytest.mark.usefixtures("regency")
@pytest.mark.parametrize(
    "asked", ["kemarin", "2026-13-45", "9999-12-31", "0001-01-05", "2026-11-18", "<i>", "20261120T"]
)
def test_a_date_without_a_sheet_is_named_and_passed_over(client: Client, asked: str) -> None:
    answer = client.get("/kinerja/cetak/", {"jumat": asked})
    assert answer.status_code == 200
    assert "Tidak ada lembar untuk tanggal itu." in answer.content.decode()


@pytest.mark.parametrize("reports", [2, 12])
def test_a_sheet_needs_nine_queries_however_many_reports(file: Callable[..., Report], reports: int) -> None:
    for number in range(reports):
        file(f"banyak-{number}", wib(11, 2))
    reference()
    with CaptureQueriesContext(connection) as queries:
        sheet_of(FRIDAY, at=FRIDAY_MORNING)
    # Duties, what is overdue now, late public ones, open by agency, incoming, topics, answers, wishes to reopen, stars.
    assert len(queries) == 9


# The paper ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def busy_regency(people: People) -> None:
    """More than fits of everything, with the longest words the regency has."""
    districts = sorted(reference().districts(), key=lambda district: -len(district.name))
    categories = sorted(Category.objects.filter(parent__isnull=False), key=lambda category: -len(category.name))
    agencies = sorted(Agency.objects.filter(active=True), key=lambda agency: -len(agency.short_name))
    kun = people.doing(people.kun)
    for number in range(48):
        at = timezone.now() - timedelta(days=2 + number if number % 3 else 40 + number)
        filing = actions.Filing(
            body=f"Warga mengeluhkan kerusakan berat bernomor {number} yang membahayakan pengguna jalan setiap malam",
            submission=f"sibuk-{number}",
            region_id=districts[number % 4].id,
            category_id=categories[number % 4].pk,
        )
        report = actions.file_report(filing, at=at)
        actions.assign(report=report, agency=agencies[number % 5], by=kun, at=at)
        if number % 3 == 0:
            actions.escalate(report=report, by=kun, at=at + timedelta(days=20))
    actions.file_report(actions.Filing(body="Rahasia sekali.", submission="r", secret=True), at=at - timedelta(days=60))


@pytest.mark.usefixtures("busy_regency")
def test_it_fits_on_exactly_one_page_of_a4(desktop: Page, tmp_path: Path) -> None:
    desktop.goto("/kinerja/cetak/")
    assert desktop.locator("tbody tr").count() >= 8
    paper = desktop.pdf(path=tmp_path / "jumat.pdf", prefer_css_page_size=True)
    assert paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") + paper.count(b"/Type /Page/") == 1
    # A4 in points, whichever way Chromium writes them.
    assert b"/MediaBox [0 0 594.95996 841.91998]" in paper or b"/MediaBox [0 0 595 842]" in paper


@pytest.mark.usefixtures("busy_regency")
@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_it_is_for_everybody(
    new_page: Callable[..., Page], axe: Callable[[Page], None], screen: dict[str, Any]
) -> None:
    page = new_page(screen)
    page.goto("/kinerja/cetak/")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.usefixtures("regency")
def test_a_regency_without_reports_has_a_sheet_too(client: Client) -> None:
    page = client.get("/kinerja/cetak/").content.decode()
    assert "Tidak ada laporan untuk umum yang lewat tenggat." in page
    assert "Belum ada laporan pekan ini." in page


def test_it_prints_on_one_page_with_room_for_the_pen(desktop: Page, live_url: str, regency: object) -> None:
    desktop.goto("/kinerja/cetak/")
    printed = desktop.pdf(prefer_css_page_size=True)
    assert re.findall(rb"/Type /Pages\s+/Count (\d+)", printed) == [b"1"]
    desktop.emulate_media(media="print")
    room = desktop.locator(".write").bounding_box()
    assert room
    assert room["height"] > 100
