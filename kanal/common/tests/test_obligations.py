from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.apps.registry import Apps
from hypothesis import given
from hypothesis import strategies as st

from kanal.common.calendar import WAITING, Pause, WorkingCalendar
from kanal.common.obligations import (
    Allowance,
    Obligation,
    Unit,
    allowance_on,
    days_left,
    due_date,
    explain,
    obligation_constraints,
    pause_days,
)

WIB = ZoneInfo("Asia/Jakarta")
CALENDAR = WorkingCalendar()
FOLLOW_UP = Allowance("follow_up", 5, Unit.WORKING_DAYS, "SP4N-LAPOR!, tindak lanjut", date(2015, 1, 1))
UU_25 = Allowance("decide", 60, Unit.CALENDAR_DAYS, "UU 25/2009 pasal 50", date(2009, 7, 18))
MONDAY = datetime(2026, 11, 9, 3, 0, tzinfo=UTC)  # 10.00 WIB; five working days later it is Monday 16


class Clock(Obligation):
    class Meta(Obligation.Meta):
        app_label = "common"
        managed = False
        apps = Apps()  # a registry of its own: the project knows no such table
        constraints = (*obligation_constraints("clock"),)


def november(day: int) -> date:
    return date(2026, 11, day)


def clock(opened_at: datetime = MONDAY, allowance: int = 5, unit: Unit = Unit.WORKING_DAYS) -> Clock:
    made = Clock(kind="follow_up", rule=FOLLOW_UP.rule, opened_at=opened_at, allowance=allowance, unit=unit)
    made.recompute(CALENDAR, WIB)
    return made


# allowances


def test_the_allowance_in_force_on_the_day_is_used() -> None:
    old = Allowance("verify", 5, Unit.WORKING_DAYS, "aturan lama", date(2015, 1, 1), date(2025, 12, 31))
    new = Allowance("verify", 3, Unit.WORKING_DAYS, "aturan baru", date(2026, 1, 1))
    assert allowance_on([new, FOLLOW_UP, old], "verify", date(2025, 12, 31)) is old
    assert allowance_on([new, FOLLOW_UP, old], "verify", date(2026, 1, 1)) is new


def test_of_overlapping_rules_the_latest_wins() -> None:
    old = Allowance("verify", 5, Unit.WORKING_DAYS, "aturan lama", date(2015, 1, 1))
    new = Allowance("verify", 3, Unit.WORKING_DAYS, "aturan baru", date(2026, 1, 1))
    assert allowance_on([new, old], "verify", date(2026, 6, 1)) is new
    assert allowance_on([new, old], "verify", date(2025, 6, 1)) is old


@pytest.mark.parametrize(("kind", "on"), [("settle", date(2026, 1, 1)), ("follow_up", date(2014, 12, 31))])
def test_a_deadline_is_never_guessed(kind: str, on: date) -> None:
    with pytest.raises(LookupError, match=f"“{kind}”"):
        allowance_on([FOLLOW_UP], kind, on)


def test_a_negative_allowance_is_refused() -> None:
    with pytest.raises(ValueError, match="negatif"):
        Allowance("verify", -1, Unit.WORKING_DAYS, "", date(2026, 1, 1))


# pure counting


def test_due_date_counts_in_the_unit_of_the_rule() -> None:
    assert due_date(CALENDAR, date(2025, 3, 26), FOLLOW_UP) == date(2025, 4, 11)
    assert due_date(CALENDAR, date(2025, 3, 26), FOLLOW_UP, paused_days=1) == date(2025, 4, 14)
    assert due_date(CALENDAR, date(2025, 3, 26), UU_25) == date(2025, 5, 25)


def test_a_pause_eats_only_days_that_would_have_counted() -> None:
    assert pause_days(CALENDAR, Unit.WORKING_DAYS, november(20), november(23)) == 1
    assert pause_days(CALENDAR, Unit.CALENDAR_DAYS, november(20), november(23)) == 3
    assert pause_days(CALENDAR, Unit.WORKING_DAYS, november(20), november(20)) == 0
    with pytest.raises(ValueError, match="sebelum dihentikan"):
        pause_days(CALENDAR, Unit.WORKING_DAYS, november(20), november(19))


@pytest.mark.parametrize(
    ("today", "left"),
    [(19, 2), (20, 1), (21, 1), (22, 1), (23, 0), (24, -1), (25, -2), (28, -4)],
)
def test_days_left_until_monday_the_23rd(today: int, left: int) -> None:
    assert days_left(CALENDAR, november(today), november(23), Unit.WORKING_DAYS) == left


def test_the_weekend_after_a_missed_friday_is_already_too_late() -> None:
    assert days_left(CALENDAR, november(21), november(20), Unit.WORKING_DAYS) == -1
    assert days_left(CALENDAR, november(22), november(20), Unit.CALENDAR_DAYS) == -2


@given(st.integers(0, 400), st.integers(0, 400), st.sampled_from(Unit))
def test_days_left_are_negative_exactly_when_overdue(today: int, due: int, unit: Unit) -> None:
    start = date(2026, 1, 1)
    left = days_left(CALENDAR, start + timedelta(days=today), start + timedelta(days=due), unit)
    assert (left < 0) is (today > due)


def test_the_explanation_cites_its_rule_and_adds_up() -> None:
    shown = explain(CALENDAR, november(9), FOLLOW_UP, [Pause(november(10), november(12))])
    assert (shown.due_on, shown.paused_days, shown.rule, shown.amount) == (november(18), 2, FOLLOW_UP.rule, 5)
    assert shown.days[-1].date == shown.due_on
    assert [note.date.day for note in shown.days if note.reason == WAITING] == [11, 12]


def test_calendar_days_are_explained_without_weekends() -> None:
    shown = explain(CALENDAR, november(9), UU_25)
    assert len(shown.days) == 60
    assert all(note.counted for note in shown.days)


# the clock


def test_the_clock_opens_on_the_day_of_the_regency() -> None:
    sunday_in_utc = datetime(2026, 11, 8, 23, 0, tzinfo=UTC)
    assert clock(sunday_in_utc).due_on == november(16)
    assert clock(datetime(2026, 11, 8, 16, 59, tzinfo=UTC)).due_on == november(13)


def test_a_new_clock_runs_until_it_is_met() -> None:
    it = clock()
    assert (it.is_running, it.is_met) == (True, False)
    assert it.days_left(CALENDAR, november(16)) == 0
    assert it.days_left(CALENDAR, november(17)) == -1
    it.meet(MONDAY + timedelta(days=1))
    assert (it.is_running, it.is_met) == (False, True)
    assert not it.was_late(WIB)


def test_meeting_twice_keeps_the_first_moment() -> None:
    it = clock()
    it.meet(MONDAY + timedelta(days=8))
    it.meet(MONDAY + timedelta(days=9))
    assert it.met_at == MONDAY + timedelta(days=8)
    assert it.was_late(WIB)


def test_a_holiday_entered_later_moves_the_deadline() -> None:
    it = clock()
    it.recompute(WorkingCalendar({november(12): ("Pilkades serentak", False)}), WIB)
    assert it.due_on == november(17)


def test_a_pause_stops_the_clock_and_the_days_are_added() -> None:
    it = clock()
    it.pause(november(10))
    assert it.is_paused
    assert not it.is_running
    assert it.days_left(CALENDAR, november(30)) == 4
    it.resume(CALENDAR, november(12))
    assert (it.is_paused, it.paused_days, it.due_on) == (False, 2, november(18))
    assert it.ended_pauses() == [Pause(november(10), november(12))]


def test_pausing_and_resuming_twice_change_nothing() -> None:
    it = clock()
    it.pause(november(10))
    it.pause(november(11))
    assert it.paused_on == november(10)
    it.resume(CALENDAR, november(12))
    it.resume(CALENDAR, november(20))
    assert it.due_on == november(18)


def test_a_pause_within_one_day_leaves_no_trace() -> None:
    it = clock()
    it.pause(november(10))
    it.resume(CALENDAR, november(10))
    assert (it.due_on, it.paused_days, it.pauses) == (november(16), 0, [])


def test_a_holiday_entered_later_inside_a_pause_is_not_added_twice() -> None:
    it = clock()
    it.pause(november(10))
    it.resume(CALENDAR, november(12))
    it.recompute(WorkingCalendar({november(11): ("Pilkades serentak", False)}), WIB)
    assert (it.due_on, it.paused_days) == (november(18), 1)


def test_a_clock_stopped_on_its_last_day_is_not_late_when_the_answer_comes_at_a_weekend() -> None:
    it = clock()
    it.pause(november(16))
    it.resume(CALENDAR, november(21))
    assert it.due_on == november(23)
    it.pause(november(22))
    it.resume(CALENDAR, november(22))
    assert it.due_on == november(23)


def test_stopping_an_overdue_clock_freezes_the_lateness_and_does_not_heal_it() -> None:
    it = clock()
    it.pause(november(18))
    assert it.days_left(CALENDAR, november(30)) == -2
    it.resume(CALENDAR, november(25))
    assert (it.due_on, it.paused_days) == (november(16), 0)
    assert it.days_left(CALENDAR, november(26)) == -3


def test_the_explanation_of_a_stopped_clock_goes_on_from_today() -> None:
    it = clock()
    it.pause(november(10))
    shown = it.explanation(CALENDAR, WIB, november(12))
    assert (shown.paused_since, shown.due_on, shown.paused_days) == (november(10), november(18), 2)
    assert it.due_on == november(16)


def test_the_explanation_of_a_running_clock_shows_its_own_deadline() -> None:
    it = clock()
    it.pause(november(10))
    it.resume(CALENDAR, november(12))
    shown = it.explanation(CALENDAR, WIB, november(13))
    assert (shown.paused_since, shown.due_on, shown.paused_days) == (None, it.due_on, it.paused_days)


def test_nonsense_is_refused_and_changes_nothing() -> None:
    it = clock()
    with pytest.raises(ValueError, match="sebelum dimulai"):
        it.pause(november(8))
    with pytest.raises(ValueError, match="sebelum hitungannya dimulai"):
        it.meet(MONDAY - timedelta(seconds=1))
    it.pause(november(11))
    with pytest.raises(ValueError, match="sebelum dihentikan"):
        it.resume(CALENDAR, november(10))
    with pytest.raises(ValueError, match="masih berhenti"):
        it.meet(MONDAY + timedelta(days=3))
    assert (it.paused_on, it.due_on, it.met_at) == (november(11), november(16), None)
    it.resume(CALENDAR, november(12))
    with pytest.raises(ValueError, match="penghentian yang terakhir"):
        it.pause(november(10))
    it.meet(MONDAY + timedelta(days=4))
    with pytest.raises(ValueError, match="sudah terpenuhi"):
        it.pause(november(14))


steps = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=5)


@given(steps, st.integers(0, 20), st.sampled_from(Unit))
def test_resuming_step_by_step_agrees_with_computing_anew(
    waits: list[tuple[int, int]], allowance: int, unit: Unit
) -> None:
    it = clock(allowance=allowance, unit=unit)
    day = november(9)
    for before, during in waits:
        day += timedelta(days=before)
        it.pause(day)
        day += timedelta(days=during)
        earlier = it.due_on
        it.resume(CALENDAR, day)
        assert it.due_on >= earlier
    due_on, paused_days = it.due_on, it.paused_days
    it.recompute(CALENDAR, WIB)
    assert (it.due_on, it.paused_days) == (due_on, paused_days)
    assert it.explanation(CALENDAR, WIB, day).due_on == due_on


def test_the_table_knows_the_invariants_too() -> None:
    names = {constraint.name for constraint in Clock._meta.constraints}
    assert names == {"clock_allowance_not_negative", "clock_not_met_while_paused", "clock_unit_known"}
    assert str(clock()) == "follow_up 2026-11-16"
