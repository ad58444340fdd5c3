"""Clocks: dated duties with their rule, allowance, pauses and shown working.

The functions are pure. `Obligation` is the abstract base of the clocks that the rooms keep; its methods only change the
object in memory, saving is the caller's business.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from kanal.common.calendar import EVERY_DAY, DayNote, Pause, WorkingCalendar, local_date


class Unit(StrEnum):
    """What an allowance is counted in."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"


UNIT_CHOICES: Final = ((Unit.WORKING_DAYS.value, _("hari kerja")), (Unit.CALENDAR_DAYS.value, _("hari kalender")))


@dataclass(frozen=True)
class Allowance:
    """How many days a kind of duty may take, by which rule (regulation and article, shown to people), and since when.

    `valid_to` is the last day of validity; None while the rule is in force.
    """

    kind: str
    amount: int
    unit: Unit
    rule: str
    valid_from: date
    valid_to: date | None = None

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError(f"Jangka waktu tidak boleh negatif: {self.amount}.")


@dataclass(frozen=True)
class Explanation:
    """The shown working of one deadline.

    `paused_since` is set while the clock stands still; `due_on` is then the deadline if the count went on today.
    """

    days: list[DayNote]
    due_on: date
    rule: str
    amount: int
    unit: Unit
    paused_days: int
    paused_since: date | None = None


def allowance_on(allowances: Iterable[Allowance], kind: str, on: date) -> Allowance:
    """Return the allowance of `kind` in force on a day; of several the one that came into force last.

    Raises LookupError when no rule covers that day: a deadline is never guessed.
    """
    in_force = [
        row
        for row in allowances
        if row.kind == kind and row.valid_from <= on and (row.valid_to is None or on <= row.valid_to)
    ]
    if not in_force:
        raise LookupError(f"Tidak ada aturan jangka waktu “{kind}” yang berlaku pada {on:%d-%m-%Y}.")
    return max(in_force, key=lambda row: row.valid_from)


def counting(calendar: WorkingCalendar, unit: Unit) -> WorkingCalendar:
    """Return the calendar by which `unit` is counted: the given one, or one in which every day counts."""
    return calendar if unit == Unit.WORKING_DAYS else EVERY_DAY


def due_date(calendar: WorkingCalendar, opened_on: date, allowance: Allowance, paused_days: int = 0) -> date:
    """Return the last day on which the duty is still in time; the day after `opened_on` is day 1."""
    return counting(calendar, allowance.unit).add_working_days(opened_on, allowance.amount + paused_days)


def pause_days(calendar: WorkingCalendar, unit: Unit, paused_on: date, resumed_on: date) -> int:
    """Count the days of allowance that a pause ate: those after `paused_on`, up to and including `resumed_on`."""
    if resumed_on < paused_on:
        raise ValueError("Hitungan tidak dapat dilanjutkan sebelum dihentikan.")
    return counting(calendar, unit).working_days_between(paused_on, resumed_on)


def explain(
    calendar: WorkingCalendar, opened_on: date, allowance: Allowance, pauses: Iterable[tuple[date, date]] = ()
) -> Explanation:
    """Return the deadline with every day counted and every day skipped, each with its reason."""
    days = counting(calendar, allowance.unit)
    pauses = list(pauses)
    due_on, paused = days.add_with_pauses(opened_on, allowance.amount, pauses)
    return Explanation(
        days=days.explain(opened_on, allowance.amount, pauses),
        due_on=due_on,
        rule=allowance.rule,
        amount=allowance.amount,
        unit=allowance.unit,
        paused_days=paused,
    )


def days_left(calendar: WorkingCalendar, today: date, due_on: date, unit: Unit) -> int:
    """Count the days until the deadline in its unit: 0 on the day itself, negative exactly when it has passed.

    On the weekend after a deadline no working day has passed yet, but the deadline has: that is -1.
    """
    left = counting(calendar, unit).working_days_between(today, due_on)
    return min(left, -1) if today > due_on else left


class Obligation(models.Model):
    """One duty with its clock.

    `opened_at` is the moment it began, `due_on` the last day in time (a day of the regency), `met_at` the moment it was
    done. `pauses` keeps the ended pauses as pairs of ISO dates, so that a holiday added later can be counted right and
    the working can be shown; `paused_days` is what they added to the allowance.
    """

    kind = models.CharField(max_length=24)
    rule = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    allowance = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=16, choices=UNIT_CHOICES, default=Unit.WORKING_DAYS.value)
    due_on = models.DateField(db_index=False)
    paused_on = models.DateField(null=True, blank=True)
    paused_days = models.PositiveSmallIntegerField(default=0)
    pauses = models.JSONField(default=list, blank=True, editable=False)
    met_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.kind} {self.due_on}"

    @property
    def is_met(self) -> bool:
        """Whether the duty is done."""
        return self.met_at is not None

    @property
    def is_paused(self) -> bool:
        """Whether the clock stands still, waiting for somebody else."""
        return self.paused_on is not None

    @property
    def is_running(self) -> bool:
        """Whether days are being counted."""
        return not self.is_met and not self.is_paused

    def was_late(self, tz: ZoneInfo) -> bool:
        """Whether the duty was done, but after its deadline."""
        return self.met_at is not None and local_date(self.met_at, tz) > self.due_on

    def days_left(self, calendar: WorkingCalendar, today: date) -> int:
        """Count the days to the deadline, negative when overdue; a pause holds the number where it was."""
        unit = Unit(self.unit)
        left = days_left(calendar, self.paused_on or today, self.due_on, unit)
        if left >= 0:
            return left
        waited = sum(
            pause_days(calendar, unit, *pause) for pause in self.ended_pauses() if pause.paused_on > self.due_on
        )
        return min(left + waited, -1)

    def ended_pauses(self) -> list[Pause]:
        """Return the pauses that are over, oldest first."""
        return [Pause(date.fromisoformat(start), date.fromisoformat(end)) for start, end in self.pauses]

    def terms(self, tz: ZoneInfo) -> Allowance:
        """Return the allowance under which this duty was opened."""
        opened_on = local_date(self.opened_at, tz)
        return Allowance(self.kind, self.allowance, Unit(self.unit), self.rule, valid_from=opened_on)

    def recompute(self, calendar: WorkingCalendar, tz: ZoneInfo) -> None:
        """Set `due_on` and `paused_days` anew, after opening and whenever the calendar changed."""
        days = counting(calendar, Unit(self.unit))
        opened_on = local_date(self.opened_at, tz)
        self.due_on, self.paused_days = days.add_with_pauses(opened_on, self.allowance, self.ended_pauses())

    def pause(self, on: date) -> None:
        """Stop the clock on a day of the regency, which itself still counts. Pausing twice changes nothing.

        Raises ValueError when the duty is done, or for a day before it began or before the last pause.
        """
        if self.is_paused:
            return
        if self.is_met:
            raise ValueError("Tenggat ini sudah terpenuhi, hitungannya tidak dapat dihentikan lagi.")
        # Every Indonesian day begins before the same day of UTC, so this refuses no honest date.
        if on < self.opened_at.astimezone(UTC).date():
            raise ValueError("Hitungan tidak dapat dihentikan sebelum dimulai.")
        ended = self.ended_pauses()
        if ended and on < ended[-1].paused_on:
            raise ValueError("Hitungan tidak dapat dihentikan sebelum penghentian yang terakhir.")
        self.paused_on = max(on, ended[-1].resumed_on) if ended else on

    def resume(self, calendar: WorkingCalendar, on: date) -> None:
        """Let the clock go on after a day of the regency; the days waited are added. Resuming twice changes nothing.

        Raises ValueError for a day before the pause.
        """
        if self.paused_on is None:
            return
        unit, paused_on, until = Unit(self.unit), self.paused_on, on
        days = counting(calendar, unit)
        if self.pauses and paused_on == self.ended_pauses()[-1].resumed_on:
            # This pause touches the one before, whose end may have been moved to a Monday as below.
            until = max(until, paused_on)
        if paused_on == self.due_on:
            # Stopped on the very last day and gone on at a weekend: the next working day must still be in time.
            until = days.next_working_day(until)
        waited = pause_days(calendar, unit, paused_on, until)
        if paused_on <= self.due_on:
            self.due_on = days.add_working_days(self.due_on, waited)
            self.paused_days += waited
        if until > paused_on:
            self.pauses = [*self.pauses, [paused_on.isoformat(), until.isoformat()]]
        self.paused_on = None

    def meet(self, at: datetime) -> None:
        """Note that the duty is done. The first moment stays.

        Raises ValueError while paused (let it go on first, so that the days are counted) and before the beginning.
        """
        if self.is_met:
            return
        if self.is_paused:
            raise ValueError("Hitungan masih berhenti; lanjutkan dahulu sebelum menandainya terpenuhi.")
        if at < self.opened_at:
            raise ValueError("Tenggat tidak dapat terpenuhi sebelum hitungannya dimulai.")
        self.met_at = at

    def explanation(self, calendar: WorkingCalendar, tz: ZoneInfo, today: date) -> Explanation:
        """Return the shown working. While paused, the deadline is the one that holds if the count goes on today."""
        pauses = self.ended_pauses()
        if self.paused_on is not None and self.paused_on < today:
            pauses.append(Pause(self.paused_on, today))
        shown = explain(calendar, local_date(self.opened_at, tz), self.terms(tz), pauses)
        return replace(shown, paused_since=self.paused_on)


def obligation_constraints(prefix: str) -> list[models.CheckConstraint]:
    """Return the invariants of a clock's table, named with `prefix`, for the Meta of a concrete model."""
    return [
        models.CheckConstraint(condition=models.Q(allowance__gte=0), name=f"{prefix}_allowance_not_negative"),
        models.CheckConstraint(
            condition=models.Q(met_at__isnull=True) | models.Q(paused_on__isnull=True),
            name=f"{prefix}_not_met_while_paused",
        ),
        models.CheckConstraint(condition=models.Q(unit__in=[unit.value for unit in Unit]), name=f"{prefix}_unit_known"),
    ]
