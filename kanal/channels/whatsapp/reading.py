"""What WhatsApp's webhook says, in the words of the mailroom.

Shapes: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from kanal.channels.adapters import (
    BROKEN,
    Changed,
    FileRef,
    Item,
    Passed,
    Receipt,
    Removed,
    Said,
    Strange,
)
from kanal.channels.graph.payload import LONGEST_ID, entries, fingerprint, listed, moment, of_another, short_id, told
from kanal.channels.models import InboundFile
from kanal.channels.whatsapp import faults

Kind = InboundFile.Kind
_FILES = {
    "image": Kind.IMAGE,
    "sticker": Kind.IMAGE,
    "audio": Kind.AUDIO,
    "voice": Kind.AUDIO,
    "video": Kind.VIDEO,
    "document": Kind.DOCUMENT,
}
_STATES = {"sent": "sent", "delivered": "delivered", "read": "read", "played": "read", "failed": "failed"}


@dataclass(frozen=True, slots=True)
class Letter:
    """One message with what its envelope says of its sender."""

    message: dict[str, Any]
    name: str

    @property
    def id(self) -> str:
        """WhatsApp's own id of the message; made short where it would not fit its column."""
        return short_id(self.message["id"])

    @property
    def at(self) -> datetime:
        """When it was sent; a clock that runs ahead does not bring messages from tomorrow."""
        return moment(self.message["timestamp"])

    @property
    def handle(self) -> str:
        """+62…, or WhatsApp's own id of a person who hides their number."""
        number = str(self.message.get("from") or "")
        if number.isdigit():
            return f"+{number}"
        return number or str(self.message["from_user_id"])


def read(payload: bytes, phone_id: str) -> Iterator[Item]:
    """Everything that one call of WhatsApp holds, for the number with this id.

    Raises NotUnderstoodError for what is no call of WhatsApp.
    """
    changes = [change for entry in entries(payload, "whatsapp_business_account") for change in listed(entry, "changes")]
    for change in changes:
        yield from _change(change, phone_id)


def _change(change: Any, phone_id: str) -> Iterator[Item]:
    value = change.get("value") if isinstance(change, dict) else None
    field = str(change.get("field")) if isinstance(change, dict) else ""
    if not isinstance(value, dict) or (field != "messages" and "echoes" not in field):
        yield told(change, "WhatsApp", field)
        return
    metadata = value.get("metadata")
    number = str(metadata.get("phone_number_id")) if isinstance(metadata, dict) else ""
    if field != "messages":
        yield Passed(fingerprint(change), "an echo of our own")
    elif number != phone_id:
        yield of_another(change, "WhatsApp")
    else:
        yield from _messages(value)


def _messages(value: dict[str, Any]) -> Iterator[Item]:
    names = _names(value)
    for message in listed(value, "messages"):
        try:
            letter = Letter(message, names.get(str(message.get("from") or message.get("from_user_id")), ""))
            yield _message(letter)
        except BROKEN:
            yield _misshapen(message)
    for status in listed(value, "statuses"):
        try:
            yield _status(status)
        except BROKEN:
            yield Passed(fingerprint(status), "a receipt that cannot be read")


def _names(value: dict[str, Any]) -> dict[str, str]:
    names: dict[str, str] = {}
    for contact in listed(value, "contacts"):
        if isinstance(contact, dict) and isinstance(contact.get("profile"), dict):
            for key in ("wa_id", "user_id"):
                names[str(contact.get(key))] = str(contact["profile"].get("name") or "")
    return names


def _message(letter: Letter) -> Item:
    if letter.message.get("group_id"):
        return Passed(letter.id, "a group's message")
    kind = str(letter.message.get("type"))
    if kind in _FILES:
        return _said(letter, text=_words(letter.message), files=(_file(letter.message[kind], _FILES[kind]),))
    if kind in {"text", "button", "interactive", "contacts"}:
        return _said(letter, text=_words(letter.message), choice=_choice(letter.message))
    return _KINDS.get(kind, _unknown)(letter)


def _unknown(letter: Letter) -> Said:
    kind = str(letter.message.get("unsupported", {}).get("type") or letter.message.get("type"))[:60]
    return _unread(letter, _("Pesan WhatsApp jenis “%(kind)s” belum bisa dibaca Kanal.") % {"kind": kind})


def _unread(letter: Letter, what: str) -> Said:
    return Said.unreadable(letter.id, letter.handle, letter.at, what, name=letter.name)


def _misshapen(message: Any) -> Item:
    what = _("Pesan WhatsApp yang belum dikenal bentuknya.")
    try:
        return Said.unreadable(_id_of(message), Letter(message, "").handle, datetime.now(tz=UTC), what)
    except BROKEN:
        return Strange(_id_of(message), what)


def _edit(letter: Letter) -> Changed:
    edit = letter.message["edit"]
    return Changed(short_id(edit["original_message_id"]), _words(edit["message"]), letter.at)


def _revoke(letter: Letter) -> Removed:
    return Removed(short_id(letter.message["revoke"]["original_message_id"]), letter.at)


def _said(letter: Letter, **more: Any) -> Said:
    return Said(letter.id, letter.handle, letter.at, name=letter.name, **more)


def _words(message: dict[str, Any]) -> str:
    """The words of a message of any kind that has some; a caption for files."""
    kind = str(message["type"])
    part = message.get(kind)
    if kind == "text":
        return str(message["text"]["body"])
    if kind == "button":
        return str(message["button"].get("text") or "")
    if kind == "interactive":
        return str(_pressed(message)["title"])
    if kind == "contacts":
        return "\n".join(_card(card) for card in message["contacts"])
    return str(part.get("caption") or "") if isinstance(part, dict) else ""


def _pressed(message: dict[str, Any]) -> dict[str, Any]:
    pressed: dict[str, Any] = message["interactive"][message["interactive"]["type"]]
    return pressed


def _choice(message: dict[str, Any]) -> str:
    if message["type"] == "interactive":
        return str(_pressed(message)["id"])
    return str(message["button"].get("payload") or "") if message["type"] == "button" else ""


def _card(card: dict[str, Any]) -> str:
    phones = ", ".join(str(phone.get("phone") or phone.get("wa_id") or "") for phone in card.get("phones") or ())
    return _("Kontak: %(name)s %(phones)s") % {"name": card["name"].get("formatted_name", ""), "phones": phones}


def _location(letter: Letter) -> Said:
    where = letter.message["location"]
    words = [str(where[key]) for key in ("name", "address") if where.get(key)]
    lat, lon = float(where["latitude"]), float(where["longitude"])
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):  # noqa: PLR2004  # degrees; no number (NaN) is none either
        raise ValueError("not on this earth")
    return _said(letter, lat=lat, lon=lon, place=", ".join(words))


def _file(part: dict[str, Any], kind: str) -> FileRef:
    mime = str(part.get("mime_type") or "").partition(";")[0]
    return FileRef(str(part["id"]), kind, mime=mime, name=str(part.get("filename") or ""))


def _system(letter: Letter) -> Item:
    if str(letter.message.get("system", {}).get("type", "")).endswith("changed_number"):
        return _unread(letter, _("Pengirim ini mengganti nomor WhatsApp-nya."))
    return Passed(letter.id, "a system message")


def _reaction(letter: Letter) -> Passed:
    return Passed(letter.id, "a reaction")


_KINDS: dict[str, Callable[[Letter], Item]] = {
    "location": _location,
    "reaction": _reaction,
    "system": _system,
    "edit": _edit,
    "revoke": _revoke,
}


def _status(status: dict[str, Any]) -> Item:
    name, key = str(status["id"]), str(status.get("biz_opaque_callback_data") or "")
    state, at = _STATES.get(str(status["status"])), moment(status["timestamp"])
    if state is None:
        return Passed(name, f"status {str(status['status'])[:20]}")
    if state != "failed":
        return Receipt(name, state, at, key=key)
    error = (status.get("errors") or [{}])[0]
    code = int(error.get("code") or 0)
    return Receipt(name, state, at, faults.sentence_of(code), faults.is_no_address(code), key=key)


def _id_of(message: Any) -> str:
    known = message.get("id") if isinstance(message, dict) else None
    return str(known)[:LONGEST_ID] if known else fingerprint(message)
