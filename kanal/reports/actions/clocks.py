from datetime import date, datetime
from typing import Any

from kanal.agencies.queries import reference
from kanal.common.obligations import allowance_on, due_date
from kanal.reports.models import Report, ReportClock
from kanal.reports.workflow import NEVER, STATUS, Clock, Kind, Status, allowance_kind


def opened(kind: str, at: datetime) -> dict[str, Any]:
    """The fields of an obligation of this kind that opens now, its allowance from the dated row in force that day.

    Raises LookupError when no row covers the day.
    """
    facts = reference()
    opened_on = facts.today(at)
    terms = allowance_on(facts.allowances, kind, opened_on)
    return {
        "rule": terms.rule,
        "opened_at": at,
        "allowance": terms.amount,
        "unit": terms.unit.value,
        "due_on": due_date(facts.calendar, opened_on, terms),
    }


def new_clock(report: Report, clock: Clock, at: datetime, *, agency_id: int | None = None) -> ReportClock:
    """An unsaved clock, with the allowance that what the report is has for it. Raises LookupError: see `opened`."""
    terms = opened(allowance_kind(clock, Kind(report.kind), supervision=report.supervision), at)
    return ReportClock(report=report, agency_id=agency_id, kind=clock.value, **terms)


def nearest(clocks: list[ReportClock], status: str) -> tuple[date, str]:
    """The next deadline that the government owes, and its clock; NEVER where nothing of the sort runs."""
    if STATUS[Status(status)].stops_clock or status in {Status.CLOSED, Status.MERGED, Status.ARCHIVED, Status.ANSWERED}:
        return NEVER, ""
    owed = [c for c in clocks if c.is_running and c.voided_at is None and c.kind not in {Clock.REPLY, Clock.INFO_WAIT}]
    if not owed:
        return NEVER, ""
    first = min(owed, key=lambda clock: clock.due_on)
    return first.due_on, first.kind


class Clocks:
    """The unfinished clocks of one report during one deed."""

    def __init__(self, report: Report, at: datetime) -> None:
        self._report = report
        self._at = at
        self._running = {c.kind: c for c in ReportClock.objects.filter(report=report, met_at=None, voided_at=None)}
        self._new: list[ReportClock] = []
        self._changed: dict[int, ReportClock] = {}

    def _touch(self, clock: ReportClock) -> ReportClock:
        if clock.pk:
            self._changed[clock.pk] = clock
        return clock

    def open(self, kind: Clock, *, agency_id: int | None = None) -> None:
        """Start a clock; one of that kind that still runs is voided first (a fresh disposition starts afresh).

        The duty of a merged agency is that of what it is today.
        """
        self.void(kind)
        clock = new_clock(self._report, kind, self._at, agency_id=reference().id_today(agency_id))
        self._new.append(clock)
        self._running[kind.value] = clock

    def meet(self, *kinds: Clock) -> None:
        """Note that duties are done; kinds that do not run are passed over."""
        for kind in kinds:
            clock = self._running.get(kind.value)
            if clock:
                clock.resume(reference().calendar, reference().today(self._at))
                clock.meet(max(self._at, clock.opened_at))
                self._touch(clock)
                del self._running[kind.value]

    def void(self, *kinds: Clock) -> None:
        """Stop duties that no longer apply; they count neither as kept nor as missed."""
        for kind in kinds:
            clock = self._running.pop(kind.value, None)
            if clock and clock.pk:
                clock.voided_at = self._at
                clock.paused_on = None
                self._touch(clock)
            elif clock:
                self._new.remove(clock)

    def void_all(self) -> None:
        """Stop everything: the report was archived or merged."""
        self.void(*(Clock(kind) for kind in tuple(self._running)))

    def pause_all(self) -> None:
        """Let the days stand still while the reporter is asked for information."""
        for clock in self._running.values():
            clock.pause(max(reference().today(self._at), reference().today(clock.opened_at)))
            self._touch(clock)

    def resume_all(self) -> None:
        """Go on counting; the days waited are added."""
        for clock in self._running.values():
            clock.resume(reference().calendar, reference().today(self._at))
            self._touch(clock)

    def retime(self, kind: Clock) -> None:
        """Give a running clock the allowance of what the report is now (its kind or supervision was corrected)."""
        clock = self._running.get(kind.value)
        if clock is None:
            return
        terms = new_clock(self._report, kind, clock.opened_at)
        clock.allowance, clock.rule, clock.unit = terms.allowance, terms.rule, terms.unit
        clock.recompute(reference().calendar, reference().tz)
        self._touch(clock)

    def write(self) -> None:
        """Save what changed and set the report's nearest deadline. The caller saves the report.

        Finished clocks go first: the database allows one running clock of a kind.
        """
        for clock in self._changed.values():
            clock.save()
        if self._new:
            ReportClock.objects.bulk_create(self._new)
        self._report.due_on, self._report.due_clock = nearest(list(self._running.values()), self._report.status)
