"""Answering under a comment. YouTube takes the same text twice, so what is there already is looked for first."""

from collections.abc import Callable

from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.channels import calling, openly, queries
from kanal.channels.actions import pulse
from kanal.channels.adapters import NotSentError, Outgoing, RefusedForGoodError, UncertainError, UnreachableError
from kanal.channels.models import Medium
from kanal.channels.youtube.asking import REPLIES, Place
from kanal.channels.youtube.line import YouTubeLine, fault_of
from kanal.channels.youtube.quota import ANSWER, QUESTION, SENDING, day_of, left_to_answer, until_reset, used_by_answers

LONGEST = 5000
"""Characters; YouTube allows more, nobody reads it."""


class Answerer(YouTubeLine):
    """A line for some messages."""

    def send(self, message: Outgoing, *, before: Callable[[], None]) -> str:
        """Send one message and return its id. Raises as adapters.Sender says."""
        thread = message.thread or queries.last_thread(Medium.YOUTUBE, message.to)
        if not thread:
            raise RefusedForGoodError(_("Tidak ada komentar orang ini yang bisa dibalas."))
        self._demand_units()
        public = openly.openly(message.body) if message.thread else openly.hint(message.purpose, message.key)
        text = calling.shortened(public.strip(), LONGEST)
        known = self._said_already(thread, text)
        return known or self._insert(thread, text, before)

    def _demand_units(self) -> None:
        now, state = timezone.now(), pulse.state_of(Medium.YOUTUBE)
        if left_to_answer(Place.read(state.cursor, now).units, used_by_answers(state, now)) < SENDING:
            sentence = _("Jatah harian YouTube habis. Balasan dikirim sesudah jatahnya baru.")
            raise UnreachableError(sentence, pause=until_reset(now))

    def _insert(self, thread: str, text: str, before: Callable[[], None]) -> str:
        def leaving() -> None:
            before()
            _spent(ANSWER)

        try:
            response = self.post("comments", {"snippet": {"parentId": thread, "textOriginal": text}}, leaving)
        except UncertainError:
            try:
                known = self._said_already(thread, text)
            except NotSentError:
                known = ""
            if known:
                return known
            raise
        if not response.is_success:
            raise fault_of(response)
        return str(calling.json_of(response).get("id") or "")

    def _said_already(self, thread: str, text: str) -> str:
        """The id of our reply under a comment with this text; "" when there is none. Raises NotSentError."""
        asked = {"part": "snippet", "parentId": thread, "maxResults": str(REPLIES), "textFormat": "plainText"}
        _spent(QUESTION)
        response = self.get("comments", **asked)
        if not response.is_success:
            raise fault_of(response)
        for reply in calling.json_of(response).get("items") or []:
            snippet = reply.get("snippet") or {}
            author = (snippet.get("authorChannelId") or {}).get("value")
            said = str(snippet.get("textOriginal") or snippet.get("textDisplay") or "")
            if author == self.settings["channel_id"] and said.split() == text.split():
                return str(reply.get("id") or "")
        return ""


def _spent(units: int) -> None:
    pulse.spent(Medium.YOUTUBE, units, on=day_of(timezone.now()))
