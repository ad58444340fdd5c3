"""Asking YouTube for comments under our videos: where it was left off, and never more than the day allows.

The newest page is asked for every time, because comments are edited and answered; it is kept when something in it is
new. Older pages are asked for only until what was seen before.
"""

import json
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Self

import httpx
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.channels import calling, queries
from kanal.channels.actions import pulse
from kanal.channels.adapters import Found, RefusedForGoodError, UnreachableError
from kanal.channels.models import Medium
from kanal.channels.youtube.line import YouTubeLine, fault_of, reasons_of
from kanal.channels.youtube.quota import QUESTION, day_of, left_to_ask, until_reset, used_by_answers
from kanal.common import formats

PAGE = 50
"""Threads of one page, of at most a hundred: each page that has something new is kept whole."""
REPLIES = 100
BY_ID = 50
HISTORY = timedelta(days=3)
"""How far back the first look goes."""
LOOK_AFTER = timedelta(hours=1)
"""How often comments that wait on the desk are asked for again: are they still there?"""
LONGEST_REST = timedelta(hours=1)
"""How long before a look whether there are units again: somebody may have got more of them."""
_STALE = {"invalidPageToken", "processingFailure", "badRequest"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where asking was left off.

    `until` is when the newest thread of the last whole walk began, `newest` that of this walk, `page` the token of its
    next page; `seen` tells the newest page by what it held. `threads` wait for their further replies to be asked for,
    `replies` is the token of the next page of the first of them; `counted` is how many replies threads had.
    `units` were used on `day`; `looked_after` is when waiting comments were checked, in seconds.
    """

    until: str = ""
    newest: str = ""
    page: str = ""
    seen: str = ""
    threads: list[str] = field(default_factory=list)
    replies: str = ""
    counted: dict[str, int] = field(default_factory=dict)
    day: str = ""
    units: int = 0
    looked_after: int = 0

    @classmethod
    def read(cls, cursor: str, now: datetime) -> Self:
        """The place that a cursor names; the beginning for an empty or broken one. A new day begins at nought."""
        try:
            told: Any = json.loads(cursor or "{}")
            place = cls(
                **{one.name: type(getattr(cls(), one.name))(told[one.name]) for one in fields(cls) if one.name in told}
            )
        except (ValueError, TypeError):
            place = cls()
        day = day_of(now).isoformat()
        return place if place.day == day else replace(place, day=day, units=0)

    def written(self) -> str:
        """The place as a cursor."""
        return json.dumps({name: value for name, value in asdict(self).items() if value}, separators=(",", ":"))

    def after(self, **changes: Any) -> Self:
        """The place after one more question."""
        return replace(self, units=self.units + QUESTION, **changes)


def look(cursor: str) -> Found | None:
    """Comments that came or changed since `cursor`, a page at a time; None when nothing may be asked now."""
    now = timezone.now()
    place = Place.read(cursor, now)
    place = replace(place, looked_after=place.looked_after or int(now.timestamp()))
    if left_to_ask(place.units, used_by_answers(pulse.state_of(Medium.YOUTUBE), now)) < QUESTION:
        raise UnreachableError(_rests(now), pause=min(until_reset(now), LONGEST_REST))
    with YouTubeLine(settings.YOUTUBE) as line:
        if place.threads:
            return _replies(line, place)
        waiting = _to_look_after(place, now)
        return _look_after(line, place, waiting, now) if waiting else _threads(line, place, now)


def _rests(now: datetime) -> str:
    return _(
        "Jatah YouTube hari ini untuk membaca sudah habis; sisanya disimpan untuk membalas. "
        "Kanal membaca lagi sendiri mulai %(when)s."
    ) % {"when": formats.short_day_time(now + until_reset(now))}


def _threads(line: YouTubeLine, place: Place, now: datetime) -> Found:
    asked = {"part": "snippet,replies", "order": "time", "maxResults": str(PAGE), "textFormat": "plainText"}
    asked["allThreadsRelatedToChannelId"] = settings.YOUTUBE["channel_id"]
    response = line.get("commentThreads", **asked, **({"pageToken": place.page} if place.page else {}))
    if place.page and _is_stale(response):
        return Found(b"", place.after(page="", seen="", newest="").written(), used=QUESTION)
    told = _answer(response)
    if not place.page:
        seen = _digest(_threads_of(told))
        if seen == place.seen:
            return Found(b"", place.after().written(), used=QUESTION)
        place = replace(place, seen=seen)
    return _walked(place, response.content, told, now)


def _walked(place: Place, content: bytes, told: dict[str, Any], now: datetime) -> Found:
    """Note a page of threads: which replies are missing from it, and whether an older page may hold something new."""
    threads = _threads_of(told)
    began = sorted(filter(None, (_began(thread) for thread in threads)))
    until = place.until or (now - HISTORY).strftime("%Y-%m-%dT%H:%M:%SZ")
    newest = max([place.newest, *began])
    missing = {number: count for number, count in map(_further_replies, threads) if count}
    wanted = [number for number, count in missing.items() if place.page or place.counted.get(number) != count]
    token = str(told.get("nextPageToken") or "")
    further = token if began and began[0] > until else ""
    place = place.after(
        page=further,
        newest=newest if further else "",
        until=place.until if further else max(until, newest),
        threads=wanted,
        counted=place.counted if place.page else missing,
    )
    return Found(content if threads else b"", place.written(), more=bool(further or place.threads), used=QUESTION)


def _replies(line: YouTubeLine, place: Place) -> Found:
    """The next page of the replies of the first thread whose own page held only some of them."""
    asked = {"part": "snippet", "parentId": place.threads[0], "maxResults": str(REPLIES), "textFormat": "plainText"}
    response = line.get("comments", **asked, **({"pageToken": place.replies} if place.replies else {}))
    rest = place.threads[1:]
    if _is_refused(response):  # deleted meanwhile, not ours to see any more, or the token is old
        after = place.after(threads=rest, replies="")
        return Found(b"", after.written(), more=bool(rest or place.page), used=QUESTION)
    told = _answer(response)
    token = str(told.get("nextPageToken") or "")
    after = place.after(threads=place.threads if token else rest, replies=token)
    more = bool(after.threads or after.page)
    return Found(response.content if told.get("items") else b"", after.written(), more=more, used=QUESTION)


def _to_look_after(place: Place, now: datetime) -> list[str]:
    if place.page or now.timestamp() - place.looked_after < LOOK_AFTER.total_seconds():
        return []
    return queries.waiting_ids(Medium.YOUTUBE, limit=BY_ID)


def _look_after(line: YouTubeLine, place: Place, waiting: list[str], now: datetime) -> Found:
    """Ask for comments that wait on the desk: those that are not there any more were deleted.

    YouTube refuses all of them when one may not be seen; they are asked for again the next time.
    """
    response = line.get("comments", part="snippet", id=",".join(waiting), textFormat="plainText")
    after = place.after(looked_after=int(now.timestamp()))
    page = b"" if _is_refused(response) else json.dumps({"asked": waiting, "page": _answer(response)}).encode()
    return Found(page, after.written(), more=True, used=QUESTION)


def _answer(response: httpx.Response) -> dict[str, Any]:
    if response.is_success:
        told = calling.json_of(response)
        if "kind" not in told:
            raise UnreachableError(_("Jawaban YouTube tidak bisa dibaca."))
        return told
    fault = fault_of(response)
    if isinstance(fault, UnreachableError):
        raise fault
    sentence = _("YouTube menolak pertanyaan Kanal (%(code)s). Periksa KANAL_YOUTUBE_CHANNEL_ID.")
    raise UnreachableError(sentence % {"code": response.status_code}, pause=timedelta(minutes=10), alarm=True)


def _is_refused(response: httpx.Response) -> bool:
    """Whether YouTube will never answer this one question, while others may be asked."""
    return not response.is_success and isinstance(fault_of(response), RefusedForGoodError)


def _is_stale(response: httpx.Response) -> bool:
    return response.status_code == httpx.codes.BAD_REQUEST and bool(reasons_of(response) & _STALE)


def _threads_of(told: dict[str, Any]) -> list[dict[str, Any]]:
    return [thread for thread in told.get("items") or [] if isinstance(thread, dict)]


def _top(thread: dict[str, Any]) -> dict[str, Any]:
    snippet = thread.get("snippet")
    top = snippet.get("topLevelComment") if isinstance(snippet, dict) else None
    found = top.get("snippet") if isinstance(top, dict) else None
    return found if isinstance(found, dict) else {}


def _began(thread: dict[str, Any]) -> str:
    return str(_top(thread).get("publishedAt") or "")


def _held(thread: dict[str, Any]) -> list[dict[str, Any]]:
    replies = thread.get("replies")
    found = replies.get("comments") if isinstance(replies, dict) else None
    return [reply for reply in found if isinstance(reply, dict)] if isinstance(found, list) else []


def _further_replies(thread: dict[str, Any]) -> tuple[str, int]:
    """A thread and how many replies it has, or nought when all of them are on its page."""
    snippet = thread.get("snippet")
    told = snippet.get("totalReplyCount") if isinstance(snippet, dict) else None
    total = told if isinstance(told, int) else 0
    return str(thread.get("id") or ""), total if total > len(_held(thread)) else 0


def _digest(threads: list[dict[str, Any]]) -> str:
    """What tells one state of a page from another: who is on it, when each was last changed, how many replied."""
    held = [
        (
            str(thread.get("id")),
            str(_top(thread).get("updatedAt")),
            _further_replies(thread)[1],
            [(str(reply.get("id")), str((reply.get("snippet") or {}).get("updatedAt"))) for reply in _held(thread)],
        )
        for thread in threads
    ]
    return sha256(json.dumps(held).encode("utf-8", "replace")).hexdigest()[:16]
