"""What other rooms and the health page read of the mailroom: how media fare, and addresses as they may be shown."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, IntegerField, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils import timezone

from kanal.channels.adapters import Step, adapters
from kanal.channels.models import Address, Delivery, Inbound, Medium, MediumState, Outbound, Passing
from kanal.common.masking import DOT, mask_email
from kanal.common.secrets import lookup_hash

DAY = timedelta(days=1)
_TAIL = 3
"""Digits of a number that stay readable: enough to tell two callers apart, too few to ring one."""


def masked(medium: str, handle: str) -> str:
    """An address as it is shown to those who may not know it: "s•••@contoh.id", "•••890", "b•••"."""
    if medium == Medium.EMAIL:
        return mask_email(handle)
    if handle.lstrip("+").isdigit():
        return f"{DOT * 3}{handle[-_TAIL:]}" if len(handle) > 2 * _TAIL else DOT * 3
    return f"{handle.lstrip('@')[:1]}{DOT * 3}"


@dataclass(frozen=True, slots=True)
class Unread:
    """Deliveries that could not be read, messages that were passed over, or strange news, of one reason."""

    reason: str
    number: int


@dataclass(frozen=True, slots=True)
class Health:
    """How one medium fares. Counts of failures are of the last day; `paused_until` is a moment to come, or None.

    `trouble` says why it is left alone just now, or why nothing reached it since `down_since`.
    """

    medium: Medium
    sends: bool
    receives: bool
    steps: Sequence[Step]
    at_once: bool = False
    about: str = ""
    last_in_at: datetime | None = None
    last_out_at: datetime | None = None
    failed: int = 0
    waiting: int = 0
    refused: int = 0
    refused_at: datetime | None = None
    paused_until: datetime | None = None
    trouble: str = ""
    alarm: str = ""
    alarm_at: datetime | None = None
    down_since: datetime | None = None
    unread: Sequence[Unread] = ()
    passed: Sequence[Unread] = ()
    strange: Sequence[Unread] = ()
    used_today: int = 0
    allowance: str = ""

    @property
    def configured(self) -> bool:
        """Whether everything that must be set up is."""
        return not any(step.missing for step in self.steps)

    @property
    def unread_number(self) -> int:
        """Deliveries that could not be read, whatever the reason."""
        return sum(one.number for one in self.unread)


def health(at: datetime | None = None) -> list[Health]:
    """Every medium that has an adapter, in the order of `Medium`; four queries however much there is."""
    at = at or timezone.now()
    states, outgoing, unread, known = MediumState.objects.in_bulk(), _outgoing(at), _unread(), adapters()
    passed = _passed(at)
    return [
        Health(
            medium=medium,
            sends=known[medium].sends,
            receives=known[medium].receives,
            steps=tuple(known[medium].steps()),
            at_once=known[medium].at_once,
            about=str(known[medium].about),
            failed=outgoing[medium, Outbound.State.FAILED],
            waiting=outgoing[medium, Outbound.State.QUEUED],
            unread=unread[medium],
            passed=passed[medium, False],
            strange=passed[medium, True],
            allowance=known[medium].allowance(states.get(medium) or MediumState(medium=medium)),
            **_noted(states.get(medium), at),
        )
        for medium in Medium
        if medium in known
    ]


def _outgoing(at: datetime) -> Mapping[tuple[str, str], int]:
    """Messages that wait, and those of the last day that failed, by medium and state."""
    rows = Outbound.objects.filter(
        Q(state=Outbound.State.QUEUED) | Q(state=Outbound.State.FAILED, created_at__gte=at - DAY)
    )
    counted = rows.values_list("medium", "state").annotate(Count("pk")).order_by()
    return defaultdict(int, {(medium, state): number for medium, state, number in counted})


def _unread() -> Mapping[str, Sequence[Unread]]:
    """Deliveries that could not be read, by medium, the most frequent reason first."""
    failed = Delivery.objects.filter(state=Delivery.State.FAILED)
    found: dict[str, list[Unread]] = defaultdict(list)
    for medium, reason, number in failed.values_list("medium", "error").annotate(n=Count("pk")).order_by("-n", "error"):
        found[medium].append(Unread(reason, number))
    return found


def _passed(at: datetime) -> Mapping[tuple[str, bool], Sequence[Unread]]:
    """What was passed over in the last week, by medium and whether it was strange; the most frequent reason first."""
    rows = Passing.objects.filter(at__gte=at - 7 * DAY).values_list("medium", "strange", "why")
    found: dict[tuple[str, bool], list[Unread]] = defaultdict(list)
    for medium, strange, why, number in rows.annotate(n=Count("pk")).order_by("-n", "why"):
        found[medium, strange].append(Unread(why, number))
    return found


def _noted(row: MediumState | None, at: datetime) -> dict[str, Any]:
    """What `pulse` wrote down, as far as it still holds."""
    if row is None:
        return {}
    same_day = row.looked_at is not None and timezone.localdate(row.looked_at) == timezone.localdate(at)
    down = [moment for moment in (row.down_since, row.looks_down_since) if moment]
    left_alone = down or any(moment is not None and moment > at for moment in (row.paused_until, row.looked_at))
    return {
        "last_in_at": row.last_in_at,
        "last_out_at": row.last_out_at,
        "refused": row.refused,
        "refused_at": row.refused_at,
        "paused_until": row.paused_until if row.paused_until and row.paused_until > at else None,
        "trouble": row.trouble if left_alone else "",
        "alarm": row.alarm,
        "alarm_at": row.alarm_at,
        "down_since": min(down, default=None),
        "used_today": row.used_today if same_day else 0,
    }


@dataclass(frozen=True, slots=True)
class Outage:
    """A platform that nothing reached for long: since when, what came of the last try, and whether it was for news."""

    medium: Medium
    since: datetime
    trouble: str
    looking: bool


def outages() -> list[Outage]:
    """Every outage of sending and of asking for news, each for itself."""
    rows = MediumState.objects.filter(Q(down_since__isnull=False) | Q(looks_down_since__isnull=False))
    return [
        Outage(Medium(row.medium), since, row.trouble, looking)
        for row in rows
        for since, looking in ((row.down_since, False), (row.looks_down_since, True))
        if since
    ]


def waiting_messages() -> int:
    """How many messages wait for a person."""
    return Inbound.objects.filter(state=Inbound.State.WAITING).count()


# Written out: with bound parameters SQLite would not use the small indexes over what waits and what failed.
_WAITING = "SELECT count(*) FROM channels_inbound WHERE state = 'waiting'"
_IN_TROUBLE = (
    "SELECT count(*) FROM (SELECT medium FROM channels_mediumstate"
    " WHERE alarm <> '' OR down_since IS NOT NULL OR looks_down_since IS NOT NULL"
    " UNION SELECT medium FROM channels_delivery WHERE state = 'failed') AS troubled"
)


def pending_columns() -> dict[str, Coalesce]:
    """How many messages wait for a person, and how many media stand with an alarm, an outage or something unread.

    Columns for an aggregate over any table: a page that counts anyway counts these along, in the same query. Django
    wants an aggregate in each; the second argument is one, and never used because a count is never null.
    """
    return {
        "messages_waiting": Coalesce(RawSQL(_WAITING, (), IntegerField()), Count("pk")),  # noqa: S611  # constants
        "media_in_trouble": Coalesce(RawSQL(_IN_TROUBLE, (), IntegerField()), Count("pk")),  # noqa: S611  # constants
    }


def pending() -> dict[str, int]:
    """The same where nothing else is counted; one query."""
    return MediumState.objects.aggregate(**pending_columns())


def waiting_ids(medium: str, *, limit: int) -> list[str]:
    """The platform's ids of the newest public messages that wait, to ask whether they are still there."""
    waiting = Inbound.objects.filter(medium=medium, state=Inbound.State.WAITING, public=True, removed_at=None)
    return list(waiting.order_by("-received_at").values_list("external_id", flat=True)[:limit])


def heard_alone(address: Address) -> datetime | None:
    """When somebody last wrote from this address where nobody else reads it."""
    unseen = Inbound.objects.filter(address=address, public=False).order_by("-received_at")
    return unseen.values_list("received_at", flat=True).first()


def last_thread(medium: str, handle: str) -> str:
    """Where in public somebody last wrote, so that an answer finds them; "" when they never did."""
    said = Inbound.objects.filter(address__medium=medium, address__handle_hash=lookup_hash(f"address:{medium}", handle))
    newest = (
        said.filter(public=True, removed_at=None)
        .exclude(thread="")
        .order_by("-received_at")
        .values_list("thread", flat=True)
    )
    return newest.first() or ""


def our_answers(medium: str, posts: Iterable[str]) -> set[str]:
    """Those of some posts that are answers of ours."""
    sent = Outbound.objects.filter(medium=medium, external_id__in=list(posts)).exclude(external_id="")
    return set(sent.values_list("external_id", flat=True))


def taken_up(medium: str, posts: Iterable[str]) -> dict[str, str]:
    """Those of some posts that were kept as messages, each with the hash of who wrote it."""
    kept = Inbound.objects.filter(medium=medium, external_id__in=list(posts), address__isnull=False)
    return dict(kept.values_list("external_id", "address__handle_hash"))
