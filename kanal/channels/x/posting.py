"""Answering on X: in public under somebody's post, and to them alone by direct message where that is switched on."""

import html
import re
from collections.abc import Callable
from typing import Any

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from kanal.channels import calling, openly, queries
from kanal.channels.actions import pulse
from kanal.channels.adapters import NotSentError, Outgoing, RefusedForGoodError, UncertainError
from kanal.channels.models import Medium
from kanal.channels.x.length import fitted
from kanal.channels.x.line import XLine, fault_of, is_duplicate
from kanal.channels.x.reading import AT_THE_BEGINNING

LONGEST_DIRECT = 10_000
LOOK_BACK = 20
"""How many of our own latest posts are looked through for one of which we do not know whether X took it."""
_LINK = re.compile(r"https?://\S+")


class Poster(XLine):
    """A line for some messages."""

    def send(self, message: Outgoing, *, before: Callable[[], None]) -> str:
        """Send one message and return its id. Raises as adapters.Sender says."""
        try:
            if message.thread:
                return self._reply(message.thread, fitted(openly.openly(message.body)), before)
            if self.settings["direct"]:
                return self._direct_or_hint(message, before)
            return self._hint(message, before)
        finally:
            pulse.spent(Medium.X, 1)

    def _direct_or_hint(self, message: Outgoing, before: Callable[[], None]) -> str:
        try:
            return self._direct(message, before)
        except RefusedForGoodError:
            if message.purpose not in openly.HINTS or message.heard_at:  # nobody need know that they write in private
                raise
            return self._hint(message, before)

    def _direct(self, message: Outgoing, before: Callable[[], None]) -> str:
        body = {"text": calling.shortened(message.body, LONGEST_DIRECT)}
        response = self.post(f"/dm_conversations/with/{message.to}/messages", body, before)
        if response.is_success:
            return f"dm:{_number(response, 'dm_event_id')}"
        if response.is_server_error and response.status_code != httpx.codes.SERVICE_UNAVAILABLE:
            raise UncertainError(str(response.status_code))  # a second copy would not be refused here
        fault = fault_of(response)
        if isinstance(fault, RefusedForGoodError):
            raise RefusedForGoodError(_("Orang ini tidak menerima pesan langsung dari akun kita di X."))
        raise fault

    def _hint(self, message: Outgoing, before: Callable[[], None]) -> str:
        thread = queries.last_thread(Medium.X, message.to)
        if not thread:
            raise RefusedForGoodError(_("Tidak ada kiriman orang ini yang bisa dibalas."))
        return self._reply(thread, fitted(openly.hint(message.purpose, message.key)), before)

    def _reply(self, post: str, text: str, before: Callable[[], None]) -> str:
        body = {"text": text, "reply": {"in_reply_to_tweet_id": post}}
        try:
            response = self.post("/tweets", body, before)
        except UncertainError:
            known = self._said_already(post, text)
            if known:
                return known
            raise
        if is_duplicate(response):
            return self._known_duplicate(post, text)
        if not response.is_success:
            raise fault_of(response)
        return _number(response, "id")

    def _known_duplicate(self, post: str, text: str) -> str:
        """X never takes the same text twice: either this very answer is there already, or one to somebody else is."""
        known = self._said_already(post, text)
        if known:
            return known
        raise RefusedForGoodError(_("X menolak kalimat yang sama dua kali. Tulis balasannya dengan kata lain."))

    def _said_already(self, post: str, text: str) -> str:
        """The id of our answer under a post with this text; "" when there is none to be found."""
        asked = {"max_results": str(LOOK_BACK), "exclude": "retweets", "tweet.fields": "referenced_tweets"}
        try:
            response = self.get(f"/users/{settings.X['user_id']}/tweets", **asked)
        except NotSentError:
            return ""
        for ours in calling.json_of(response).get("data") or [] if response.is_success else []:
            under = [one.get("id") for one in ours.get("referenced_tweets") or [] if one.get("type") == "replied_to"]
            if post in under and _bare(str(ours.get("text") or "")) == _bare(text):
                return str(ours.get("id") or "")
        return ""


def _bare(text: str) -> str:
    """A text without what X changes in it: who is addressed, links made short, spaces."""
    return " ".join(_LINK.sub("", AT_THE_BEGINNING.sub("", html.unescape(text))).split())


def _number(response: httpx.Response, name: str) -> str:
    data: Any = calling.json_of(response).get("data")
    return str(data.get(name) or "") if isinstance(data, dict) else ""
