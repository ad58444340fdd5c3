"""What time itself does to reports. The worker calls these; each is safe to run twice and to be killed half-way."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Protocol

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from kanal.agencies.models import Membership
from kanal.agencies.queries import Reference, forget, reference, staff_of
from kanal.common.obligations import Obligation
from kanal.common.refusal import Refused
from kanal.reports.actions.clocks import nearest
from kanal.reports.actions.disposition import archive
from kanal.reports.actions.handling import close, escalate
from kanal.reports.models import Report, ReportClock, ReportTask
from kanal.reports.policy import SYSTEM, Doer
from kanal.reports.queries.overdue import COUNTED_KINDS
from kanal.reports.workflow import OPEN_VALUES, Clock, Status

BATCH = 200
MOST_LETTERS = 5
"""So many messages about overdue reports one person gets from one sweep."""


def close_silent(*, at: datetime | None = None) -> int:
    """Close what was answered when the reporter's ten working days have passed in silence. Returns how many."""
    return sum(1 for report in _with_expired(Clock.REPLY, Status.ANSWERED, at) if _done(close, report, at))


def archive_unanswered_questions(*, at: datetime | None = None) -> int:
    """Archive what still waits for the reporter's information after its term. Returns how many."""
    return sum(
        1 for report in _with_expired(Clock.INFO_WAIT, Status.NEEDS_INFO, at) if _done(_archive_incomplete, report, at)
    )


def escalate_overdue(*, at: datetime | None = None) -> int:
    """Bring every overdue report before its head, once per stay. Returns how many.

    Nobody gets more than MOST_LETTERS messages from one sweep, as after an import or a long stop: whoever would, reads
    all of it in the morning letter instead.
    """
    at = at or timezone.now()
    late = Report.objects.filter(status__in=OPEN_VALUES, due_on__lt=reference().today(at), escalated_at=None).order_by(
        "due_on", "pk"
    )
    verb = partial(escalate, spare=_flooded(late))
    return sum(1 for report in list(late[:BATCH]) if _done(verb, report, at))


def _flooded(late: QuerySet[Report]) -> frozenset[str]:
    """Who would get too many messages about these reports. The inspectors never: their cases are in no letter."""
    rows = late.filter(kind__in=COUNTED_KINDS).order_by().values_list("agency_id").annotate(count=Count("pk"))
    counts, today = Counter[int | None](), reference().id_today
    for agency_id, count in rows:
        counts[today(agency_id)] += count
    coordinators = Membership.objects.filter(role=Membership.Role.COORDINATOR, user__is_active=True)
    heads = staff_of(counts, Membership.Role.SUPERVISOR) | coordinators
    held = heads.values_list("user__email", "role", "agency_id").distinct()
    letters = Counter[str]()
    for email, place in {(e, today(pk) if role == Membership.Role.SUPERVISOR else None) for e, role, pk in held}:
        letters[email] += counts[place]
    return frozenset(email for email, count in letters.items() if count > MOST_LETTERS)


def recompute_clocks() -> int:
    """Count every running deadline anew, after a holiday was added or taken away. Returns how many moved."""
    forget()  # the holiday may be younger than this process's copy of the calendar
    facts, moved = reference(), 0
    for clock in ReportClock.objects.filter(met_at=None, voided_at=None).iterator(chunk_size=BATCH):
        if _moves(clock, facts):
            moved += _recount(clock.pk, clock.report_id, facts)
    for task in ReportTask.objects.filter(state=ReportTask.State.OPEN, met_at=None).iterator(chunk_size=BATCH):
        if _moves(task, facts):
            ReportTask.objects.filter(pk=task.pk, state=ReportTask.State.OPEN).update(due_on=task.due_on)
            moved += 1
    return moved


def _moves(duty: Obligation, facts: Reference) -> bool:
    before = duty.due_on, duty.paused_days
    duty.recompute(facts.calendar, facts.tz)
    return (duty.due_on, duty.paused_days) != before


def _recount(clock_id: int, report_id: int, facts: Reference) -> int:
    """Move one deadline under its report's lock, so that a deed of the same moment is not undone."""
    with transaction.atomic():
        report = Report.objects.select_for_update().filter(pk=report_id).first()
        clock = ReportClock.objects.filter(pk=clock_id, met_at=None, voided_at=None).first()
        if report is None or clock is None or not _moves(clock, facts):
            return 0
        clock.save(update_fields=["due_on", "paused_days"])
        running = list(ReportClock.objects.filter(report=report, met_at=None, voided_at=None))
        due_on, due_clock = nearest(running, report.status)
        Report.objects.filter(pk=report.pk).update(due_on=due_on, due_clock=due_clock)
    return 1


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
