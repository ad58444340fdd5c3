"""Emptying the outbox of events: lease one, call its address, note what became of it."""

import logging
import time
from datetime import timedelta

import httpx
from cryptography.fernet import InvalidToken
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from kanal.channels import outside
from kanal.channels.app import signing
from kanal.channels.calling import pause_of
from kanal.common.tasks import KeepGoing
from kanal.reports import policy
from kanal.reports.models import ApiClient, EventDelivery, Subscription
from kanal.reports.webhooks.actions import outbox
from kanal.reports.webhooks.shapes import CONTENT_TYPE

logger = logging.getLogger("kanal.webhooks")

BATCH = 20
LONGEST_BATCH = 15.0
_ONLY_THIS = {httpx.codes.BAD_REQUEST, httpx.codes.CONFLICT, 413, 422}
"""Answers that speak of the one event, not of the server."""


def send_due(keep_going: KeepGoing) -> int:
    """Send what is due. Returns how many events were handled, taken or not."""
    handled, until = 0, time.monotonic() + LONGEST_BATCH
    resting: set[int] = set()
    with outside.client() as line, override("id"):
        for pk, subscription in outbox.due(limit=BATCH):
            if not keep_going() or time.monotonic() > until:
                break
            row = None if subscription in resting else outbox.lease(pk)
            if row is None:
                continue
            handled += 1
            if not _send(row, line):
                resting.add(subscription)
    return handled


def keys_of(holder: Subscription | ApiClient) -> list[str]:
    """The signing keys that count now, the newest first."""
    keys = [holder.signing_key]
    if holder.old_signing_key and holder.old_key_until and holder.old_key_until > timezone.now():
        keys.append(holder.old_signing_key)
    return [key for key in keys if key]


def _send(row: EventDelivery, line: httpx.Client) -> bool:
    """Send one event and note the outcome. Returns False when its server is better left alone."""
    if row.report is not None and not policy.tells_programs(row.report):
        outbox.withhold(row, reason=_("Laporannya sekarang rahasia."))
        return True
    started = time.monotonic()
    try:
        code, rest = _call(row, line)
    except outside.InsideError as inside:
        outbox.not_sent(row, error=inside.sentence)
        return False
    except (httpx.HTTPError, httpx.InvalidURL) as fault:
        logger.info("event %s: %s", row.event_id, type(fault).__name__)
        outbox.not_sent(row, error=_reason(fault), milliseconds=_since(started))
        return False
    except InvalidToken:
        outbox.not_sent(row, error=_("Kunci tanda tangannya tidak bisa dibuka. Ganti kuncinya."))
        return False
    return _note(row, code, rest, _since(started))


def _call(row: EventDelivery, line: httpx.Client) -> tuple[int, timedelta | None]:
    body = row.payload.encode()
    headers = signing.headers(keys_of(row.subscription), row.event_id, int(time.time()), body)
    more = {"Content-Type": CONTENT_TYPE, "User-Agent": "Kanal-Webhook"}
    with line.stream("POST", row.subscription.url, content=body, headers={**headers, **more}) as response:
        return response.status_code, pause_of(response)  # what else it says is not read: it may never end


def _since(started: float) -> int:
    return int((time.monotonic() - started) * 1000)


def _reason(fault: Exception) -> str:
    if isinstance(fault, httpx.TimeoutException):
        return _("Servernya tidak menjawab dalam 10 detik.")
    return _("Servernya tidak bisa dihubungi.")


def _note(row: EventDelivery, code: int, rest: timedelta | None, milliseconds: int) -> bool:
    if httpx.codes.is_success(code):
        outbox.sent(row, code=code, milliseconds=milliseconds)
        return True
    if code == httpx.codes.GONE:
        outbox.stop(row, code=code)
        return False
    sentence = _("Servernya menjawab %(code)d.")
    if httpx.codes.is_redirect(code):
        sentence = _("Servernya mengalihkan ke alamat lain (%(code)d). Daftarkan alamat yang baru.")
    only_this = code in _ONLY_THIS
    outbox.not_sent(
        row,
        error=sentence % {"code": code},
        code=code,
        milliseconds=milliseconds,
        rest=rest,
        rests=not only_this,
    )
    return only_this
