"""What /kinerja/ counts in the database: honest, by working days of the regency, and without whistle-blowing."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from kanal.agencies.models import Agency
from kanal.agencies.queries import reference
from kanal.reports import actions
from kanal.reports.figures import day_number
from kanal.reports.forms.performance import usual_scopes
from kanal.reports.models import Report
from kanal.reports.policy import SYSTEM
from kanal.reports.queries.local_day import LocalDay
from kanal.reports.queries.performance import Figures, Scope, count_ahead, figures_of, first_year
from kanal.reports.workflow import Kind
from tests.support.people import People

WIB = ZoneInfo("Asia/Jakarta")
YEAR = Scope(date(2026, 1, 1), date(2026, 12, 31))


def wib(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=WIB)


def file(name: str, at: datetime, **more: Any) -> Report:
    return actions.file_report(
        actions.Filing(body=f"Jalan berlubang di depan pasar, {name}.", submission=name, **more),
        at=at,
    )


def figures(at: datetime, scope: Scope = YEAR) -> Figures:
    return figures_of(scope, at=at)


def row_of(found: Figures, agency: Agency) -> tuple[int, int]:
    row = next(row for row in found.agencies if row.id == agency.pk)
    return row.states.counted, row.overdue


@pytest.fixture
def assigned(people: People) -> Callable[..., Report]:
    """A report of Monday 2 November, passed on to the roads agency on Wednesday."""

    def make(name: str, **more: object) -> Report:
        report = file(name, wib(11, 2), **more)
        return actions.assign(report=report, agency=people.roads, by=people.doing(people.kun), at=wib(11, 4))

    return make


@pytest.mark.usefixtures("regency")
def test_sunday_night_in_greenwich_is_monday_in_bojonegoro() -> None:
    file("ahad", datetime(2026, 11, 22, 23, 30, tzinfo=UTC))
    found = figures(wib(11, 25))
    assert set(found.days) == {day_number(date(2026, 11, 23))}
    assert figures(wib(11, 25), Scope(date(2026, 11, 23), date(2026, 11, 23))).states.red == 1
    assert figures(wib(11, 25), Scope(date(2026, 11, 22), date(2026, 11, 22))).states.red == 0


@pytest.mark.usefixtures("regency")
@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Jayapura", "UTC", "Europe/Amsterdam"])
@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 22, 16, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 11, 22, 17, tzinfo=UTC),
        datetime(2026, 7, 31, 22, 30, tzinfo=UTC),
        datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC),
    ],
)
def test_the_database_agrees_with_the_calendar_on_what_day_it_was(zone: str, moment: datetime) -> None:
    file("hari", moment)
    day = Report.objects.annotate(day=LocalDay("received_at", ZoneInfo(zone))).values_list("day", flat=True).get()
    assert day == day_number(moment.astimezone(ZoneInfo(zone)).date())


def test_paces_are_working_days_of_the_duties_done(people: People, assigned: Callable[..., Report]) -> None:
    for number in range(12):
        actions.start(report=assigned(f"lapor-{number}"), by=people.doing(people.oki), at=wib(11, 9))
    found = figures(wib(11, 25))
    assert found.verify.done == {2: 12}
    assert found.follow_up.done == {3: 12}
    assert found.verify.mean == 2
    assert next(row for row in found.agencies if row.id == people.roads.pk).pace.within(3).share == 1


def test_waiting_for_the_reporter_is_nobodys_slowness(people: People, assigned: Callable[..., Report]) -> None:
    report = assigned("tanya", email="sari@contoh.id")
    oki = people.doing(people.oki)
    actions.ask_info(report=report, by=oki, question="Di depan rumah siapa?", at=wib(11, 5))
    actions.reply(report=report, text="Di depan balai desa.", at=wib(11, 12))
    actions.start(report=report, by=oki, at=wib(11, 13))
    assert figures(wib(11, 25)).follow_up.done == {2: 1}


def test_an_open_report_counts_against_the_agency_once_its_day_has_passed(assigned: Callable[..., Report]) -> None:
    assigned("diam")
    in_time, late = figures(wib(11, 11)), figures(wib(11, 12))
    assert in_time.follow_up.within(5).whole == 0
    assert late.follow_up.within(5).whole == 1
    assert (in_time.overdue, late.overdue) == (0, 1)


def test_a_report_overdue_in_two_ways_is_one_overdue_report(people: People, assigned: Callable[..., Report]) -> None:
    assigned("lama")
    found = figures(wib(12, 1))
    assert found.overdue == 1
    assert row_of(found, people.roads) == (1, 1)


def test_asking_late_does_not_heal_lateness(people: People, assigned: Callable[..., Report]) -> None:
    report = assigned("terlambat", email="sari@contoh.id")
    actions.ask_info(report=report, by=people.doing(people.oki), question="Di mana?", at=wib(11, 20))
    assert figures(wib(11, 25)).overdue == 1


def test_secret_reports_count_and_whistle_blowing_never_does(people: People) -> None:
    file("rahasia", wib(11, 2), secret=True)
    file("pengawasan", wib(11, 2), kind=Kind.WHISTLEBLOWING)
    found = figures(wib(12, 20))
    assert found.states.counted == 1
    assert found.kinds == {Kind.COMPLAINT: 1}
    assert found.overdue == 1
    assert people.ida.pk  # whoever asks, the figures are the same
    assert figures(wib(12, 20), Scope(date(2026, 1, 1), date(2026, 12, 31), kind="whistleblowing")).states.counted == 0


def test_archived_reports_are_named_but_in_no_share(assigned: Callable[..., Report]) -> None:
    actions.archive(report=assigned("arsip"), by=SYSTEM, reason="no_reply", at=wib(11, 6))
    found = figures(wib(12, 20))
    assert (found.states.counted, found.states.gone, found.overdue) == (0, 1, 0)


def test_kinds_and_channels_narrow_the_figures(assigned: Callable[..., Report]) -> None:
    assigned("web")
    file("surat", wib(11, 2), medium="letter", kind=Kind.INFORMATION)
    day = (date(2026, 1, 1), date(2026, 12, 31))
    assert figures(wib(11, 25), Scope(*day, medium="letter")).kinds == {Kind.INFORMATION: 1}
    assert figures(wib(11, 25), Scope(*day, kind="complaint")).states.counted == 1
    assert figures(wib(11, 25), Scope(*day, kind="complaint")).verify.count == 1


def test_villages_count_for_their_kecamatan(assigned: Callable[..., Report]) -> None:
    village = next(region for region in reference().villages() if region.place == "Jono, Kec. Temayang")
    assigned("jono", region_id=village.id)
    assigned("entah")
    rows = {row.id: row.states.counted for row in figures(wib(11, 25)).districts}
    assert rows == {village.district_id: 1, None: 1}


def test_all_time_begins_with_the_first_report(assigned: Callable[..., Report]) -> None:
    assigned("satu")
    found = figures(wib(11, 25), Scope(None, date(2026, 11, 25)))
    assert found.since == date(2026, 11, 2)


@pytest.mark.usefixtures("regency")
def test_an_empty_regency_has_figures_too() -> None:
    found = figures(wib(11, 25), Scope(None, date(2026, 11, 25)))
    assert found.states.counted == 0
    assert found.verify.mean is None


@pytest.mark.parametrize("reports", [3, 15])
def test_the_number_of_queries_does_not_grow(assigned: Callable[..., Report], reports: int) -> None:
    for number in range(reports):
        assigned(f"banyak-{number}")
    reference()
    with CaptureQueriesContext(connection) as queries:
        figures(wib(11, 25))
    # By day, by agency, by region, overdue, open, and the duties of both kinds.
    assert len(queries) == 6


def test_the_worker_counts_ahead_for_every_process(
    people: People, settings: Settings, tmp_path: Path, client: Client
) -> None:
    files = "django.core.cache.backends.filebased.FileBasedCache"
    settings.CACHES = {**settings.CACHES, "shared": {"BACKEND": files, "LOCATION": tmp_path}}
    assert count_ahead(usual_scopes()) == 2
    cache.clear()  # as in another process
    first_year()
    for address in ("/kinerja/", "/kinerja/?rentang=semua"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        assert not [query for query in queries if "reports_report" in query["sql"]]


def test_a_disk_that_takes_nothing_refuses_nobody_the_figures(
    people: People, settings: Settings, tmp_path: Path, client: Client
) -> None:
    settings.CACHES = {
        **settings.CACHES,
        "shared": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path / "no"},
    }
    (tmp_path / "no").touch()  # where the folder would be made
    cache.clear()
    assert client.get("/kinerja/").status_code == 200


def test_figures_are_kept_for_five_minutes_and_say_so(assigned: Callable[..., Report]) -> None:
    first = figures_of(YEAR)
    assigned("sesudah")
    assert figures_of(YEAR) == first
    assert figures_of(YEAR).counted_at == first.counted_at
