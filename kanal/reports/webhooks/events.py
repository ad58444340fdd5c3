"""What happened, put into the outbox of those who subscribed, in the transaction in which it happened."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import msgspec
from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from kanal.agencies.queries import reference
from kanal.common.snapshot import Snapshot
from kanal.reports import policy
from kanal.reports.models import Report, Subscription
from kanal.reports.queries import report_reference
from kanal.reports.webhooks.shapes import OF_VERB, PING, PREFIX, CloudEvent, Ping, PingEvent, ReportFacts
from kanal.reports.workflow import NEVER


@dataclass(frozen=True, slots=True)
class Listener:
    """A subscription as every deed looks at it."""

    id: int
    events: frozenset[str]
    agency_id: int | None

    def wants(self, kind: str, report: Report) -> bool:
        """Whether it is told of this event."""
        theirs = self.agency_id is None or reference().one_today(self.agency_id, report.agency_id)
        return kind in self.events and theirs


def _load() -> tuple[Listener, ...]:
    running = Subscription.objects.filter(~Q(state=Subscription.State.ENDED), client__active=True).order_by("pk")
    rows = running.values_list("pk", "events", "agency_id")
    return tuple(Listener(pk, frozenset(events), agency_id) for pk, events, agency_id in rows)


listeners: Snapshot[tuple[Listener, ...]] = Snapshot(_load)
"""Who listens; where nobody does, a deed costs nothing more. Another process learns of a new one within 20 seconds."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event, ready to be put into the outbox of each of its listeners."""

    id: str
    type: str
    at: datetime
    payload: str
    report: Report | None
    to: tuple[int, ...]


def event_of(verb: str, report: Report) -> Event | None:
    """The event that a deed is; None when it is none, when nobody listens, or when nobody may know."""
    kind = OF_VERB.get(verb) if verb != "receive" else f"{PREFIX}filed"
    if kind is None or not policy.tells_programs(report):
        return None
    to = tuple(one.id for one in listeners() if one.wants(kind, report))
    if not to:
        return None
    return _event(kind, report.tracking_code, _facts(report), report=report, to=to)


def ping(subscription: Subscription) -> Event:
    """An event that says nothing but that the line works."""
    with override("id"):
        told = Ping(message=_("Uji coba dari Kanal. Bila ini terbaca, sambungannya berjalan."))
    return _event(PING, "ping", told, report=None, to=(subscription.pk,))


def _event(kind: str, subject: str, data: ReportFacts | Ping, *, report: Report | None, to: tuple[int, ...]) -> Event:
    identifier, at = str(uuid4()), timezone.now()
    envelope: dict[str, Any] = {
        "id": identifier,
        "source": settings.BASE_URL,
        "type": kind,
        "time": at,
        "subject": subject,
        "dataschema": f"{settings.BASE_URL}{reverse('openapi')}#/components/schemas/{type(data).__name__}",
    }
    event = PingEvent(**envelope, data=data) if isinstance(data, Ping) else CloudEvent(**envelope, data=data)
    return Event(identifier, kind, at, msgspec.json.encode(event).decode(), report, to)


def _facts(report: Report) -> ReportFacts:
    facts, public = reference(), policy.is_public(report)
    category = report_reference().categories.get(report.category_id or 0)
    agency = facts.agency_today(report.agency_id)
    region = facts.regions.get(report.region_id or 0) if public else None
    page = "reports:public_detail" if public else "reports:status"
    return ReportFacts(
        code=report.tracking_code,
        version=report.version,
        status=str(report.status),
        kind=str(report.kind),
        category=category.code if category else None,
        agency=agency.code if agency else None,
        region=region.code if region else None,
        received_at=report.received_at,
        due_on=None if report.due_on == NEVER else report.due_on,
        url=settings.BASE_URL + reverse(page, args=[report.tracking_code]),
    )
