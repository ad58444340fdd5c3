import random
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.channels.adapters import can_send
from kanal.channels.models import Address, Medium, Outbound
from kanal.common.inserting import insert


@dataclass(frozen=True, slots=True)
class Message:
    """A message to be sent; `dedupe_key` says which promise it keeps, so that the same is never queued twice."""

    purpose: str
    dedupe_key: str
    subject: str
    body: str
    reference: str = ""
    address: Address | None = None
    to_staff: str = ""
    thread: str = ""


def queue(messages: Iterable[Message]) -> None:
    """Put messages into the outbox, in the transaction of whatever caused them. Known dedupe keys are passed over."""
    now = timezone.now()
    rows = [
        Outbound(
            address=m.address,
            to_staff=m.to_staff,
            medium=m.address.medium if m.address else Medium.EMAIL,
            purpose=m.purpose,
            reference=m.reference,
            dedupe_key=m.dedupe_key,
            subject=m.subject[:200],
            body=m.body,
            thread=m.thread,
            next_attempt_at=now,
        )
        for m in messages
        if m.address is None or (can_send(m.address.medium) and m.address.state == Address.State.OK)
    ]
    if rows:
        insert(rows, skip_known=True)


# Delivery: leasing due rows and noting what became of them. Every step is an UPDATE that names the state it must find,
# so that two workers never hold one row and a worker that was given up for dead cannot undo what happened since.

LEASE = timedelta(minutes=5)
"""How long one delivery may take; far longer than the mail server's time-out."""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 8 * 60))
"""How long to wait after each failed attempt; after the last one the message has failed."""


class LeaseLostError(RuntimeError):
    """Somebody else holds this row now, or it was decided without us: let go of it."""


def due(*, limit: int, resting: Collection[str] = (), at: datetime | None = None) -> list[int]:
    """The ids of messages that may be sent now, the longest waiting first; none of media that are left alone."""
    waiting = Outbound.objects.filter(state=Outbound.State.QUEUED, next_attempt_at__lte=at or timezone.now())
    if resting:
        waiting = waiting.exclude(medium__in=resting)
    return list(waiting.order_by("next_attempt_at").values_list("pk", flat=True)[:limit])


def lease(outbound_id: int, *, at: datetime | None = None) -> Outbound | None:
    """Take one message for delivery. None when another worker was faster, or it is no longer due."""
    at = at or timezone.now()
    queued = Outbound.objects.filter(pk=outbound_id, state=Outbound.State.QUEUED, next_attempt_at__lte=at)
    taken = queued.update(
        state=Outbound.State.SENDING, leased_until=at + LEASE, handed_at=None, attempts=F("attempts") + 1
    )
    # The text is read later, by the one who can say what is wrong when it cannot be opened.
    return (
        Outbound.objects.select_related("address").defer("body", "address__handle").get(pk=outbound_id)
        if taken
        else None
    )


def hand_over(row: Outbound, *, external_id: str = "", at: datetime | None = None) -> None:
    """Note that the message is about to leave: from here on nobody can be sure until the receiver has answered.

    `external_id` is the name by which receipts will call it, where it is ours to choose.
    Raises LeaseLostError when the row is not ours any more; the message must not be sent then.
    """
    ours = Outbound.objects.filter(pk=row.pk, state=Outbound.State.SENDING, leased_until=row.leased_until)
    known: dict[str, object] = {"external_id": external_id[:200]} if external_id else {}
    if not ours.update(handed_at=at or timezone.now(), **known):
        raise LeaseLostError(str(row))


def has_left(row: Outbound) -> bool:
    """Whether the last try got as far as handing the message over."""
    return Outbound.objects.filter(pk=row.pk, handed_at__isnull=False).exists()


def mark_sent(row: Outbound, *, external_id: str, at: datetime | None = None) -> None:
    """The receiver's server took it. Also said of a row that was meanwhile called uncertain: now it is certain.

    A receipt may be faster than we are, and has the last word.
    """
    unsure = Q(state=Outbound.State.FAILED, handed_at__isnull=False)
    attempt = Outbound.objects.filter(Q(state=Outbound.State.SENDING) | unsure, pk=row.pk, attempts=row.attempts)
    attempt.update(
        state=Outbound.State.SENT,
        sent_at=at or timezone.now(),
        external_id=external_id[:200],
        error="",
        leased_until=None,
    )


def try_again(row: Outbound, *, error: str, at: datetime | None = None) -> None:
    """It certainly did not arrive, for a reason that may pass: wait longer each time, in the end call it failed."""
    if row.attempts > len(PAUSES):
        mark_failed(row, error=error)
        return
    pause = PAUSES[row.attempts - 1] * random.uniform(0.9, 1.1)  # noqa: S311  # spreads load, protects nothing
    _settle(
        row, state=Outbound.State.QUEUED, error=error, handed_at=None, next_attempt_at=(at or timezone.now()) + pause
    )


def defer(medium: str, *, until: datetime) -> None:
    """Let a medium's queued messages wait, without counting an attempt: nothing can be sent there just now."""
    Outbound.objects.filter(medium=medium, state=Outbound.State.QUEUED, next_attempt_at__lt=until).update(
        next_attempt_at=until
    )


def wait(row: Outbound, *, until: datetime) -> None:
    """Put a leased message back for later: it is not its time. No attempt is counted."""
    _settle(row, state=Outbound.State.QUEUED, next_attempt_at=until, attempts=row.attempts - 1)


def mark_failed(row: Outbound, *, error: str, bounced: bool = False) -> None:
    """It will not arrive by itself; a coordinator sees it and can send it again. `bounced`: no such address."""
    _settle(row, state=Outbound.State.FAILED, error=error)
    if bounced and row.address_id:
        Address.objects.filter(pk=row.address_id, state=Address.State.OK).update(state=Address.State.BOUNCED)


def give_up(row: Outbound, *, reason: str) -> None:
    """It must not be sent (the person asked not to be written to, the address refuses)."""
    _settle(row, state=Outbound.State.GIVEN_UP, error=reason)


def _settle(row: Outbound, *, error: str = "", **changes: object) -> None:
    ours = Outbound.objects.filter(pk=row.pk, state=Outbound.State.SENDING, leased_until=row.leased_until)
    ours.update(leased_until=None, error=error[:300], **changes)


def reap_deliveries(*, at: datetime | None = None) -> int:
    """Take back what a dead worker held; returns how many rows that were.

    What had not left goes into the queue again. What may have left becomes failed, with a resend button, because a
    second copy unasked is worse than a question.
    """
    at = at or timezone.now()
    expired = Outbound.objects.filter(state=Outbound.State.SENDING, leased_until__lt=at)
    certain = expired.filter(handed_at=None).update(state=Outbound.State.QUEUED, leased_until=None, next_attempt_at=at)
    unsure = expired.exclude(handed_at=None).update(
        state=Outbound.State.FAILED,
        leased_until=None,
        error=_("Tidak pasti terkirim: pengiriman terputus di tengah jalan. Tanyakan dulu, atau kirim ulang."),
    )
    return certain + unsure


def resend(outbound_id: int, *, at: datetime | None = None) -> bool:
    """Queue a failed message once more, as somebody asked. Returns False when it is not failed (any more).

    An address that once refused gets another chance; one that asked not to be written to does not.
    """
    failed = Outbound.objects.filter(pk=outbound_id, state=Outbound.State.FAILED)
    again = failed.update(
        state=Outbound.State.QUEUED, attempts=0, next_attempt_at=at or timezone.now(), handed_at=None, error=""
    )
    if again:
        Address.objects.filter(outbounds__pk=outbound_id, state=Address.State.BOUNCED).update(state=Address.State.OK)
    return bool(again)
