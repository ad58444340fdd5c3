"""Emptying the outbox: lease a due message, hand it to its medium, note what became of it."""

import logging
import time
from datetime import timedelta

from cryptography.fernet import InvalidToken
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.channels import actions
from kanal.channels.email.sending import (
    Letter,
    Postman,
    RefusedForGoodError,
    TryLaterError,
    UncertainError,
    UnreachableError,
)
from kanal.channels.models import Address, Medium, Outbound
from kanal.common.tasks import KeepGoing

logger = logging.getLogger("kanal.delivery")

BATCH = 20
LONGEST_BATCH = 15.0
"""Seconds after which a batch ends, so that other work gets its turn and a worker asked to stop soon does."""
UNREACHABLE_PAUSE = timedelta(seconds=30)


def deliver_due(keep_going: KeepGoing) -> int:
    """Send what is due, over one connection. Returns how many messages were handled, delivered or not."""
    ids, handled, until = actions.due(limit=BATCH), 0, time.monotonic() + LONGEST_BATCH
    if not ids:
        return 0
    with Postman() as postman:
        for outbound_id in ids:
            if not keep_going() or time.monotonic() > until:
                break
            row = actions.lease(outbound_id)
            if row is None:
                continue
            handled += 1
            try:
                deliver(row, postman)
            except UnreachableError:
                _let_others_wait(ids)
                break
    return handled


def deliver(row: Outbound, postman: Postman) -> None:
    """Deliver one leased message and note the outcome. Raises UnreachableError (noted too) when nothing can be sent."""
    reason = _not_to_be_sent(row)
    if reason:
        actions.give_up(row, reason=reason)
        return
    try:
        external_id = postman.send(_letter(row), before=lambda: actions.hand_over(row))
    except RefusedForGoodError as refusal:
        actions.mark_failed(row, error=refusal.sentence, bounced=refusal.bounced)
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


def _not_to_be_sent(row: Outbound) -> str:
    """Why a message stays here, or "". Asked only now, because the address may have changed since it was queued."""
    if row.medium != Medium.EMAIL:
        return _("Saluran ini belum bisa mengirim pesan.")
    if row.address is None or row.address.state == Address.State.OK:
        return ""
    if row.address.state == Address.State.OPTED_OUT:
        return _("Orangnya minta tidak dikirimi lagi.")
    return _("Alamat ini sebelumnya sudah ditolak server penerima.")


def _letter(row: Outbound) -> Letter:
    try:
        to = row.to_staff or (row.address.handle if row.address else "")
        return Letter(to=to, subject=row.subject, body=row.body, key=f"{row.pk}:{row.dedupe_key}")
    except InvalidToken as fault:
        raise RefusedForGoodError(_("Isi pesan tidak bisa dibuka dengan kunci yang ada.")) from fault


def _let_others_wait(ids: list[int]) -> None:
    """The mail server is away: what else is due waits a little without losing an attempt."""
    actions.defer(ids, until=timezone.now() + UNREACHABLE_PAUSE)
