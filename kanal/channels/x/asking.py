"""Asking X for mentions: where it was left off, and never more than the plan allows."""

import json
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import httpx
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.channels import calling, queries
from kanal.channels.adapters import Found, RefusedForGoodError, UnreachableError
from kanal.channels.models import Medium
from kanal.channels.x.line import XLine, fault_of, pause_of

PAGE, SMALLEST_PAGE = 100, 5
"""Posts that one call may bring; X gives no fewer than five."""
HISTORY = timedelta(days=2)
"""How far back the first look goes."""
ERA = 1_288_834_974_657
"""When X's numbers began, in milliseconds."""
LOOK_AFTER = timedelta(hours=6)
"""How often posts that wait on the desk are asked for again: are they still there?"""
FIELDS = {
    "tweet.fields": "created_at,author_id,conversation_id,referenced_tweets,edit_history_tweet_ids,attachments,"
    "entities,geo,note_tweet",
    "expansions": "author_id,attachments.media_keys,geo.place_id",
    "user.fields": "name,username",
    "media.fields": "type,url,variants",
    "place.fields": "full_name",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where asking was left off. Posts come newest first, so a walk through pages remembers the newest of all.

    `since` is the last post of the last whole walk, `page` the token of the next page of this one; `posts` counts what
    was brought in `month`; before `until` (seconds) X is left alone; `looked_after` is when waiting posts were checked.
    """

    since: str = ""
    newest: str = ""
    page: str = ""
    month: str = ""
    posts: int = 0
    until: int = 0
    looked_after: int = 0

    @classmethod
    def read(cls, cursor: str, now: datetime) -> Self:
        """The place that a cursor names; the beginning for an empty or broken one. A new month begins at nought."""
        try:
            told: Any = json.loads(cursor or "{}")
            known = {field.name: told[field.name] for field in fields(cls) if field.name in told}
            place = cls(**{name: type(getattr(cls(), name))(value) for name, value in known.items()})
        except (ValueError, TypeError):
            place = cls()
        month = now.astimezone(UTC).strftime("%Y-%m")
        return place if place.month == month else replace(place, month=month, posts=0)

    def written(self) -> str:
        """The place as a cursor."""
        return json.dumps({name: value for name, value in asdict(self).items() if value}, separators=(",", ":"))

    @property
    def left(self) -> int:
        """How many posts the plan still allows this month."""
        return max(0, int(settings.X["posts_a_month"]) - self.posts)


def look(cursor: str) -> Found | None:
    """Mentions that came since `cursor`, a page at a time; None when nothing may be asked now."""
    now = timezone.now()
    place = Place.read(cursor, now)
    place = replace(place, looked_after=place.looked_after or int(now.timestamp()))
    if now.timestamp() < place.until:
        return None
    if place.left < SMALLEST_PAGE:
        sentence = _("Jatah kiriman X bulan ini (KANAL_X_POSTS_A_MONTH) habis. Naikkan bila paketnya cukup.")
        raise UnreachableError(sentence, pause=timedelta(hours=1), alarm=True)
    with XLine(settings.X) as line:
        waiting = _to_look_after(place, now)
        return _look_after(line, place, waiting, now) if waiting else _mentions(line, place, now)


def _mentions(line: XLine, place: Place, now: datetime) -> Found:
    oldest = _number_at(now - HISTORY)
    place = replace(place, since=place.since or oldest)
    asked = {"max_results": str(min(PAGE, place.left)), "since_id": place.since}
    if place.page:
        asked["pagination_token"] = place.page
    response = line.get(f"/users/{settings.X['user_id']}/mentions", **asked, **FIELDS)
    if response.status_code == httpx.codes.BAD_REQUEST and (place.page or _in_order(place.since) < _in_order(oldest)):
        return _begin_again(place, oldest)
    told = _answer(response)
    meta = told.get("meta") if isinstance(told.get("meta"), dict) else None
    if meta is None:
        raise UnreachableError(_("Jawaban X tidak bisa dibaca."))
    posts = told.get("data") or []
    newest = max(place.newest, str(meta.get("newest_id") or ""), key=_in_order)
    further = str(meta.get("next_token") or "")
    place = replace(
        _rested(place, response), posts=place.posts + len(posts), newest=newest if further else "", page=further
    )
    if not further:
        place = replace(place, since=max(place.since, newest, key=_in_order))
    more = bool(further) and not place.until and place.left >= SMALLEST_PAGE
    return Found(response.content if posts else b"", place.written(), more=more, used=1)


def _in_order(number: str) -> tuple[int, str]:
    """Numbers of posts are too large for some machines and come as texts; longer is later."""
    return len(number), number


def _number_at(moment: datetime) -> str:
    """The number that a post of this moment has: X counts milliseconds of its own era, 22 bits further left."""
    return str((int(moment.timestamp() * 1000) - ERA) << 22)


def _begin_again(place: Place, oldest: str) -> Found:
    """X does not know the page any more, or the post to begin after is too old for it: what is known is passed over."""
    begun = replace(place, page="", newest="") if place.page else replace(place, since=oldest)
    return Found(b"", begun.written(), used=1)


def _to_look_after(place: Place, now: datetime) -> list[str]:
    if place.page or now.timestamp() - place.looked_after < LOOK_AFTER.total_seconds():
        return []
    return queries.waiting_ids(Medium.X, limit=min(PAGE, place.left))


def _look_after(line: XLine, place: Place, waiting: list[str], now: datetime) -> Found:
    """Ask for posts that wait on the desk: whoever deleted theirs does not want it read any more.

    What X refuses to look up is left until the next time: it must not keep us from what is new.
    """
    response = line.get("/tweets", ids=",".join(waiting), **FIELDS)
    refused = not response.is_success and isinstance(fault_of(response), RefusedForGoodError)
    told = {} if refused else _answer(response)
    brought = len(told.get("data") or [])
    place = replace(_rested(place, response), posts=place.posts + brought, looked_after=int(now.timestamp()))
    return Found(b"" if refused else response.content, place.written(), more=True, used=1)


def _answer(response: httpx.Response) -> dict[str, Any]:
    if response.is_success:
        return calling.json_of(response)
    fault = fault_of(response)
    if isinstance(fault, UnreachableError):
        raise fault
    sentence = _("X menolak pertanyaan Kanal (%(code)s). Periksa KANAL_X_USER_ID.") % {"code": response.status_code}
    raise UnreachableError(sentence, pause=timedelta(minutes=10), alarm=True)


def _rested(place: Place, response: httpx.Response) -> Place:
    """The last call of a window was used: nothing is asked before the next one begins."""
    pause = pause_of(response)
    return replace(place, until=int((timezone.now() + pause).timestamp()) if pause else 0)
