"""What Telegram's updates say, in the words of the mailroom (https://core.telegram.org/bots/api#update)."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from kanal.channels.adapters import BROKEN, Changed, FileRef, Item, Passed, Said, Strange, unknown_shape
from kanal.channels.models import InboundFile

Kind = InboundFile.Kind
_FILES = {
    "voice": Kind.AUDIO,
    "audio": Kind.AUDIO,
    "video": Kind.VIDEO,
    "video_note": Kind.VIDEO,
    "animation": Kind.VIDEO,
    "document": Kind.DOCUMENT,
}
_NOTHING_FOLLOWS = {
    "channel_post",
    "edited_channel_post",
    "my_chat_member",
    "chat_member",
    "message_reaction",
    "message_reaction_count",
    "inline_query",
    "chosen_inline_result",
    "poll",
    "poll_answer",
    "chat_boost",
    "removed_chat_boost",
}
_SERVICE = {"pinned_message", "message_auto_delete_timer_changed", "write_access_allowed", "chat_background_set"}


def read(payload: bytes) -> Iterator[Item]:
    """Everything in one update (webhook) or one page of updates (getUpdates).

    Raises NotUnderstoodError for what is no update of Telegram.
    """
    try:
        body = json.loads(payload)
        updates = body.get("result", [body])
        numbered = [(int(update["update_id"]), update) for update in updates]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise unknown_shape(type(fault).__name__) from fault
    for number, update in numbered:
        try:
            yield _update(number, update)
        except BROKEN:
            yield _misshapen(number, update)


def _update(number: int, update: dict[str, Any]) -> Item:
    kind = next((key for key in update if key != "update_id"), "?")
    if kind == "message":
        return _message(update["message"])
    if kind == "edited_message":
        return _edited(update["edited_message"])
    if kind == "callback_query":
        return _pressed(update["callback_query"])
    if kind in _NOTHING_FOLLOWS:
        return Passed(f"update:{number}", kind)
    return Strange(f"update:{number}", _("Kiriman Telegram jenis “%(kind)s” belum dikenal.") % {"kind": kind[:60]})


def _misshapen(number: int, update: Any) -> Item:
    """A message of another shape than documented keeps its sender, unless it may be a group's."""
    what = _("Pesan Telegram yang belum dikenal bentuknya.")
    try:
        if not _not_for_us(update["message"]):
            return _unread(update["message"], datetime.now(tz=UTC), what)
    except BROKEN:
        pass
    return Strange(f"update:{number}", what)


def _unread(message: dict[str, Any], at: datetime, what: str) -> Item:
    return Said.unreadable(message_id(message), str(message["chat"]["id"]), at, what, name=_name(message["chat"]))


def message_id(message: dict[str, Any]) -> str:
    """The id of a message: Telegram counts them anew in each chat."""
    return f"{message['chat']['id']}:{message['message_id']}"


def _not_for_us(message: dict[str, Any]) -> str:
    if message["chat"]["type"] != "private":
        return "a group's message"
    return "a bot's message" if message.get("from", {}).get("is_bot") else ""


def _message(message: dict[str, Any]) -> Item:
    why = _not_for_us(message) or next((key for key in _SERVICE if key in message), "")
    if why:
        return Passed(message_id(message), why)
    place, files = _place(message), _files(message)
    text = message.get("text") or message.get("caption") or _card(message)
    if not (text or files or place):
        known = {"message_id", "from", "chat", "date"}
        kind = next((key for key in message if key not in known), "?")
        what = _("Pesan Telegram jenis “%(kind)s” belum bisa dibaca Kanal.") % {"kind": kind[:60]}
        return _unread(message, _moment(message["date"]), what)
    return Said(
        message_id(message),
        str(message["chat"]["id"]),
        _moment(message["date"]),
        text=str(text),
        name=_name(message["chat"]),
        files=files,
        **place,
    )


def _edited(message: dict[str, Any]) -> Item:
    why = _not_for_us(message)
    if why or "location" in message:
        return Passed(message_id(message), why or "a place that moves")
    words = str(message.get("text") or message.get("caption") or "")
    return Changed(message_id(message), words, _moment(message["edit_date"]))


def _pressed(press: dict[str, Any]) -> Item:
    message = press.get("message") or {}
    if message and message["chat"]["type"] != "private":
        return Passed(f"button:{press['id']}", "a group's button")
    data = str(press.get("data") or "")
    rows = message.get("reply_markup", {}).get("inline_keyboard") or []
    titles = [button["text"] for row in rows for button in row if button.get("callback_data") == data]
    person = press["from"]
    return Said(
        f"button:{press['id']}",
        str(person["id"]),
        datetime.now(tz=UTC),  # Telegram does not say when a button was pressed
        text=str(titles[0]) if titles else data,
        name=_name(person),
        choice=data,
    )


def _place(message: dict[str, Any]) -> dict[str, Any]:
    where = message.get("location")
    if not where:
        return {}
    lat, lon = float(where["latitude"]), float(where["longitude"])
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):  # noqa: PLR2004  # degrees; no number (NaN) is none either
        raise ValueError("not on this earth")
    venue = message.get("venue") or {}
    words = [str(venue[key]) for key in ("title", "address") if venue.get(key)]
    return {"lat": lat, "lon": lon, "place": ", ".join(words)}


def _files(message: dict[str, Any]) -> tuple[FileRef, ...]:
    if message.get("photo"):
        largest = max(message["photo"], key=lambda size: int(size["width"]) * int(size["height"]))
        return (FileRef(str(largest["file_id"]), Kind.IMAGE, mime="image/jpeg"),)
    sticker = message.get("sticker")
    if sticker:  # those that move are no picture that can be kept
        moves = sticker.get("is_animated") or sticker.get("is_video")
        return () if moves else (FileRef(str(sticker["file_id"]), Kind.IMAGE, mime="image/webp"),)
    kind = next((key for key in _FILES if message.get(key)), None)
    if kind is None:
        return ()
    part = message[kind]
    name = str(part.get("file_name") or "")
    return (FileRef(str(part["file_id"]), _FILES[kind], mime=str(part.get("mime_type") or ""), name=name),)


def _card(message: dict[str, Any]) -> str:
    card = message.get("contact")
    if not card:
        return str(message.get("sticker", {}).get("emoji") or "")
    return _("Kontak: %(name)s %(phones)s") % {"name": _name(card), "phones": card.get("phone_number") or ""}


def _name(person: dict[str, Any]) -> str:
    return " ".join(str(person[key]) for key in ("first_name", "last_name") if person.get(key))


def _moment(timestamp: Any) -> datetime:
    return min(datetime.fromtimestamp(int(timestamp), tz=UTC), datetime.now(tz=UTC))
