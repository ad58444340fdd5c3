"""What became of our messages, as platforms tell: late, twice, out of order, and sometimes more than we knew ourselves.

A message whose line broke while it was handed over is `failed`, because nobody knows. A receipt does: it names the
message by the platform's id, or by our own key where the platform carries it, and settles what was uncertain.
"""

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce

from kanal.channels.actions.contacts import hash_of
from kanal.channels.adapters import Receipt, ReceiptUpTo
from kanal.channels.models import Address, Outbound

State = Outbound.State
_ARRIVED = (State.QUEUED, State.SENDING, State.FAILED)
"""Whatever waits to be sent once more need not be: it arrived."""
_BY_ID = {
    "delivered": (*_ARRIVED, State.SENT),
    "read": (*_ARRIVED, State.SENT, State.DELIVERED),
    "failed": (State.SENT, State.FAILED),
}
"""What each receipt may still change, of a send whose id we know: that it was sent is no news then, and what was read
is not un-read."""
_BY_KEY = {**_BY_ID, "sent": _ARRIVED, "failed": (State.SENDING, State.SENT, State.FAILED)}
"""The same for a send whose id nobody told us."""
_SURELY_SENT = {"delivered": (State.SENT,), "read": (State.SENT, State.DELIVERED)}
"""The same for all that was sent up to a moment: whether an uncertain one is among it, nobody knows."""
_LARGEST_ID = 2**63


def note_receipt(medium: str, receipt: Receipt) -> bool:
    """Note what became of a message of ours. Returns whether it changed anything."""
    ours = Outbound.objects.filter(medium=medium)
    named = ours.filter(external_id=receipt.external_id).exclude(external_id="")
    found = list(named.values_list("pk", "address_id"))
    states = _BY_ID
    if not found:
        found, states = list(_unnamed(ours, receipt).values_list("pk", "address_id")), _BY_KEY
    if not found:
        return False
    rows = ours.filter(pk__in=[pk for pk, _address in found], state__in=states.get(receipt.state, ()))
    if not rows.update(**_changes(receipt)):
        return False
    if receipt.no_such_address:
        bounced = [address for _pk, address in found]
        Address.objects.filter(pk__in=bounced, state=Address.State.OK).update(state=Address.State.BOUNCED)
    return True


def note_receipts_up_to(medium: str, receipt: ReceiptUpTo) -> None:
    """Note what became of everything that was sent privately to a person up to a moment."""
    theirs = Outbound.objects.filter(
        address__medium=medium,
        address__handle_hash=hash_of(medium, receipt.handle),
        state__in=_SURELY_SENT.get(receipt.state, ()),
        sent_at__lte=receipt.at,
        thread="",
    )
    theirs.update(**{"state": receipt.state, f"{receipt.state}_at": receipt.at})


def _unnamed(ours: QuerySet[Outbound], receipt: Receipt) -> QuerySet[Outbound]:
    """The message with the key that the receipt carries, known to us by another id or none.

    That an earlier send of it failed says nothing of the one whose id we know.
    """
    number, _colon, dedupe_key = receipt.key.partition(":")
    if not (number.isascii() and number.isdigit() and int(number) < _LARGEST_ID):
        return ours.none()
    rows = ours.filter(pk=int(number), dedupe_key=dedupe_key)
    return rows.filter(external_id="").exclude(state=State.QUEUED) if receipt.state == State.FAILED else rows


def _changes(receipt: Receipt) -> dict[str, object]:
    changes: dict[str, object] = {
        "state": receipt.state,
        "leased_until": None,
        "external_id": receipt.external_id[:200],
        "error": "",
    }
    if receipt.state == State.FAILED:
        return {**changes, "error": receipt.sentence[:300], "handed_at": None}
    changes["sent_at"] = Coalesce(F("sent_at"), Value(receipt.at))
    return changes if receipt.state == State.SENT else {**changes, f"{receipt.state}_at": receipt.at}
