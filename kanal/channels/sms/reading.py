import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.channels.adapters import Item, Passed, Receipt, unknown_shape
from kanal.channels.sms import gateway
from kanal.channels.sms.parts import by_message, is_for_machines
from kanal.common.text import one_line

_FAILED = {
    "SendingError": _("Modem tidak bisa mengirim pesan ini."),
    "Error": _("Modem tidak bisa mengirim pesan ini."),
    "DeliveryFailed": _("Operator melaporkan pesan ini tidak sampai."),
}


def read(payload: bytes) -> Iterable[Item]:
    """What one delivery holds: a page of gammu's tables or a call of the gateway."""
    try:
        told = json.loads(payload)
    except ValueError as fault:
        raise unknown_shape("JSON") from fault
    if not isinstance(told, dict) or not told.keys() & {"gammu", "gateway"}:
        raise unknown_shape("gammu, gateway")
    return _gammu(told["gammu"]) if "gammu" in told else gateway.read(told)


def _gammu(page: Mapping[str, Any]) -> Iterator[Item]:
    looked = datetime.fromisoformat(page["looked"])
    for message in by_message(page["inbox"]):
        first = message.rows[0]
        # The database may be made anew and count from one again: the time belongs to the name.
        name = one_line(f"gammu-{first['ID']}-{first['ReceivingDateTime']}")[:200]
        if is_for_machines(first):
            yield Passed(name, "settings or a push for an application")
            continue
        at = gateway.moment(str(first["ReceivingDateTime"])) or looked
        yield gateway.message(name, str(first["SenderNumber"]), message.text, min(at, looked))
    for receipt in page["receipts"]:
        found = _receipt(receipt["key"], receipt["states"], looked)
        if found:
            yield found


def _receipt(key: str, states: list[str], at: datetime) -> Receipt | None:
    """What became of a whole message from what became of its parts; None while that is open."""
    for state, sentence in _FAILED.items():
        if state in states:
            return Receipt(key, "failed", at, str(sentence))
    return Receipt(key, "delivered", at) if set(states) == {"DeliveryOK"} else None
