"""The formulas of /kinerja/, checked against what Bojonegoro published for LAPOR! on 30 March 2016.

Source: Dinas Kominfo Bojonegoro, berita 149. Its page gives rounded results, so the counts behind them are rebuilt here
to the only ones (or to one set) that round to them.
"""

from datetime import date

import pytest

from kanal.common.calendar import WorkingCalendar
from kanal.reports.figures import (
    MINIMUM,
    AgeGroup,
    Duty,
    Pace,
    Ratio,
    States,
    Unit,
    WorkingDays,
    by_age,
    columns,
    day_number,
    day_of,
    friday_for,
    per_column,
    whole_percents,
)

# 2,153 reports, of which 32 red and 112 yellow are named; the rest is green.
PUBLISHED = States(green=2153 - 32 - 112, yellow=112, red=32)


# The published figures ----------------------------------------------------------------------------------------------


def test_of_2153_reports_93_per_cent_are_done_5_in_process_and_2_not_begun() -> None:
    assert PUBLISHED.counted == 2153
    assert whole_percents([PUBLISHED.green, PUBLISHED.yellow, PUBLISHED.red]) == [93, 5, 2]
    # 32 of 2,153 alone would round to 1 per cent; the published 2 shows that the three were made to sum to 100.
    assert round(100 * PUBLISHED.red / PUBLISHED.counted) == 1


def test_the_rate_of_completion_is_green_among_all_counted() -> None:
    assert PUBLISHED.completion == Ratio(2009, 2153)
    assert PUBLISHED.completion.share == pytest.approx(0.933, abs=0.0005)


def test_of_2169_reports_69_per_cent_are_complaints_12_aspirations_and_18_questions() -> None:
    # The three named kinds make 99 per cent: the rest are kinds that the source does not name.
    assert whole_percents([1497, 260, 390, 22]) == [69, 12, 18, 1]
    assert sum([1497, 260, 390, 22]) == 2169


def test_verification_took_2_82_days_and_83_per_cent_were_verified_within_3() -> None:
    pace = Pace(done={0: 50, 1: 536, 2: 516, 3: 685, 4: 107, 5: 100, 8: 97, 12: 62})
    assert pace.count == 2153
    assert pace.mean == pytest.approx(2.82, abs=0.005)
    within = pace.within(3).share
    assert within is not None
    assert round(100 * within) == 83
    assert round(100 * (1 - within)) == 17


FOLLOWED_UP = {0: 90, 1: 330, 2: 625, 3: 444, 4: 260, 5: 139, 7: 78, 9: 70, 11: 49, 13: 36}


def test_follow_up_took_3_22_days_and_89_per_cent_came_within_5() -> None:
    pace = Pace(done=FOLLOWED_UP)
    assert pace.count == 2153 - 32
    assert pace.mean == pytest.approx(3.22, abs=0.005)
    within = pace.within(5).share
    assert within is not None
    assert round(100 * within) == 89
    assert round(100 * (1 - within)) == 11


def test_the_32_red_ones_belong_into_an_honest_share() -> None:
    """The published share leaves out what nobody had touched; counted honestly it is a point lower."""
    honest = Pace(done=FOLLOWED_UP, waiting={6: 6, 12: 11, 25: 15}).within(5)
    assert honest == Ratio(1888, 2121 + 32)
    assert honest.share is not None
    assert round(100 * honest.share) == 88


def test_of_112_yellow_ones_45_are_up_to_10_days_old_and_67_older() -> None:
    ages = {1: 5, 4: 20, 10: 20, 11: 30, 40: 37}
    assert by_age(ages, limits=(10,)) == [AgeGroup(0, 10, 45), AgeGroup(11, None, 67)]


def test_age_groups_always_sum_to_the_whole_unlike_the_garbled_source() -> None:
    """The source splits its 32 red ones into "11 up to 20 days, 15 over 12 days": overlapping, and 26 in all."""
    ages = {2: 6, 9: 11, 18: 8, 30: 7}
    assert sum(group.reports for group in by_age(ages)) == 32 != 11 + 15


# Honesty ------------------------------------------------------------------------------------------------------------


def test_silence_never_raises_a_share() -> None:
    done = {1: 12, 7: 4}
    shares = [Pace(done, {6: silent}).within(5).share for silent in range(5)]
    assert shares == sorted(shares, key=lambda share: -(share or 0))
    assert shares[0] == 0.75
    assert shares[4] == 0.6


def test_what_still_has_time_is_not_counted_against_anybody() -> None:
    assert Pace({1: 10}, {5: 100}).within(5) == Ratio(10, 10)
    assert Pace({1: 10}, {6: 100}).within(10) == Ratio(10, 10)


@pytest.mark.parametrize(("whole", "shown"), [(0, False), (MINIMUM - 1, False), (MINIMUM, True)])
def test_a_share_is_shown_from_ten_cases_up(whole: int, *, shown: bool) -> None:
    assert (Ratio(whole, whole).share is not None) is shown
    assert (Pace({2: whole}).mean is not None) is shown


def test_merged_and_archived_reports_are_in_no_share() -> None:
    assert States(green=9, yellow=1, gone=90).completion == Ratio(9, 10)


@pytest.mark.parametrize("counts", [[1, 1, 1], [0, 0, 7], [333, 333, 334], [1, 99_999, 1], [5, 5, 5, 5, 5, 5, 5]])
def test_whole_per_cents_sum_to_a_hundred(counts: list[int]) -> None:
    assert sum(whole_percents(counts)) == 100


def test_nothing_has_no_per_cents() -> None:
    assert whole_percents([0, 0]) == [0, 0]


# Working days -------------------------------------------------------------------------------------------------------


@pytest.fixture
def working() -> WorkingDays:
    return WorkingDays(WorkingCalendar())


def days(working: WorkingDays, start: date, end: date, paused: int = 0) -> int:
    return working.between(day_number(start), day_number(end), paused)


def test_the_first_day_is_the_day_after(working: WorkingDays) -> None:
    assert days(working, date(2026, 11, 23), date(2026, 11, 23)) == 0
    assert days(working, date(2026, 11, 20), date(2026, 11, 23)) == 1


def test_lebaran_is_not_counted(working: WorkingDays) -> None:
    """26 March to 11 April 2025 are five working days (facts of the calendar, with cuti bersama)."""
    assert days(working, date(2025, 3, 26), date(2025, 4, 11)) == 5


def test_waiting_for_the_reporter_is_subtracted(working: WorkingDays) -> None:
    assert days(working, date(2026, 11, 2), date(2026, 11, 13), paused=4) == 5
    assert days(working, date(2026, 11, 2), date(2026, 11, 3), paused=4) == 0


def test_a_date_of_another_century_does_not_break_the_page(working: WorkingDays) -> None:
    assert working.between(day_number(date(1970, 1, 1)), 5) >= 0
    assert working.between(0, 9_999_999) > 20_000


def test_day_numbers_go_there_and_back() -> None:
    assert day_number(date(2000, 1, 1)) == 0
    assert day_of(day_number(date(2026, 11, 25))) == date(2026, 11, 25)


# Charts and weeks ---------------------------------------------------------------------------------------------------


def test_a_month_is_cut_into_weeks_beginning_on_monday() -> None:
    unit, cut = columns(date(2026, 10, 28), date(2026, 11, 25))
    assert unit == "week"
    assert cut[0] == Unit(date(2026, 10, 28), date(2026, 11, 2))
    assert cut[-1] == Unit(date(2026, 11, 23), date(2026, 11, 26))


def test_a_year_is_cut_into_months_and_many_years_into_years() -> None:
    assert columns(date(2026, 1, 1), date(2026, 11, 25))[0] == "month"
    assert len(columns(date(2025, 1, 1), date(2025, 12, 31))[1]) == 12
    assert [unit.start.year for unit in columns(date(2019, 5, 5), date(2021, 2, 1))[1][:3]] == [2019, 2019, 2019]
    unit, cut = columns(date(2014, 5, 5), date(2026, 2, 1))
    assert (unit, len(cut)) == ("year", 13)


def test_columns_hold_every_report_once() -> None:
    start, end = date(2026, 1, 1), date(2026, 11, 25)
    each_day = {number: States(green=1) for number in range(day_number(start), day_number(end) + 1)}
    assert sum(state.green for state in per_column(columns(start, end)[1], each_day)) == len(each_day)


def test_no_time_has_no_columns() -> None:
    assert columns(date(2026, 2, 1), date(2026, 1, 1)) == ("month", [])


@pytest.mark.parametrize(
    ("today", "meeting"),
    [
        (date(2026, 11, 18), date(2026, 11, 13)),
        (date(2026, 11, 19), date(2026, 11, 20)),
        (date(2026, 11, 20), date(2026, 11, 20)),
        (date(2026, 11, 21), date(2026, 11, 20)),
        (date(2026, 11, 25), date(2026, 11, 20)),
    ],
)
def test_the_sheet_is_ready_on_thursday_and_stays_until_wednesday(today: date, meeting: date) -> None:
    assert friday_for(today) == meeting


# Duties -------------------------------------------------------------------------------------------------------------

DUE = day_number(date(2026, 11, 12))


def duty(met: int | None = None, voided: int | None = None, paused_on: date | None = None) -> Duty:
    return Duty(1, "follow_up", 7, DUE - 7, met, voided, paused_on, 0, DUE)


def test_a_duty_is_late_from_the_day_after_its_last() -> None:
    assert not duty().is_late(DUE, DUE)
    assert duty().is_late(DUE + 1, DUE + 1)


def test_a_past_friday_is_shown_as_it_was() -> None:
    done_later = duty(met=DUE + 20)
    assert done_later.is_late(DUE + 8, DUE + 8)
    assert not done_later.is_late(DUE + 21, DUE + 21)
    assert not duty(voided=DUE + 3).is_late(DUE + 8, DUE + 8)


def test_a_question_in_time_stops_lateness_and_one_too_late_does_not() -> None:
    assert not duty(paused_on=day_of(DUE)).is_late(DUE + 8, DUE + 8)
    assert duty(paused_on=day_of(DUE + 1)).is_late(DUE + 8, DUE + 8)


def test_each_duty_is_decided_once() -> None:
    assert duty(met=DUE).decided(DUE + 30) == (True, DUE)
    assert duty(met=DUE + 9).decided(DUE + 30) == (False, DUE)
    assert duty().decided(DUE + 1) == (False, DUE)
    assert duty().decided(DUE) is None
    assert duty(voided=DUE).decided(DUE + 30) is None
    assert duty(voided=DUE + 1).decided(DUE + 30) == (False, DUE)
    assert duty(paused_on=day_of(DUE)).decided(DUE + 30) is None
