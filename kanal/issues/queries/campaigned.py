"""The same message sent by many within an hour, as the last nightly pass found it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from kanal.agencies.queries import Actor
from kanal.common.snapshot import Snapshot
from kanal.issues.models import Memory
from kanal.reports.models import Report
from kanal.reports.policy import queue_filter

SHOWN_FOR = timedelta(days=14)
"""So long the board tells of a message that belongs to no issue."""
_MOST = 5


@dataclass(frozen=True, slots=True)
class Campaigned:
    """How often a message came and from how many people, from when to when, in which issues; one of its copies."""

    copies: int
    voices: int
    first: datetime
    last: datetime
    report: int
    issues: frozenset[int]


def _load() -> list[Campaigned]:
    kept = Memory.objects.filter(pk=1).values_list("campaigns", flat=True).first() or []
    return [
        Campaigned(
            one["copies"],
            one["voices"],
            datetime.fromisoformat(one["first"]),
            datetime.fromisoformat(one["last"]),
            one["report"],
            frozenset(one["issues"]),
        )
        for one in kept
    ]


campaigned: Snapshot[list[Campaigned]] = Snapshot(_load, seconds=120)


def campaigns_in(issue_id: int) -> list[Campaigned]:
    """Those among the reports of an issue, the newest first."""
    return sorted((one for one in campaigned() if issue_id in one.issues), key=lambda one: one.last, reverse=True)


def loose_campaigns(actor: Actor, *, now: datetime | None = None) -> Sequence[tuple[Campaigned, str]]:
    """The latest that belong to no issue, each with the code of a copy that this person may read ("": none)."""
    since = (now or timezone.now()) - SHOWN_FOR
    found = sorted((one for one in campaigned() if not one.issues and one.last >= since), key=lambda one: -one.copies)
    shown = found[:_MOST]
    if not shown:
        return []
    theirs = Report.objects.filter(queue_filter(actor) | Q(published=True), pk__in=[one.report for one in shown])
    codes = dict(theirs.values_list("pk", "tracking_code"))
    return [(one, codes.get(one.report, "")) for one in shown]
