"""What comments say, in the words of the mailroom (https://developers.google.com/youtube/v3/docs/comments)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from kanal.channels import actions, queries
from kanal.channels.adapters import BROKEN, Changed, Item, Passed, Removed, Said, Strange, unknown_shape
from kanal.channels.candidates import Watch
from kanal.channels.models import Medium

THREADS, COMMENTS = "youtube#commentThreadListResponse", "youtube#commentListResponse"


def read(payload: bytes, *, channel: str, everything: bool = False, now: datetime | None = None) -> Iterator[Item]:
    """Everything in one page of threads or of replies, or in an answer about comments asked for by their ids.

    Raises NotUnderstoodError for what is no page of YouTube.
    """
    try:
        told = json.loads(payload)
        asked, page = (told["asked"], told["page"]) if "asked" in told else ([], told)
        kind, entries = page["kind"], list(page.get("items") or [])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise unknown_shape(type(fault).__name__) from fault
    if kind not in {THREADS, COMMENTS}:
        raise unknown_shape(str(kind)[:60])
    now = now or datetime.now(tz=UTC)
    comments = _in_order(entries) if kind == THREADS else entries[::-1]
    named = {found for comment in comments for found in (_number(comment), _parent(comment))} - {""}
    kept = queries.taken_up(Medium.YOUTUBE, named)
    reader = _Reader(channel, Watch.now(everything=everything), kept, now)
    for comment in comments:
        yield from reader.items(comment)
    there = {str(entry.get("id")) for entry in entries if isinstance(entry, dict)}
    for number in asked:
        if number not in there:
            yield Removed(str(number), now)


def _in_order(threads: list[Any]) -> list[Any]:
    """The comments of threads, the oldest thread first, each with its replies after it."""
    found: list[Any] = []
    for thread in reversed(threads):
        try:
            video = thread["snippet"].get("videoId") or ""
            first, replies = thread["snippet"]["topLevelComment"], (thread.get("replies") or {}).get("comments") or []
            together = [first, *sorted(replies, key=lambda reply: str(reply["snippet"]["publishedAt"]))]
            found += [{**comment, "snippet": {"videoId": video, **comment["snippet"]}} for comment in together]
        except BROKEN:
            found.append(thread)  # kept as what it is: something of an unknown shape
    return found


def _number(comment: Any) -> str:
    return str(comment.get("id") or "") if isinstance(comment, dict) else ""


def _parent(comment: Any) -> str:
    snippet = comment.get("snippet") if isinstance(comment, dict) else None
    return str(snippet.get("parentId") or "") if isinstance(snippet, dict) else ""


@dataclass(frozen=True, slots=True)
class _Reader:
    """How the comments of one page are read; `kept` says of each that is a message already who wrote it."""

    channel: str
    watch: Watch
    kept: dict[str, str]
    now: datetime

    def items(self, comment: Any) -> Iterator[Item]:
        """What one comment brings."""
        number = _number(comment)
        try:
            yield from self._known(number or str(comment["id"]), comment["snippet"])
        except BROKEN:
            digest = sha256(json.dumps(comment, sort_keys=True).encode("utf-8", "replace")).hexdigest()[:16]
            yield Strange(number or f"page:{digest}", _("Komentar YouTube yang belum dikenal bentuknya."))

    def _known(self, number: str, snippet: dict[str, Any]) -> Iterator[Item]:
        author, thread = str(snippet["authorChannelId"]["value"]), str(snippet.get("parentId") or number)
        text = str(snippet.get("textOriginal") or snippet["textDisplay"])
        why = "" if number in self.kept else self._why_not(author, thread, text)  # kept: an edit, whatever its words
        if why:
            yield Passed(number, why, counted=True)
            return
        if thread == number:
            self.kept[number] = actions.hash_of(Medium.YOUTUBE, author)
        said_at, changed_at = (datetime.fromisoformat(snippet[name]) for name in ("publishedAt", "updatedAt"))
        yield Said(
            number,
            author,
            min(said_at, self.now),
            text=text,
            name=str(snippet.get("authorDisplayName") or ""),
            thread=thread,
            public=True,
            subject=f"youtu.be/{snippet['videoId']}" if snippet.get("videoId") else "",
        )
        if changed_at > said_at:
            yield Changed(number, text, min(changed_at, self.now))

    def _why_not(self, author: str, thread: str, text: str) -> str:
        if author == self.channel:
            return _("Tulisan akun kita sendiri")
        if self.kept.get(thread) == actions.hash_of(Medium.YOUTUBE, author):
            return ""  # whoever began a matter goes on with it, whatever the words
        return self.watch.passes_over(text)
