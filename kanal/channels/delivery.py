"""Emptying the outbox: lease a due message, hand it to its medium, note what became of it."""

import logging
import time
from contextlib import ExitStack
from datetime import datetime, timedelta
from datetime import time as clock_time
from typing import Self

from cryptography.fernet import InvalidToken
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.agencies.queries import reference
from kanal.channels import actions
from kanal.channels.actions import pulse
from kanal.channels.adapters import (
    Outgoing,
    RefusedForGoodError,
    Sender,
    TryLaterError,
    UncertainError,
    UnreachableError,
    adapter_of,
)
from kanal.channels.models import Address, Inbound, Outbound
from kanal.common.tasks import KeepGoing

logger = logging.getLogger("kanal.delivery")

BATCH = 20
LONGEST_BATCH = 15.0
"""Seconds after which a batch ends, so that other work gets its turn and a worker asked to stop soon does."""
QUIET_FROM, QUIET_TO = clock_time(21), clock_time(6)
"""The hours, by the regency's clock, in which no telephone rings for a notice."""
IN_TALK = timedelta(minutes=30)
"""Whoever wrote so lately is awake and waits for the answer."""


class Post:
    """The connections of one batch: each medium's is opened with its first message and kept for the rest."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._senders: dict[str, Sender | None] = {}
        self._sent_at: dict[str, float] = {}
        self.resting = pulse.paused()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._stack.close()

    def sender(self, medium: str) -> Sender | None:
        """The connection to a medium; None where nothing can be sent."""
        if medium not in self._senders:
            adapter = adapter_of(medium)
            connection = adapter.sending() if adapter else None
            self._senders[medium] = self._stack.enter_context(connection) if connection else None
        return self._senders[medium]

    def keep_pace(self, medium: str) -> None:
        """Wait until the next message may go, so that a platform is never sent more a second than it takes."""
        adapter = adapter_of(medium)
        if adapter:
            wait = self._sent_at.get(medium, 0.0) + 1 / adapter.pace - time.monotonic()
            time.sleep(max(0.0, wait))
        self._sent_at[medium] = time.monotonic()


def deliver_due(keep_going: KeepGoing) -> int:
    """Send what is due. Returns how many messages were handled, delivered or not."""
    handled, until = 0, time.monotonic() + LONGEST_BATCH
    with Post() as post:
        for outbound_id in actions.due(limit=BATCH, resting=post.resting):
            if not keep_going() or time.monotonic() > until:
                break
            row = actions.lease(outbound_id)
            if row is None:
                continue
            handled += 1
            try:
                deliver(row, post)
            except UnreachableError as trouble:
                _let_others_wait(row, trouble)
                break
    return handled


def deliver(row: Outbound, post: Post) -> None:
    """Deliver one leased message and note the outcome. Raises UnreachableError (noted too) when nothing can be sent."""
    sender, reason = post.sender(row.medium), _not_to_be_sent(row)
    if reason or sender is None:
        actions.give_up(row, reason=reason or _("Saluran ini belum bisa mengirim pesan."))
        return
    heard_at, heard_unseen_at = _heard(row)
    morning = _quiet_until(row, heard_at)
    if morning:
        actions.wait(row, until=morning)
        return
    post.keep_pace(row.medium)
    _send(row, sender, heard_unseen_at)


def _send(row: Outbound, sender: Sender, heard_at: datetime | None) -> None:
    try:
        letter = _written(row, heard_at)
        external_id = sender.send(letter, before=lambda: actions.hand_over(row, external_id=_known_as(row, letter)))
    except RefusedForGoodError as refusal:
        actions.mark_failed(row, error=refusal.sentence, bounced=refusal.bounced)
        if actions.has_left(row):  # its platform read it
            pulse.reached(row.medium)
    except TryLaterError as trouble:
        actions.try_again(row, error=trouble.sentence)
        if isinstance(trouble, UnreachableError):
            raise
    except UncertainError:
        sentence = _("Tidak pasti terkirim: sambungan putus saat diserahkan. Tanyakan dulu, atau kirim ulang.")
        actions.mark_failed(row, error=sentence)
    except actions.LeaseLostError:
        logger.warning("message %s: the lease was lost, another worker decides", row.pk)
    else:
        actions.mark_sent(row, external_id=external_id)
        pulse.note_out(row.medium)


def _known_as(row: Outbound, letter: Outgoing) -> str:
    adapter = adapter_of(row.medium)
    return adapter.known_as(letter.key) if adapter else ""


def _not_to_be_sent(row: Outbound) -> str:
    """Why a message stays here, or "". Asked only now, because the address may have changed since it was queued."""
    if row.address is None or row.address.state == Address.State.OK:
        adapter = adapter_of(row.medium)
        return adapter.withheld(row.purpose, row.thread) if adapter else ""
    if row.address.state == Address.State.OPTED_OUT:
        return _("Orangnya minta tidak dikirimi lagi.")
    return _("Alamat ini sebelumnya sudah ditolak server penerima.")


def _heard(row: Outbound) -> tuple[datetime | None, datetime | None]:
    """When the person last wrote to us on this address: anywhere, and where nobody else reads it."""
    adapter = adapter_of(row.medium)
    if row.address_id is None or adapter is None or not adapter.talks:
        return None, None
    unseen = Max("received_at", filter=Q(public=False))
    heard = Inbound.objects.filter(address=row.address_id).aggregate(at=Max("received_at"), unseen=unseen)
    return heard["at"], heard["unseen"]


def _quiet_until(row: Outbound, heard_at: datetime | None) -> datetime | None:
    """The morning for which a notice waits that would ring a telephone at night; None when it may go now."""
    adapter, now = adapter_of(row.medium), timezone.now()
    if adapter is None or adapter.night or (heard_at and now - heard_at < IN_TALK):
        return None
    here = now.astimezone(reference().tz)
    if QUIET_TO <= here.time() < QUIET_FROM:
        return None
    day = here.date() + timedelta(days=here.time() >= QUIET_FROM)
    return datetime.combine(day, QUIET_TO, tzinfo=here.tzinfo)


def _written(row: Outbound, heard_at: datetime | None) -> Outgoing:
    try:
        return Outgoing(
            to=row.to_staff or (row.address.handle if row.address else ""),
            body=row.body,
            key=f"{row.pk}:{row.dedupe_key}",
            purpose=row.purpose,
            subject=row.subject,
            thread=row.thread,
            heard_at=heard_at,
        )
    except InvalidToken as fault:
        raise RefusedForGoodError(_("Isi pesan tidak bisa dibuka dengan kunci yang ada.")) from fault


def _let_others_wait(row: Outbound, trouble: UnreachableError) -> None:
    """The platform is away: its other messages wait without losing an attempt, those of other media go on."""
    until = pulse.pause(row.medium, sentence=trouble.sentence, for_=trouble.pause, alarm=trouble.alarm)
    actions.defer(row.medium, until=until)
