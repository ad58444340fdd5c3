"""Moments at which a government office does things, and clocks counted as the real ones are."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from typing import Any

from django.db.models.base import ModelState

from kanal.agencies.queries import Reference
from kanal.common.obligations import allowance_on, due_date
from kanal.reports.models import ReportClock
from kanal.reports.workflow import Clock

_OPENS, _MINUTES = time(7, 45), 440


class Office:
    """The calendar of one regency, for one run."""

    def __init__(self, facts: Reference, today: date) -> None:
        self.facts = facts
        self.today = today
        self.now = self.midnight(today)
        self._pattern = lru_cache(maxsize=20_000)(self._pattern_on)

    def midnight(self, day: date) -> datetime:
        """The first moment of a day there, in UTC."""
        return datetime.combine(day, time(), self.facts.tz).astimezone(UTC)

    def day(self, at: datetime) -> date:
        """The day there."""
        return at.astimezone(self.facts.tz).date()

    def after(self, rng: Random, at: datetime, days: int) -> datetime:
        """Some office hour so many working days later; a little later on the same day for 0."""
        start = self.day(at)
        on = self.facts.calendar.add_working_days(start, days) if days else start
        minute = rng.randrange(_MINUTES)
        found = datetime.combine(on, _OPENS, self.facts.tz) + timedelta(minutes=minute, seconds=rng.randrange(60))
        later = at + timedelta(minutes=5 + minute % 55)
        return max(found.astimezone(UTC), later)

    def night_after(self, rng: Random, day: date) -> datetime:
        """The small hours after a day has ended, when the worker sweeps."""
        return self.midnight(day + timedelta(days=1)) + timedelta(minutes=90 + rng.randrange(60))

    def clock(self, kind: str, at: datetime, agency_id: int | None) -> ReportClock:
        """A clock opened at a moment, by the allowance in force then; `kind` names the allowance."""
        # Model.__init__ walks every field with signals; four clocks a report made it a tenth of the whole run.
        clock = ReportClock.__new__(ReportClock)
        clock.__dict__.update(self._pattern(kind, self.day(at)))
        clock._state = ModelState()  # noqa: SLF001  # what Model.__init__ does
        clock.opened_at, clock.agency_id = at, agency_id
        return clock

    def _pattern_on(self, kind: str, on: date) -> dict[str, Any]:
        """The columns of a clock of this kind opened on a day."""
        terms = allowance_on(self.facts.allowances, kind, on)
        clock = ReportClock(
            kind=Clock.SETTLE.value if kind.startswith("settle_") else kind,
            rule=terms.rule,
            allowance=terms.amount,
            unit=terms.unit.value,
            due_on=due_date(self.facts.calendar, on, terms),
        )
        return {name: value for name, value in clock.__dict__.items() if name != "_state"}
