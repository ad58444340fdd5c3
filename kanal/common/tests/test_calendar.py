from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanal.common.calendar import EVERY_DAY, MAX_DAYS, WAITING, DayNote, WorkingCalendar, local_date

WIB = ZoneInfo("Asia/Jakarta")
CALENDAR = WorkingCalendar()
WITHOUT_LEAVE = WorkingCalendar(count_collective_leave=False)
SIX_DAYS = WorkingCalendar(weekend=frozenset({6}))

days = st.dates(date(2014, 1, 1), date(2030, 12, 31))
counts = st.integers(0, 120)
pauses = st.lists(st.tuples(days, st.integers(0, 40)), max_size=4).map(
    lambda rows: [(day, day + timedelta(days=length)) for day, length in rows]
)


@pytest.mark.parametrize(
    ("start", "count", "with_leave", "without_leave"),
    [
        (date(2025, 3, 26), 5, date(2025, 4, 11), date(2025, 4, 4)),
        (date(2026, 3, 16), 10, date(2026, 4, 7), date(2026, 3, 31)),
    ],
)
def test_known_deadlines_around_idul_fitri(start: date, count: int, with_leave: date, without_leave: date) -> None:
    assert CALENDAR.add_working_days(start, count) == with_leave
    assert WITHOUT_LEAVE.add_working_days(start, count) == without_leave


@pytest.mark.parametrize(("year", "expected"), [(2024, 238), (2025, 237), (2026, 240), (2027, 242)])
def test_working_days_of_a_year(year: int, expected: int) -> None:
    assert CALENDAR.working_days_between(date(year - 1, 12, 31), date(year, 12, 31)) == expected


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 11, 21), "Sabtu"),
        (date(2026, 11, 22), "Minggu"),
        (date(2026, 11, 23), ""),
        (date(2026, 3, 19), "Hari Suci Nyepi"),
        (date(2026, 3, 20), "cuti bersama: Hari Raya Idul Fitri"),
        (date(2026, 3, 21), "Hari Raya Idul Fitri"),  # a Saturday: the feast says more than the weekday
        (date(2021, 5, 13), "Hari Raya Idul Fitri, Kenaikan Yesus Kristus"),
        (date(2028, 2, 28), "Hari kedua dari Hari Raya Idul Fitri (perkiraan)"),
    ],
)
def test_a_day_says_why_it_does_not_count(day: date, reason: str) -> None:
    assert CALENDAR.reason(day) == reason
    assert CALENDAR.is_working_day(day) is (reason == "")


def test_collective_leave_counts_where_the_office_stays_open() -> None:
    assert WITHOUT_LEAVE.is_working_day(date(2026, 3, 20))
    assert WITHOUT_LEAVE.reason(date(2026, 3, 20)) == ""


def test_the_regencys_own_table_wins_in_both_directions() -> None:
    calendar = WorkingCalendar(
        {
            date(2026, 10, 20): ("Hari Jadi Bojonegoro", False),
            date(2026, 10, 21): ("", False),
            date(2026, 10, 24): ("masuk pengganti", True),  # a Saturday
            date(2026, 12, 24): ("", True),  # cuti bersama
            date(2026, 10, 22): ("catatan saja", True),  # counted anyway
        }
    )
    assert calendar.reason(date(2026, 10, 20)) == "Hari Jadi Bojonegoro"
    assert calendar.reason(date(2026, 10, 21)) == "libur daerah"
    assert calendar.is_working_day(date(2026, 10, 24))
    assert calendar.reason(date(2026, 10, 24)) == "masuk pengganti"
    assert calendar.is_working_day(date(2026, 12, 24))
    assert calendar.reason(date(2026, 10, 22)) == ""
    assert calendar.add_working_days(date(2026, 10, 19), 3) == date(2026, 10, 24)


def test_a_unit_with_a_six_day_week_works_on_saturday() -> None:
    assert SIX_DAYS.is_working_day(date(2026, 11, 21))
    assert not SIX_DAYS.is_working_day(date(2026, 11, 22))


def test_a_week_without_a_working_day_is_refused() -> None:
    with pytest.raises(ValueError, match="seluruh minggu"):
        WorkingCalendar(weekend=frozenset(range(7)))
    with pytest.raises(ValueError, match="Akhir pekan"):
        WorkingCalendar(weekend=frozenset({7}))


def test_zero_days_end_where_they_began_even_on_a_sunday() -> None:
    assert CALENDAR.add_working_days(date(2026, 11, 22), 0) == date(2026, 11, 22)


def test_days_are_counted_over_new_year() -> None:
    assert CALENDAR.add_working_days(date(2025, 12, 31), 1) == date(2026, 1, 2)
    assert CALENDAR.working_days_between(date(2025, 12, 31), date(2026, 1, 2)) == 1
    assert CALENDAR.is_working_day(date(2026, 1, 1)) is False


def test_the_next_working_day_is_today_when_today_counts() -> None:
    assert CALENDAR.next_working_day(date(2026, 11, 20)) == date(2026, 11, 20)
    assert CALENDAR.next_working_day(date(2026, 11, 21)) == date(2026, 11, 23)


def test_every_day_is_counted_when_calendar_days_are_meant() -> None:
    assert EVERY_DAY.add_working_days(date(2026, 3, 16), 10) == date(2026, 3, 26)
    assert EVERY_DAY.reason(date(2026, 3, 21)) == ""
    assert EVERY_DAY.estimated(2030) == []


def test_the_working_is_shown_day_by_day() -> None:
    assert CALENDAR.explain(date(2026, 11, 19), 2) == [
        DayNote(date(2026, 11, 20), counted=True, number=1, reason=""),
        DayNote(date(2026, 11, 21), counted=False, number=None, reason="Sabtu"),
        DayNote(date(2026, 11, 22), counted=False, number=None, reason="Minggu"),
        DayNote(date(2026, 11, 23), counted=True, number=2, reason=""),
    ]


def test_a_pause_is_shown_as_waiting_but_a_sunday_stays_a_sunday() -> None:
    notes = CALENDAR.explain(date(2026, 11, 18), 2, [(date(2026, 11, 19), date(2026, 11, 23))])
    assert [(note.date.day, note.number, note.reason) for note in notes] == [
        (19, 1, ""),
        (20, None, WAITING),
        (21, None, "Sabtu"),
        (22, None, "Minggu"),
        (23, None, WAITING),
        (24, 2, ""),
    ]


def test_overlapping_pauses_are_counted_once() -> None:
    twice = [(date(2026, 11, 16), date(2026, 11, 18)), (date(2026, 11, 17), date(2026, 11, 18))]
    assert CALENDAR.add_with_pauses(date(2026, 11, 16), 3, twice) == (date(2026, 11, 23), 2)


def test_a_pause_after_the_deadline_does_not_move_it() -> None:
    late = [(date(2026, 11, 20), date(2026, 11, 25))]
    assert CALENDAR.add_with_pauses(date(2026, 11, 16), 3, late) == (date(2026, 11, 19), 0)


def test_from_2028_the_calendar_says_that_collective_leave_is_unknown() -> None:
    assert CALENDAR.confirmed(2027)
    assert not CALENDAR.confirmed(2028)
    assert date(2028, 1, 26) in CALENDAR.estimated(2028)


def test_a_settled_year_is_certain() -> None:
    assert CALENDAR.confirmed(2026)
    assert CALENDAR.estimated(2026) == []
    assert CALENDAR.confirmed(2001)  # cuti bersama did not exist yet


def test_estimated_feasts_are_named_until_the_regency_enters_them() -> None:
    assert CALENDAR.estimated(2027) == [date(2027, 3, 10), date(2027, 3, 11), date(2027, 5, 17)]
    entered = WorkingCalendar({date(2027, month, day): ("Idul Fitri", False) for month, day in [(3, 10), (3, 11)]})
    assert entered.estimated(2027) == [date(2027, 5, 17)]


def test_a_year_is_confirmed_by_a_row_of_collective_leave_not_by_any_row() -> None:
    local = WorkingCalendar({date(2028, 10, 20): ("Hari Jadi Bojonegoro", False)})
    decreed = WorkingCalendar({date(2028, 12, 26): ("Cuti Bersama Hari Raya Natal", False)})
    assert not local.confirmed(2028)
    assert decreed.confirmed(2028)


def test_collective_leave_is_not_missed_where_it_is_not_observed() -> None:
    assert WITHOUT_LEAVE.confirmed(2028)


def test_monday_morning_in_the_regency_is_still_sunday_in_utc() -> None:
    assert local_date(datetime(2026, 11, 22, 23, 0, tzinfo=UTC), WIB) == date(2026, 11, 23)
    assert local_date(datetime(2026, 11, 22, 16, 59, tzinfo=UTC), WIB) == date(2026, 11, 22)


def test_a_moment_without_a_zone_has_no_date() -> None:
    with pytest.raises(ValueError, match="zona waktu"):
        local_date(datetime(2026, 11, 22, 23, 0), WIB)  # noqa: DTZ001  # the naive moment is the point


def test_a_moment_is_not_taken_for_a_date() -> None:
    with pytest.raises(TypeError, match="local_date"):
        CALENDAR.add_working_days(datetime(2026, 11, 22, 23, 0, tzinfo=UTC), 1)


@pytest.mark.parametrize("day", [date.min, date(1999, 12, 31), date(2101, 1, 1), date.max])
def test_absurd_years_are_refused(day: date) -> None:
    for question in (CALENDAR.is_working_day, CALENDAR.reason, CALENDAR.next_working_day):
        with pytest.raises(ValueError, match="di luar kalender"):
            question(day)
    for count in (0, 1):
        with pytest.raises(ValueError, match="di luar kalender"):
            CALENDAR.add_working_days(day, count)
    with pytest.raises(ValueError, match="di luar kalender"):
        CALENDAR.working_days_between(date(2026, 1, 1), day)
    with pytest.raises(ValueError, match="di luar kalender"):
        CALENDAR.estimated(day.year)


@pytest.mark.parametrize("count", [-1, MAX_DAYS + 1, 100_000, 10**30])
def test_absurd_allowances_are_refused(count: int) -> None:
    with pytest.raises(ValueError, match="Jumlah hari"):
        CALENDAR.add_working_days(date(2026, 1, 1), count)
    with pytest.raises(ValueError, match="Jumlah hari"):
        CALENDAR.explain(date(2026, 1, 1), count)


def test_a_deadline_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="Tahun 2101"):
        CALENDAR.add_working_days(date(2100, 12, 1), 100)


def naive_deadline(calendar: WorkingCalendar, start: date, count: int) -> date:
    day = start
    while count:
        day += timedelta(days=1)
        count -= calendar.is_working_day(day)
    return day


@given(days, counts)
def test_counting_agrees_with_walking_day_by_day(start: date, count: int) -> None:
    assert CALENDAR.add_working_days(start, count) == naive_deadline(CALENDAR, start, count)


@given(days, counts)
def test_adding_then_measuring_gives_the_count_back(start: date, count: int) -> None:
    for calendar in (CALENDAR, SIX_DAYS, EVERY_DAY):
        assert calendar.working_days_between(start, calendar.add_working_days(start, count)) == count


@given(days, days)
def test_measuring_backwards_is_negative(start: date, end: date) -> None:
    assert CALENDAR.working_days_between(start, end) == -CALENDAR.working_days_between(end, start)


@given(days, st.integers(1, 120))
def test_no_deadline_falls_on_a_free_day(start: date, count: int) -> None:
    assert CALENDAR.is_working_day(CALENDAR.add_working_days(start, count))


@given(days, counts)
def test_one_more_day_is_always_later(start: date, count: int) -> None:
    assert CALENDAR.add_working_days(start, count) < CALENDAR.add_working_days(start, count + 1)


@given(days, counts, st.sets(st.integers(0, 60), max_size=10), pauses)
def test_more_holidays_never_bring_a_deadline_forward(
    start: date, count: int, offsets: set[int], stops: list[tuple[date, date]]
) -> None:
    more = WorkingCalendar({start + timedelta(days=offset): ("libur", False) for offset in offsets})
    assert more.add_working_days(start, count) >= CALENDAR.add_working_days(start, count)
    assert more.add_with_pauses(start, count, stops)[0] >= CALENDAR.add_with_pauses(start, count, stops)[0]


@given(days, counts, pauses)
def test_pauses_only_push_a_deadline_later_by_the_days_they_ate(
    start: date, count: int, stops: list[tuple[date, date]]
) -> None:
    due, eaten = CALENDAR.add_with_pauses(start, count, stops)
    assert due == CALENDAR.add_working_days(start, count + eaten)
    assert due >= CALENDAR.add_working_days(start, count)


@given(days, counts, pauses)
def test_the_shown_working_always_adds_up(start: date, count: int, stops: list[tuple[date, date]]) -> None:
    due, eaten = CALENDAR.add_with_pauses(start, count, stops)
    notes = CALENDAR.explain(start, count, stops)
    assert [note.number for note in notes if note.counted] == list(range(1, count + 1))
    assert sum(note.reason == WAITING for note in notes) == eaten
    assert all(note.reason for note in notes if not note.counted)
    assert [note.date for note in notes] == [start + timedelta(days=n + 1) for n in range((due - start).days)]
