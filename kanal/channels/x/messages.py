"""Direct messages to our account: asking for those that are new, and what they say in the words of the mailroom.

https://docs.x.com/x-api/direct-messages/lookup/introduction; without a way to ask for new ones alone.
"""

import html
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from django.utils.translation import gettext as _

from kanal.channels.adapters import FileRef, Item, Passed, RefusedForGoodError, Said, Strange, UnreachableError
from kanal.channels.x.line import SETUP, XLine, answer_of, fault_of, pause_of, said_by
from kanal.channels.x.place import HISTORY, Place, in_order, number_at

PAGE = 20
"""Messages that one call may bring: those that are known already are among them."""
REST = timedelta(minutes=30)
"""How long messages are not asked for after a fault of theirs that says nothing else."""
FIELDS = {
    "event_types": "MessageCreate",
    "dm_event.fields": "id,text,event_type,created_at,sender_id,dm_conversation_id,attachments,entities",
    "expansions": "sender_id,attachments.media_keys",
    "user.fields": "name,username",
    "media.fields": "type,url,variants",
}


def look(line: XLine, place: Place, now: datetime) -> tuple[bytes, Place]:
    """The next page of new messages; empty when there are none. A fault of theirs holds up no mention."""
    if now.timestamp() < place.deaf:
        return b"", replace(place, heard_now=True)
    try:
        return _new(line, place, now)
    except UnreachableError as trouble:
        until = now + (trouble.pause or REST)
        why = trouble.sentence if trouble.alarm else ""
        return b"", replace(place, heard_now=True, deaf=int(until.timestamp()), deaf_why=why)


def _new(line: XLine, place: Place, now: datetime) -> tuple[bytes, Place]:
    since = place.heard or number_at(now - HISTORY)
    asked = {"max_results": str(min(PAGE, place.left))}
    if place.heard_page:
        asked["pagination_token"] = place.heard_page
    response = line.get("/dm_events", **asked, **FIELDS)
    if response.status_code == httpx.codes.BAD_REQUEST and place.heard_page:  # the page is not known any more
        return b"", replace(place, heard_page="", heard_newest="", heard_now=True)
    told = _permitted(response)
    events = [event for event in told.get("data") or [] if isinstance(event, dict)]
    new = [event for event in events if in_order(str(event.get("id") or "")) > in_order(since)]
    newest = max([place.heard_newest, *(str(event["id"]) for event in new)], key=in_order)
    meta = told.get("meta") or {}
    further = str(meta.get("next_token") or "") if new and len(new) == len(events) else ""
    today, pause = now.astimezone(UTC).date().isoformat(), pause_of(response)
    place = replace(
        place,
        posts=place.posts + len(new if place.heard_on == today else events),  # X charges each once a day
        heard=since if further else max(since, newest, key=in_order),
        heard_newest=newest if further else "",
        heard_page=further,
        heard_on=today,
        heard_now=not further or pause is not None,
        deaf=int((now + pause).timestamp()) if pause else 0,
        deaf_why="",
    )
    return json.dumps({**told, "data": new}).encode() if new else b"", place


def _permitted(response: httpx.Response) -> dict[str, Any]:
    """What X answered. Raises UnreachableError, with a sentence of its own where reading is not permitted."""
    refused = response.status_code == httpx.codes.FORBIDDEN and isinstance(fault_of(response), RefusedForGoodError)
    if refused or (not response.is_success and any(words in said_by(response) for words in SETUP)):
        sentence = _(
            "X belum mengizinkan pesan langsung dibaca. Pilih izin “Direct message” di console.x.com dan buat ulang "
            "token, atau kosongkan KANAL_X_DIRECT_READ."
        )
        raise UnreachableError(sentence, pause=REST, alarm=True)
    return answer_of(response)


# --- what they say ----------------------------------------------------------------------------------------------------


def is_message(part: Mapping[str, Any]) -> bool:
    """Whether a part of a page is an event of a conversation, not a post."""
    return "event_type" in part


def read(event: Mapping[str, Any], account: str, *, name: str, files: tuple[FileRef, ...], now: datetime) -> Item:
    """One event, from the person called `name`, with the files that the page tells of."""
    number, sender = f"dm:{event['id']}", str(event.get("sender_id") or "")
    why = _not_for_us(event, account)
    if why:
        return Passed(number, why)
    text, at = _text(event), min(datetime.fromisoformat(event["created_at"]), now)
    if not (text or files):
        return Said.unreadable(number, sender, at, _("Pesan langsung X yang belum bisa dibaca Kanal."), name=name)
    return Said(number, sender, at, text=text, name=name, files=files)


def misshapen(event: Mapping[str, Any], account: str, now: datetime) -> Item:
    """A message of another shape than documented keeps its sender."""
    number, what = f"dm:{event['id']}", _("Kiriman X yang belum dikenal bentuknya.")
    if not event.get("sender_id") or _not_for_us(event, account):
        return Strange(number, what)
    return Said.unreadable(number, str(event["sender_id"]), now, what)


def _not_for_us(event: Mapping[str, Any], account: str) -> str:
    if event["event_type"] != "MessageCreate" or str(event.get("sender_id") or "") == account:
        return "our own, or somebody who came or went"
    # A conversation of two people is named after both.
    return "" if "-" in str(event.get("dm_conversation_id") or "-") else "a group's message"


def _text(event: Mapping[str, Any]) -> str:
    """The words, with real links in place of X's short ones; that of a picture which came along is left out."""
    text = str(event.get("text") or "")
    for link in (event.get("entities") or {}).get("urls") or []:
        shown = str(link.get("expanded_url") or link["url"])
        own = "/messages/media/" in shown or "media_key" in link
        text = text.replace(str(link["url"]), "" if own else shown)
    return html.unescape(text).strip()
