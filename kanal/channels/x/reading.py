"""What posts say, in the words of the mailroom (https://docs.x.com/x-api/fundamentals/data-dictionary)."""

import html
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from kanal.channels import queries
from kanal.channels.adapters import BROKEN, Changed, FileRef, Item, Passed, Removed, Said, Strange, unknown_shape
from kanal.channels.candidates import Watch
from kanal.channels.models import InboundFile, Medium
from kanal.channels.x import messages

Kind = InboundFile.Kind
AT_THE_BEGINNING = re.compile(r"^(?:\s*@\w+)+\s*")
"""Those whom a post is addressed to."""


def read(payload: bytes, *, account: str, everything: bool = False, now: datetime | None = None) -> Iterator[Item]:
    """Everything in one page of mentions or messages, or in an answer about posts that were asked for by their ids.

    Raises NotUnderstoodError for what is no page of X.
    """
    try:
        page = json.loads(payload)
        posts, faults = list(page.get("data") or []), list(page.get("errors") or [])
    except (ValueError, TypeError, AttributeError, RecursionError) as fault:
        raise unknown_shape(type(fault).__name__) from fault
    reader = _Reader(page, account, Watch.now(everything=everything), now or datetime.now(tz=UTC))
    for post in reversed(posts):  # they come newest first; whoever wrote twice is heard in order
        yield from reader.items(post)
    for missing in faults:
        yield from reader.missing(missing)


def _digest(post: Any) -> str:
    return sha256(json.dumps(post, sort_keys=True).encode("utf-8", "replace")).hexdigest()[:16]


class _Reader:
    """One page: its posts, who wrote them, and the files and places that they mention."""

    def __init__(self, page: Mapping[str, Any], account: str, watch: Watch, now: datetime) -> None:
        included = page.get("includes")
        self._included: dict[str, Any] = included if isinstance(included, dict) else {}
        self._account, self._watch, self._now = account, watch, now
        self._users = self._by("users", "id")
        self._media = self._by("media", "media_key")
        self._places = self._by("places", "id")
        posts = [post for post in page.get("data") or [] if isinstance(post, dict)]
        self._ours = queries.our_answers(Medium.X, self._replied_to(posts))
        self._kept = queries.taken_up(Medium.X, self._versions(posts))

    def _by(self, kind: str, key: str) -> dict[str, dict[str, Any]]:
        rows = self._included.get(kind)
        return {str(row[key]): row for row in rows or [] if isinstance(row, dict) and key in row}

    def _replied_to(self, posts: list[dict[str, Any]]) -> set[str]:
        return {self._reference(post, "replied_to") for post in posts} - {""}

    def _versions(self, posts: list[dict[str, Any]]) -> set[str]:
        histories = [post.get("edit_history_tweet_ids") or post.get("id") for post in posts]
        return {str(one) for found in histories for one in (found if isinstance(found, list) else [found])}

    def _reference(self, post: dict[str, Any], kind: str) -> str:
        for reference in post.get("referenced_tweets") or []:
            if isinstance(reference, dict) and reference.get("type") == kind:
                return str(reference.get("id") or "")
        return ""

    def items(self, post: Any) -> Iterator[Item]:
        """What one post brings."""
        number = str(post.get("id") or "") if isinstance(post, dict) else ""
        if not number:
            yield Strange(f"page:{_digest(post)}", _("Kiriman X tanpa nomor."))
            return
        try:
            yield from self._message(post) if messages.is_message(post) else self._post(number, post)
        except BROKEN:
            if messages.is_message(post):
                yield messages.misshapen(post, self._account, self._now)
            else:
                yield Strange(number, _("Kiriman X yang belum dikenal bentuknya."))

    def _message(self, event: dict[str, Any]) -> Iterator[Item]:
        name, files = self._name(str(event.get("sender_id"))), self._files(event)
        yield messages.read(event, self._account, name=name, files=files, now=self._now)

    def _post(self, number: str, post: dict[str, Any]) -> Iterator[Item]:
        history = [str(one) for one in post.get("edit_history_tweet_ids") or [number]]
        first = history[0]  # each version of an edited post has a number of its own; the first one stands for all
        author, text = str(post["author_id"]), self._text(post)
        why = "" if first in self._kept else self._why_not(post, author, text)  # kept: an edit, whatever its words
        if why:
            yield Passed(first, why, counted=True)
            return
        at = min(datetime.fromisoformat(post["created_at"]), self._now)
        place = self._places.get(str((post.get("geo") or {}).get("place_id") or ""), {})
        yield Said(
            first,
            author,
            at,
            text=text,
            name=self._name(author),
            files=self._files(post),
            place=str(place.get("full_name") or ""),
            thread=number,
            public=True,
            subject=f"x.com/i/status/{number}",
        )
        if len(history) > 1:
            yield Changed(first, text, at)

    def _why_not(self, post: dict[str, Any], author: str, text: str) -> str:
        if author == self._account:
            return _("Tulisan akun kita sendiri")
        if self._reference(post, "retweeted"):
            return _("Kiriman ulang tulisan orang lain")
        if self._reference(post, "replied_to") in self._ours:
            return ""  # they answer us: whatever the words, it belongs to what was said before
        return self._watch.passes_over(text)

    def _text(self, post: dict[str, Any]) -> str:
        """The words without those they are addressed to, with real links in place of X's short ones."""
        long = post.get("note_tweet")
        text, told = (str(long["text"]), long) if isinstance(long, dict) else (str(post["text"]), post)
        for link in (told.get("entities") or {}).get("urls") or []:
            shown = "" if "media_key" in link else str(link.get("expanded_url") or link["url"])
            text = text.replace(str(link["url"]), shown)
        return AT_THE_BEGINNING.sub("", html.unescape(text)).strip()

    def _name(self, author: str) -> str:
        user = self._users.get(author, {})
        handle = f"@{user['username']}" if user.get("username") else ""
        return " ".join(filter(None, (str(user.get("name") or ""), handle)))

    def _files(self, post: dict[str, Any]) -> tuple[FileRef, ...]:
        keys = (post.get("attachments") or {}).get("media_keys") or []
        found = [self._file(self._media.get(str(key), {})) for key in keys]
        return tuple(file for file in found if file)

    def _file(self, media: dict[str, Any]) -> FileRef | None:
        if media.get("type") == "photo" and media.get("url"):
            return FileRef(str(media["url"]), Kind.IMAGE, mime="image/jpeg")
        films = [film for film in media.get("variants") or [] if film.get("content_type") == "video/mp4"]
        if not films:
            return None
        lightest = min(films, key=lambda film: int(film.get("bit_rate") or 0))
        return FileRef(str(lightest["url"]), Kind.VIDEO, mime="video/mp4")

    def missing(self, fault: Any) -> Iterator[Item]:
        """A post that was asked for and is not there any more; what is missing beside a post is no news."""
        if not isinstance(fault, dict) or fault.get("resource_type") != "tweet" or fault.get("parameter") != "ids":
            return
        number = str(fault.get("resource_id") or fault.get("value") or "")
        if "not-found" in str(fault.get("type") or ""):
            yield Removed(number, self._now)
