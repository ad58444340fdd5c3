"""The outbox of events. Each step is an UPDATE that names the state it must find, so two workers never hold one row.

An event whose worker died while it was handed over is sent again: its id is the same, so the receiver can tell. For a
program that is the safe side; for a person it would be a second message (compare kanal.channels.actions.outbox).
"""

import random
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from kanal.channels.actions import pulse
from kanal.channels.models import Medium
from kanal.common.inserting import insert
from kanal.reports.models import EventDelivery, Report, Subscription
from kanal.reports.queries.programs import KEYS
from kanal.reports.webhooks.events import Event, event_of

State = EventDelivery.State
LEASE = timedelta(minutes=2)
"""How long one call may take; far longer than its time-outs."""
PAUSES = (
    *(timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30)),
    *(timedelta(hours=hours) for hours in (2, 6, 12, 24)),
)
"""How long to wait after each failed attempt; after the last one the event has failed and somebody is told."""
LONGEST_REST = timedelta(hours=1)
"""A server that is away is tried at least so often, unless it asks for more."""
KEPT = timedelta(days=30)
"""How long events can be looked at and sent again."""


def record(event: Event) -> None:
    """Put an event into the outbox of its listeners, in the transaction of whatever caused it."""
    rows = [
        EventDelivery(
            subscription_id=pk,
            report=event.report,
            event_id=event.id,
            type=event.type,
            at=event.at,
            payload=event.payload,
            next_attempt_at=event.at,
        )
        for pk in event.to
    ]
    insert(rows)


def note(verb: str, report: Report) -> None:
    """Something was done to a report: whoever subscribed to it hears of it."""
    event = event_of(verb, report)
    if event:
        record(event)


def due(*, limit: int, at: datetime | None = None) -> list[tuple[int, int]]:
    """Events that may be sent now with their subscriptions, the longest waiting first."""
    now = at or timezone.now()
    awake = Q(subscription__resting_until=None) | Q(subscription__resting_until__lte=now)
    running = EventDelivery.objects.filter(
        awake,
        state=State.QUEUED,
        next_attempt_at__lte=now,
        subscription__state=Subscription.State.ACTIVE,
        subscription__client__active=True,
    )
    return list(running.order_by("next_attempt_at", "pk").values_list("pk", "subscription_id")[:limit])


def lease(pk: int, *, at: datetime | None = None) -> EventDelivery | None:
    """Take one event to send. None when another worker was faster, or it is not to be sent any more."""
    now = at or timezone.now()
    queued = EventDelivery.objects.filter(pk=pk, state=State.QUEUED, next_attempt_at__lte=now)
    if not queued.update(state=State.SENDING, leased_until=now + LEASE, attempts=F("attempts") + 1):
        return None
    # Keys are read later, by the one who can say what is wrong when they cannot be opened; words are not sent at all.
    unread = ("report__body", "report__public_body", *(f"subscription__{name}" for name in KEYS))
    return EventDelivery.objects.select_related("subscription", "report").defer(*unread).get(pk=pk)


def _settle(row: EventDelivery, *, error: str = "", **changes: object) -> bool:
    ours = EventDelivery.objects.filter(pk=row.pk, state=State.SENDING, leased_until=row.leased_until)
    return bool(ours.update(leased_until=None, error=error[:300], **changes))


@transaction.atomic
def sent(row: EventDelivery, *, code: int, milliseconds: int) -> None:
    """The receiver has it: whatever was wrong with its server is over."""
    now = timezone.now()
    _settle(row, state=State.SENT, sent_at=now, answer_code=code, milliseconds=milliseconds)
    Subscription.objects.filter(pk=row.subscription_id).update(
        last_sent_at=now, failures=0, resting_until=None, alarm=""
    )
    if row.subscription.alarm:
        tell_health()


def withhold(row: EventDelivery, *, reason: str) -> None:
    """Not to be told any more: the report became secret meanwhile."""
    _settle(row, state=State.WITHHELD, error=reason)


@transaction.atomic
def not_sent(
    row: EventDelivery,
    *,
    error: str,
    code: int | None = None,
    milliseconds: int | None = None,
    rest: timedelta | None = None,
    rests: bool = True,
) -> None:
    """It was not taken: wait longer each time, in the end call it failed and raise the alarm.

    `rests`: the server itself is in trouble, so its other events wait too, without losing an attempt; `rest` is how
    long it asked to be left alone.
    """
    now = timezone.now()
    if row.attempts > len(PAUSES):
        _settle(row, state=State.FAILED, error=error, answer_code=code, milliseconds=milliseconds)
        sentence = _("Ada kejadian yang tidak sampai setelah %(times)d kali dicoba: %(error)s")
        raise_alarm(row.subscription_id, sentence % {"times": row.attempts, "error": error})
    else:
        pause = max(_jittered(PAUSES[row.attempts - 1]), rest or timedelta())
        changes = {"state": State.QUEUED, "next_attempt_at": now + pause, "answer_code": code}
        _settle(row, error=error, milliseconds=milliseconds, **changes)
    if rests:
        _rest(row.subscription_id, now, rest)


def _rest(pk: int, now: datetime, wished: timedelta | None) -> None:
    Subscription.objects.filter(pk=pk).update(failures=F("failures") + 1)
    failures = Subscription.objects.values_list("failures", flat=True).get(pk=pk)
    usual = min(PAUSES[min(failures, len(PAUSES)) - 1], LONGEST_REST)
    Subscription.objects.filter(pk=pk).update(resting_until=now + max(_jittered(usual), wished or timedelta()))


def _jittered(pause: timedelta) -> timedelta:
    return pause * random.uniform(0.9, 1.2)  # noqa: S311  # spreads load, protects nothing


@transaction.atomic
def stop(row: EventDelivery, *, code: int) -> None:
    """The receiver says that nobody lives there any more: pause until a person has looked. The event keeps waiting."""
    _settle(row, state=State.QUEUED, attempts=row.attempts - 1, answer_code=code, next_attempt_at=timezone.now())
    Subscription.objects.filter(pk=row.subscription_id).update(state=Subscription.State.PAUSED)
    raise_alarm(row.subscription_id, _("Servernya menjawab 410: alamat ini sudah tidak dipakai. Langganan dijeda."))


def raise_alarm(pk: int, sentence: str) -> None:
    """Say on the subscription's page and on the health page that somebody has to look."""
    Subscription.objects.filter(pk=pk).update(alarm=sentence[:300])
    tell_health()


def tell_health() -> None:
    """Let the health page say of other apps what is wrong with the worst of their subscriptions, or nothing."""
    running = Subscription.objects.exclude(state=Subscription.State.ENDED).exclude(alarm="")
    troubled = running.select_related("client").order_by("pk").first()
    sentence = ""
    if troubled:
        with override("id"):  # whoever reads it next reads it in the desk's first language
            told = _("Langganan kejadian %(app)s: %(alarm)s Buka Aplikasi lain, periksa alamatnya, lalu kirim ulang.")
        sentence = told % {"app": troubled.client.name, "alarm": troubled.alarm}
    pulse.alarm(Medium.APP, sentence=sentence)


def reap(*, at: datetime | None = None) -> int:
    """Take back what a dead worker held; it is sent again under the same id. Returns how many rows that were."""
    now = at or timezone.now()
    expired = EventDelivery.objects.filter(state=State.SENDING, leased_until__lt=now)
    return expired.update(state=State.QUEUED, leased_until=None, next_attempt_at=now)


def forget(*, at: datetime | None = None) -> int:
    """Delete events of long ago, whatever became of them; returns how many."""
    old = EventDelivery.objects.filter(at__lt=(at or timezone.now()) - KEPT)
    return old.exclude(state=State.SENDING).delete()[0]
