"""What time itself does to reports. The worker calls these; each is safe to run twice and to be killed half-way."""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from django.utils import timezone

from kanal.agencies.queries import reference
from kanal.common.refusal import Refused
from kanal.reports.actions.clocks import nearest
from kanal.reports.actions.handling import close, escalate
from kanal.reports.actions.triage import archive
from kanal.reports.models import Report, ReportClock
from kanal.reports.policy import SYSTEM, Doer
from kanal.reports.workflow import OPEN_VALUES, Clock, Status

BATCH = 200


def close_silent(*, at: datetime | None = None) -> int:
    """Close what was answered when the reporter's ten working days have passed in silence. Returns how many."""
    return sum(1 for report in _with_expired(Clock.REPLY, Status.ANSWERED, at) if _done(close, report, at))


def archive_unanswered_questions(*, at: datetime | None = None) -> int:
    """Archive what still waits for the reporter's information after its term. Returns how many."""
    return sum(
        1 for report in _with_expired(Clock.INFO_WAIT, Status.NEEDS_INFO, at) if _done(_archive_incomplete, report, at)
    )


def escalate_overdue(*, at: datetime | None = None) -> int:
    """Bring every overdue report before its head, once per stay. Returns how many."""
    at = at or timezone.now()
    late = Report.objects.filter(status__in=OPEN_VALUES, due_on__lt=reference().today(at), escalated_at=None).order_by(
        "due_on", "pk"
    )
    return sum(1 for report in list(late[:BATCH]) if _done(escalate, report, at))


def recompute_clocks() -> int:
    """Count every running deadline anew, after a holiday was added or taken away. Returns how many moved."""
    facts, moved = reference(), 0
    for clock in (
        ReportClock.objects.filter(met_at=None, voided_at=None).select_related("report").iterator(chunk_size=BATCH)
    ):
        before = clock.due_on
        clock.recompute(facts.calendar, facts.tz)
        if clock.due_on != before:
            clock.save()
            moved += 1
            _refresh(clock.report)
    return moved


def _refresh(report: Report) -> None:
    running = list(ReportClock.objects.filter(report=report, met_at=None, voided_at=None))
    due_on, due_clock = nearest(running, report.status)
    Report.objects.filter(pk=report.pk).update(due_on=due_on, due_clock=due_clock)


def _with_expired(clock: Clock, status: Status, at: datetime | None) -> Iterator[Report]:
    today = reference().today(at or timezone.now())
    expired = ReportClock.objects.filter(
        kind=clock, met_at=None, voided_at=None, due_on__lt=today, report__status=status
    )
    yield from Report.objects.filter(pk__in=expired.values("report_id"), reopen_asked_at=None)[:BATCH]


def _archive_incomplete(*, report: Report, by: Doer, at: datetime | None) -> Report:
    return archive(report=report, by=by, reason="no_reply", at=at)


class _Verb(Protocol):
    def __call__(self, *, report: Report, by: Doer, at: datetime | None) -> Report: ...


def _done(verb: _Verb, report: Report, at: datetime | None) -> bool:
    """Whether the verb went through; a person who was faster is right."""
    try:
        verb(report=report, by=SYSTEM, at=at)
    except Refused:
        return False
    return True
