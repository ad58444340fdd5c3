"""What a Facebook Page's webhook says, in the words of the mailroom.

Shapes: https://developers.facebook.com/docs/graph-api/webhooks/reference/page (fields feed, mention and the messages')
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kanal.channels.adapters import BROKEN, Changed, FileRef, Item, Passed, Removed, Said
from kanal.channels.graph import messaging
from kanal.channels.graph.payload import (
    entries,
    fingerprint,
    listed,
    misshapen,
    moment,
    of_another,
    short_id,
    told,
)
from kanal.channels.models import InboundFile

PLATFORM = "Facebook"
_POSTS = {"post", "status", "photo", "video", "share", "link", "note"}
_SIGNS = {"reaction", "like", "follow"}
_ADDED, _EDITED = {"add", ""}, {"edit", "edited", "update"}
_SILENT = {"hide", "unhide", "block", "unblock", "follow", "mute"}


@dataclass(frozen=True, slots=True)
class Change:
    """One change below our posts, or somewhere we are named."""

    value: dict[str, Any]
    entry_time: Any

    @property
    def item(self) -> str:
        """What it is about: a comment, a post, a reaction."""
        return str(self.value.get("item") or "")

    @property
    def id(self) -> str:
        """The comment's id, else the post's."""
        return short_id(self.value["comment_id"] if self.item == "comment" else self.value["post_id"])

    @property
    def writer(self) -> tuple[str, str]:
        """Id and name of who wrote it. Where Facebook does not say, the comment stands for its writer."""
        person = self.value.get("from") or {}
        handle = person.get("id") or self.value.get("sender_id") or self.id
        return str(handle), str(person.get("name") or self.value.get("sender_name") or "")

    @property
    def at(self) -> datetime:
        """When it was written."""
        return moment(self.value.get("created_time") or self.entry_time)

    @property
    def told_at(self) -> datetime:
        """When Facebook told of it: later than it was written when it is an edit."""
        return moment(self.entry_time)

    @property
    def thread(self) -> str:
        """Where an answer belongs. Comments have two storeys: an answer to an answer stands below the first comment."""
        if self.item != "comment":
            return f"post:{self.id}"
        parent = self.value.get("parent_id")
        nested = parent and str(parent) != str(self.value.get("post_id"))
        return f"comment:{short_id(parent) if nested else self.id}"


def read(payload: bytes, page_id: str) -> Iterator[Item]:
    """Everything that one call holds, for the Page with this id. Raises NotUnderstoodError for what is no such call."""
    for entry in entries(payload, "page"):
        if str(entry.get("id")) != page_id:
            yield of_another(entry, PLATFORM)
            continue
        yield from messaging.read(entry, page_id, PLATFORM)
        for change in listed(entry, "changes"):
            yield _change(change, entry, page_id)


def _change(part: Any, entry: dict[str, Any], page_id: str) -> Item:
    try:
        field, change = str(part["field"]), Change(part["value"], entry.get("time"))
        if field in {"feed", "mention"}:
            return _feed(change, page_id, mentioned=field == "mention")
    except BROKEN:
        return misshapen(part, PLATFORM)
    return told(part, PLATFORM, field)


def _feed(change: Change, page_id: str, *, mentioned: bool) -> Item:
    verb = str(change.value.get("verb") or "")
    if change.item in _SIGNS or verb in _SILENT:
        return Passed(fingerprint(change.value), "a reaction or a hidden comment")
    is_said = change.item == "comment" or change.item in _POSTS
    if is_said and change.writer[0] == page_id:
        return Passed(change.id, "an echo of our own")
    if is_said and verb == "remove":
        return Removed(change.id, change.told_at)
    if is_said and verb in _EDITED:
        return Changed(change.id, str(change.value.get("message") or ""), change.told_at)
    if is_said and verb in _ADDED:
        return _said(change, mentioned=mentioned)
    return told(change.value, PLATFORM, f"{change.item} {verb}".strip())


def _said(change: Change, *, mentioned: bool) -> Item:
    handle, name = change.writer
    text = str(change.value.get("message") or "")
    photos = change.value.get("photo") or change.value.get("photos") or (change.item == "photo")
    kind = "comment" if change.item == "comment" else "post"
    files = (FileRef(f"{kind}:{change.id}", InboundFile.Kind.IMAGE),) if photos else ()
    if not text and not files:
        return Passed(change.id, "a comment without words or photos")
    thread = f"mention:{change.id}" if mentioned else change.thread
    return Said(change.id, handle, change.at, text=text, name=name, files=files, thread=thread, public=True)
