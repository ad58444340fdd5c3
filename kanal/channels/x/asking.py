"""Asking X for mentions and messages: where it was left off, and never more than the plan allows."""

from dataclasses import replace
from datetime import datetime, timedelta

import httpx
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.channels import queries
from kanal.channels.adapters import Found, RefusedForGoodError, UnreachableError
from kanal.channels.models import Medium
from kanal.channels.x import messages
from kanal.channels.x.line import XLine, answer_of, fault_of
from kanal.channels.x.place import HISTORY, Place, in_order, number_at

PAGE, SMALLEST_PAGE = 100, 5
"""Posts that one call may bring; X gives no fewer than five."""
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


def look(cursor: str) -> Found | None:
    """What came since `cursor`, a page at a time, messages before mentions; None when nothing may be asked now."""
    now = timezone.now()
    place = Place.read(cursor, now)
    place = replace(place, looked_after=place.looked_after or int(now.timestamp()))
    if now.timestamp() < place.until:
        return None
    if place.left < SMALLEST_PAGE:
        sentence = _("Jatah kiriman X bulan ini (KANAL_X_POSTS_A_MONTH) habis. Naikkan bila paketnya cukup.")
        raise UnreachableError(sentence, pause=timedelta(hours=1), alarm=True)
    with XLine(settings.X) as line:
        if settings.X["direct_read"] and not place.heard_now:
            payload, place = messages.look(line, place, now)
            if payload or not place.heard_now:
                return Found(payload, place.written(), more=place.left >= SMALLEST_PAGE, used=1)
        waiting = _to_look_after(place, now)
        found = _look_after(line, place, waiting, now) if waiting else _mentions(line, place, now)
    return replace(found, alarm=place.deaf_why if settings.X["direct_read"] else "")


def _mentions(line: XLine, place: Place, now: datetime) -> Found:
    oldest = number_at(now - HISTORY)
    place = replace(place, since=place.since or oldest)
    asked = {"max_results": str(min(PAGE, place.left)), "since_id": place.since}
    if place.page:
        asked["pagination_token"] = place.page
    response = line.get(f"/users/{settings.X['user_id']}/mentions", **asked, **FIELDS)
    if response.status_code == httpx.codes.BAD_REQUEST and (place.page or in_order(place.since) < in_order(oldest)):
        return _begin_again(place, oldest)
    told = answer_of(response)
    meta = told.get("meta") if isinstance(told.get("meta"), dict) else None
    if meta is None:
        raise UnreachableError(_("Jawaban X tidak bisa dibaca."))
    posts = told.get("data") or []
    newest = max(place.newest, str(meta.get("newest_id") or ""), key=in_order)
    further = str(meta.get("next_token") or "")
    place = replace(
        place.rested(response), posts=place.posts + len(posts), newest=newest if further else "", page=further
    )
    if not further:
        place = replace(place, since=max(place.since, newest, key=in_order), heard_now=False)
    more = bool(further) and not place.until and place.left >= SMALLEST_PAGE
    return Found(response.content if posts else b"", place.written(), more=more, used=1)


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
    told = {} if refused else answer_of(response)
    brought = len(told.get("data") or [])
    place = replace(place.rested(response), posts=place.posts + brought, looked_after=int(now.timestamp()))
    return Found(b"" if refused else response.content, place.written(), more=True, used=1)
