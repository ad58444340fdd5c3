"""What an Instagram account's webhook says, in the words of the mailroom.

Shapes: https://developers.facebook.com/documentation/instagram-platform/webhooks/examples
"""

from collections.abc import Iterator
from typing import Any

from kanal.channels.adapters import BROKEN, Item, Passed, Said
from kanal.channels.graph import messaging
from kanal.channels.graph.payload import entries, listed, misshapen, moment, of_another, short_id, told
from kanal.channels.instagram.mentions import Mention

PLATFORM = "Instagram"


def read(payload: bytes, account_id: str, account_name: str) -> Iterator[Item | Mention]:
    """Everything that one call holds, for the account with this id and name. Raises NotUnderstoodError."""
    for entry in entries(payload, "instagram"):
        if str(entry.get("id")) != account_id:
            yield of_another(entry, PLATFORM)
            continue
        yield from messaging.read(entry, account_id, PLATFORM)
        for change in listed(entry, "changes"):
            yield _change(change, entry, {account_id, account_name} - {""})


def _change(part: Any, entry: dict[str, Any], ourselves: set[str]) -> Item | Mention:
    try:
        field, value = str(part["field"]), part["value"]
        if field in {"comments", "live_comments"}:
            return _comment(value, entry, ourselves)
        if field == "mentions":
            comment = str(value.get("comment_id") or "")
            return Mention(str(value["media_id"]), comment, moment(entry["time"]))
    except BROKEN:
        return misshapen(part, PLATFORM)
    return told(part, PLATFORM, field)


def _comment(value: dict[str, Any], entry: dict[str, Any], ourselves: set[str]) -> Item:
    name, writer = short_id(value["id"]), value.get("from") or {}
    if ourselves & {str(writer.get("id")), str(writer.get("username"))}:
        return Passed(name, "an echo of our own")
    text = str(value.get("text") or "")
    if not text:
        return Passed(name, "a comment without words")
    return Said(
        name,
        str(writer.get("id") or name),
        moment(entry["time"]),
        text=text,
        name=str(writer.get("username") or ""),
        thread=f"comment:{short_id(value.get('parent_id') or name)}",
        public=True,
    )
