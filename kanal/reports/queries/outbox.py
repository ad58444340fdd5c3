"""What the coordinator sees of the outbox: purpose, state and a masked address. Never a text."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken
from django.db.models import Count, QuerySet
from django.utils import timezone

from kanal.agencies.queries import Actor
from kanal.channels.models import Outbound
from kanal.common.actions import failed_tasks, workers_alive
from kanal.common.masking import DOT, mask_email
from kanal.reports.models import Report
from kanal.reports.policy import Role
from kanal.reports.workflow import Kind

State = Outbound.State
RECENT = timedelta(days=7)
SHOWN = 200
"""How many messages one list shows; the counts above it are complete."""


@dataclass(frozen=True, slots=True)
class Shipment:
    """One message as the page shows it."""

    id: int
    purpose: str
    reference: str
    to: str
    created_at: datetime
    next_attempt_at: datetime
    attempts: int
    error: str
    failed: bool


@dataclass(frozen=True, slots=True)
class Post:
    """The state of the outbox. Without a living worker (`working`) nothing is sent."""

    failed: list[Shipment]
    waiting: list[Shipment]
    counts: Mapping[str, int]
    working: bool
    failed_tasks: int


def visible_outbound(actor: Actor) -> QuerySet[Outbound]:
    """The messages a person may know of: those about whistle-blowing are for the Inspektorat's eyes alone."""
    rows = Outbound.objects.all()
    if actor.has(Role.INSPECTOR):
        return rows
    hidden = Report.objects.filter(kind=Kind.WHISTLEBLOWING).values("tracking_code")
    return rows.exclude(reference__in=hidden)


def post_for(actor: Actor) -> Post:
    """Failed and waiting messages, newest first, with counts; `sent` counts the last seven days."""
    rows = visible_outbound(actor)
    counts = dict.fromkeys((State.FAILED, State.QUEUED, State.SENDING, State.SENT, State.GIVEN_UP), 0)
    unfinished = rows.filter(state__in=[State.FAILED, State.QUEUED, State.SENDING])
    recent = rows.filter(state__in=[State.SENT, State.GIVEN_UP], created_at__gte=timezone.now() - RECENT)
    for part in (unfinished, recent):
        counts |= {State(state): number for state, number in part.values_list("state").annotate(Count("pk")).order_by()}
    return Post(
        failed=_shipments(rows.filter(state=State.FAILED).order_by("-created_at")),
        waiting=_shipments(rows.filter(state__in=[State.QUEUED, State.SENDING]).order_by("next_attempt_at")),
        counts={state.value: number for state, number in counts.items()},
        working=bool(workers_alive()),
        failed_tasks=failed_tasks(),
    )


def _shipments(rows: QuerySet[Outbound]) -> list[Shipment]:
    return [
        Shipment(
            id=row.pk,
            purpose=row.purpose,
            reference=row.reference,
            to=_masked(row),
            created_at=row.created_at,
            next_attempt_at=row.next_attempt_at,
            attempts=row.attempts,
            error=row.error,
            failed=row.state == State.FAILED,
        )
        for row in rows.select_related("address").defer("body", "subject", "address__handle")[:SHOWN]
    ]


def _masked(row: Outbound) -> str:
    try:
        return mask_email(row.to_staff or (row.address.handle if row.address else ""))
    except InvalidToken:  # an address that no key opens must not hide the others
        return DOT * 3
