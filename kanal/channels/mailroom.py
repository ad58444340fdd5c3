"""Reading what platforms handed us: one delivery, one transaction; in it, whoever wants its messages hears of them."""

import logging
import time
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from cryptography.fernet import InvalidToken
from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from kanal.channels import actions, signals
from kanal.channels.actions import pulse
from kanal.channels.adapters import (
    Changed,
    Item,
    NotUnderstoodError,
    Passed,
    Receipt,
    ReceiptUpTo,
    Removed,
    Said,
    Strange,
    UnreachableError,
    adapter_of,
    adapters,
    unknown_shape,
)
from kanal.channels.candidates import wants_silence
from kanal.channels.models import Delivery, Inbound, Medium
from kanal.common.tasks import KeepGoing
from kanal.common.text import drop_surrogates

logger = logging.getLogger("kanal.mailroom")

BATCH = 50
LONGEST_BATCH = 15.0
"""Seconds after which a batch ends, so that other work gets its turn."""
AFTER_A_FAULT = timedelta(minutes=1)
"""How long a medium is left alone whose own code stumbled over what its platform said."""


def read_deliveries(keep_going: KeepGoing) -> int:
    """Read what waits. Returns how many deliveries were handled, understood or not."""
    handled, until = 0, time.monotonic() + LONGEST_BATCH
    for pk in actions.due_deliveries(limit=BATCH):
        if not keep_going() or time.monotonic() > until:
            break
        row = actions.lease_delivery(pk)
        if row is not None:
            read_delivery(row)
            handled += 1
    return handled


def read_delivery(row: Delivery) -> None:
    """Read one leased delivery. Whatever goes wrong is noted on it; the delivery stays."""
    try:
        with override("id"):
            items = _items(row)  # before the transaction: a medium may have to ask its platform what is meant
        with transaction.atomic(), override("id"):
            for item in items:
                take_in(row.medium, item, at=row.received_at)
            pulse.note_in(row.medium, at=row.received_at)
            if row.error:  # it could not be read before; what it needs of its platform is there now
                pulse.reached(row.medium)
            actions.delivery_read(row)
    except (NotUnderstoodError, InvalidToken) as fault:
        logger.warning("delivery %s of %s cannot be read: %s", row.pk, row.medium, fault)
        actions.delivery_unread(row, error=str(fault) or _("tidak bisa dibuka"), for_good=True)
    except UnreachableError as trouble:
        pulse.pause(row.medium, sentence=trouble.sentence, for_=trouble.pause, alarm=trouble.alarm)
        actions.delivery_unread(row, error=trouble.sentence, for_good=False)
    except (OperationalError, InterfaceError):
        raise  # the worker waits for the database; the lease runs out by itself
    except Exception as fault:
        logger.exception("delivery %s of %s failed", row.pk, row.medium)
        actions.delivery_unread(row, error=f"{type(fault).__name__}: {fault}", for_good=False)


def _items(row: Delivery) -> list[Item]:
    adapter = adapter_of(row.medium)
    if adapter is None:
        raise unknown_shape(row.medium)
    return [_writable(item) for item in adapter.read(row.payload.encode())]


def _writable(told: Any) -> Any:
    """An item whose texts can be written down: half an emoji, which JSON can hold and no database, is left out."""
    if isinstance(told, str):
        return drop_surrogates(told)
    if isinstance(told, tuple):
        return tuple(_writable(one) for one in told)
    if is_dataclass(told) and not isinstance(told, type):
        return replace(told, **{one.name: _writable(getattr(told, one.name)) for one in fields(told)})
    return told


def take_in(medium: str, item: Item, *, at: datetime) -> Inbound | None:
    """Do what one item asks for, in the caller's transaction. Returns the message that it brought or touched."""
    match item:
        case Said():
            return _take_in_said(medium, item)
        case Changed():
            return _tell(signals.message_changed, actions.change_message(medium, item))
        case Removed():
            return _tell(signals.message_removed, actions.remove_message(medium, item))
        case Receipt():
            actions.note_receipt(medium, item)
        case ReceiptUpTo():
            actions.note_receipts_up_to(medium, item)
        case Passed() | Strange():
            actions.note_passed(medium, item, at=at)
    return None


def _take_in_said(medium: str, said: Said) -> Inbound | None:
    address = actions.address_for(medium=medium, handle=said.handle, name=said.name)
    inbound = actions.keep_message(medium, said, address)
    if inbound is None:
        return None  # delivered before
    adapter = adapter_of(medium)
    if adapter and adapter.proves:
        actions.proven(address)
    if wants_silence(said.text, said.subject if medium == Medium.EMAIL else ""):  # elsewhere it is no letter's
        actions.opt_out(address)
        actions.settle(inbound, Inbound.State.DROPPED, why=_("Minta tidak dikirimi lagi."))
        return inbound
    actions.reached(address)
    if not said.unread:
        signals.message_came.send(sender=Inbound, inbound=inbound, said=said)
    if inbound.state == Inbound.State.NEW:
        actions.settle(inbound, Inbound.State.WAITING)
    return inbound


def _tell(signal: Signal, inbound: Inbound | None) -> Inbound | None:
    if inbound is not None:
        signal.send(sender=Inbound, inbound=inbound)
    return inbound


def look_around(keep_going: KeepGoing) -> int:
    """Ask the platforms that do not call us, each when its time has come. Returns how many pages were kept."""
    kept, resting = 0, pulse.paused()
    for medium, adapter in adapters().items():
        if adapter.looks_every is None or not adapter.is_configured or not keep_going():
            continue
        if medium in resting and not adapter.looks_apart:
            continue
        cursor, looked_at = pulse.cursor_of(medium)
        if looked_at and timezone.now() - looked_at < adapter.looks_every:
            continue
        kept += _look(medium, cursor, keep_going)
    return kept


def _look(medium: str, cursor: str, keep_going: KeepGoing) -> int:
    adapter, kept = adapters()[medium], 0
    while keep_going():
        try:
            found = adapter.look(cursor)
        except UnreachableError as trouble:
            leave_alone = pulse.look_later if adapter.looks_apart else partial(pulse.pause, looking=True)
            leave_alone(medium, sentence=trouble.sentence, for_=trouble.pause, alarm=trouble.alarm)
            return kept
        except (DatabaseError, InterfaceError):
            raise  # the worker waits for the database
        except Exception:
            logger.exception("looking at %s failed", medium)
            pulse.look_later(medium, sentence="", for_=AFTER_A_FAULT, alarm=False)
            return kept
        if found is None:
            pulse.looked(medium, cursor=cursor, used=0)
            return kept
        with transaction.atomic():  # the page and the place where to go on are one
            if found.payload:
                actions.store_delivery(medium=medium, payload=found.payload.decode("utf-8", "replace"))
                kept += 1
            pulse.looked(medium, cursor=found.cursor or cursor, used=found.used, alarm=found.alarm)
        cursor = found.cursor or cursor
        if not found.more:
            return kept
    return kept
