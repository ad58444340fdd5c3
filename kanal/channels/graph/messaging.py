"""Private messages of the Messenger Platform, which carries Facebook and Instagram, in the words of the mailroom.

Shapes: https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks
"""

from collections.abc import Callable, Iterator, Mapping
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
    ReceiptUpTo,
    Removed,
    Said,
)
from kanal.channels.graph.payload import fingerprint, listed, misshapen, moment, short_id, told
from kanal.channels.models import InboundFile

Kind = InboundFile.Kind
_FILES = {"image": Kind.IMAGE, "audio": Kind.AUDIO, "video": Kind.VIDEO, "file": Kind.DOCUMENT}
_BEGINNING = {"GET_STARTED", "GET_STARTED_PAYLOAD", "MULAI"}
"""What the button below a chat that nobody began yet sends."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a conversation."""

    told: Mapping[str, Any]
    platform: str

    @property
    def handle(self) -> str:
        """The person, as the platform numbers them for this account alone."""
        return str(self.told["sender"]["id"])

    @property
    def at(self) -> datetime:
        """When it happened."""
        return moment(self.told["timestamp"])


def read(entry: dict[str, Any], account_id: str, platform: str) -> Iterator[Item]:
    """The private messages of one entry, for the account with this id."""
    for event in listed(entry, "messaging"):
        try:
            yield from _event(Event(event, platform), account_id)
        except BROKEN:
            yield _misshapen(event, platform)
    for event in listed(entry, "standby"):
        yield Passed(fingerprint(event), "another app has this conversation")


def _event(event: Event, account_id: str) -> Iterator[Item]:
    if event.handle == account_id:
        yield _echo(event)
        return
    kind = next((name for name in _KINDS if name in event.told), "")
    if kind:
        yield from _KINDS[kind](event)
    else:
        yield told(event.told, event.platform, ", ".join(sorted({*event.told} - {"sender", "recipient", "timestamp"})))


def _misshapen(told: Any, platform: str) -> Item:
    """A message of another shape than documented keeps its sender; any other event is the platform's news."""
    news = misshapen(told, platform)
    try:
        name, handle = short_id(told["message"].get("mid") or fingerprint(told)), Event(told, platform).handle
    except BROKEN:
        return news
    return Said.unreadable(name, handle, datetime.now(tz=UTC), news.what)


def _echo(event: Event) -> Item:
    """A message of our own. One that Kanal sent carries our key, so that a send whose line broke is found by it."""
    message = event.told.get("message") or {}
    name, key = short_id(message.get("mid") or fingerprint(event.told)), str(message.get("metadata") or "")
    return Receipt(name, "sent", event.at, key=key) if key else Passed(name, "an echo of our own")


def _message(event: Event) -> Iterator[Item]:
    message = event.told["message"]
    name = short_id(message["mid"])
    if message.get("is_echo"):
        yield _echo(event)
    elif message.get("is_deleted"):
        yield Removed(name, event.at)
    elif message.get("is_unsupported"):
        what = _("Pesan %(platform)s yang belum bisa dibaca Kanal.") % {"platform": event.platform}
        yield Said.unreadable(name, event.handle, event.at, what)
    else:
        yield _said(event, message, name)


def _said(event: Event, message: dict[str, Any], name: str) -> Item:
    brought = _Brought(str(message["mid"]))
    for at, attachment in enumerate(listed(message, "attachments")):
        brought.take(at, attachment)
    text = "\n".join(filter(None, [str(message.get("text") or ""), *brought.words]))
    if not text and not brought.files and brought.point is None:
        return Passed(name, "a sticker or nothing")
    lat, lon = brought.point or (None, None)
    story = (message.get("reply_to") or {}).get("story")
    return Said(
        name,
        event.handle,
        event.at,
        text=text,
        files=tuple(brought.files),
        lat=lat,
        lon=lon,
        choice=str((message.get("quick_reply") or {}).get("payload") or ""),
        subject=_("Balasan atas cerita") if story else "",
    )


class _Brought:
    """What a message brings besides its words."""

    def __init__(self, mid: str) -> None:
        self.mid = mid
        self.files: list[FileRef] = []
        self.words: list[str] = []
        self.point: tuple[float, float] | None = None

    def take(self, at: int, attachment: dict[str, Any]) -> None:
        """One attachment: a file to be fetched by its place in the message, a pin, or a line of words."""
        kind, part = str(attachment.get("type")), attachment.get("payload") or {}
        if kind == "sticker" or part.get("sticker_id"):
            return
        if kind in _FILES:
            self.files.append(FileRef(f"message:{at}:{self.mid}", _FILES[kind], name=str(part.get("title") or "")))
        elif kind == "location":
            where = part["coordinates"]
            lat, lon = float(where["lat"]), float(where["long"])
            if not (-90 <= lat <= 90 and -180 <= lon <= 180):  # noqa: PLR2004  # degrees; no number (NaN) is none either
                raise ValueError("not on this earth")
            self.point = lat, lon
        else:  # a shared post or link, a reel, somebody's story that names us, or a kind of tomorrow
            link = [str(part[key]) for key in ("title", "url") if part.get(key)]
            self.words.append(" ".join(link) or _("(Lampiran: %(kind)s)") % {"kind": kind[:40]})


def _edit(event: Event) -> Iterator[Item]:
    edit = event.told["message_edit"]
    yield Changed(short_id(edit["mid"]), str(edit["text"]), event.at)


def _delivery(event: Event) -> Iterator[Item]:
    part = event.told["delivery"]
    names = listed(part, "mids")
    yield from (Receipt(short_id(name), "delivered", event.at) for name in names)
    if not names:
        yield ReceiptUpTo(event.handle, "delivered", moment(part["watermark"]))


def _read(event: Event) -> Iterator[Item]:
    part = event.told["read"]
    if part.get("mid"):
        yield Receipt(short_id(part["mid"]), "read", event.at)
    else:
        yield ReceiptUpTo(event.handle, "read", moment(part["watermark"]))


def _postback(event: Event) -> Iterator[Item]:
    part = event.told["postback"]
    choice = str(part.get("payload") or "")
    text = "/start" if choice.upper() in _BEGINNING else str(part["title"])
    name = short_id(part["mid"]) if part.get("mid") else fingerprint(event.told)
    yield Said(name, event.handle, event.at, text=text, choice=choice)


def _nothing(event: Event) -> Iterator[Item]:
    yield Passed(fingerprint(event.told), "a reaction, a referral or another sign without words")


_KINDS: dict[str, Callable[[Event], Iterator[Item]]] = {
    "message": _message,
    "message_edit": _edit,
    "delivery": _delivery,
    "read": _read,
    "postback": _postback,
    "reaction": _nothing,
    "referral": _nothing,
    "optin": _nothing,
    "account_linking": _nothing,
    "pass_thread_control": _nothing,
    "take_thread_control": _nothing,
    "request_thread_control": _nothing,
    "app_roles": _nothing,
}
