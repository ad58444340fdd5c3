from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from django.utils.translation import gettext as _

from kanal.channels import calling
from kanal.channels.adapters import Outgoing, RefusedForGoodError, UncertainError
from kanal.channels.graph.account import bearer
from kanal.channels.graph.faults import Menu, error_in
from kanal.channels.graph.payload import short_id

WINDOW = timedelta(hours=24) - timedelta(minutes=2)
"""How long after their last private message people may be written to; the minutes are for clocks that differ."""
WINDOW_OF_PEOPLE = timedelta(days=7) - timedelta(minutes=10)
"""The same for words that a person wrote, where Meta allowed the app to send them (the tag HUMAN_AGENT)."""
WRITTEN_BY_PEOPLE = frozenset({"answered", "question", "message_answer"})
"""Purposes of the outbox whose words an officer wrote. Meta forbids the tag for anything else."""
LONGEST_KEY = 500
_MAY_BE_TAKEN = {500, 502, 504}
"""Answers that a machine before Graph may give when Graph has the message already: they name no error of Graph's."""
ASIDE = "private"
"""Begins the thread of an answer to a comment that its writer alone can read."""
MENTION = "mention"
"""Begins the thread of an answer below somebody else's post."""


def right_to_write(heard_at: datetime | None, purpose: str, *, human_agent: bool) -> dict[str, str] | None:
    """By which right a person is written to who last wrote in private at `heard_at`; None when there is none."""
    since = datetime.now(tz=UTC) - heard_at if heard_at else None
    if since is not None and since < WINDOW:
        return {"messaging_type": "RESPONSE"}
    if since is not None and human_agent and purpose in WRITTEN_BY_PEOPLE and since < WINDOW_OF_PEOPLE:
        return {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    return None


class House(Protocol):
    """The account for which letters are written."""

    menu: Menu
    echoes: bool
    """Whether the echo of a private message carries the key that it was sent with."""

    @property
    def have(self) -> dict[str, Any]:
        """Its settings."""

    def cut(self, words: str, *, public: bool) -> str:
        """Words as long as the platform takes them."""

    def under(self, thread: str, words: str) -> tuple[str, dict[str, str]]:
        """Where a public answer is posted, and what."""


class Postman(calling.Line):
    """A line to the Graph API for some messages: privately to a person, privately to a comment's writer, or publicly.

    None of the three refuses a key of ours that it took before, so what broke off after handing over is never sent
    again unasked. On Facebook the echo of a private message brings its key back and settles what was uncertain.
    """

    def __init__(self, house: House) -> None:
        super().__init__(house.have["api"])
        self._house = house

    def send(self, message: Outgoing, *, before: Callable[[], None]) -> str:
        """Send one message and return Meta's id of it. Raises as adapters.Sender says."""
        house = self._house
        path, body = self._call(message)
        response = calling.hand_over(
            self._line,
            f"{house.have['api']}/{path}",
            platform=house.menu.platform,
            before=before,
            headers=bearer(house.have),
            json=body,
        )
        if response.status_code in _MAY_BE_TAKEN and error_in(response).code < 0:
            raise UncertainError(str(response.status_code))
        if not response.is_success:
            raise house.menu.fault_of(response, elsewhere=message.thread.startswith(f"{MENTION}:"))
        told = calling.json_of(response)
        return short_id(told.get("message_id") or told.get("id") or "")

    def _call(self, message: Outgoing) -> tuple[str, dict[str, Any]]:
        kind, _colon, rest = message.thread.partition(":")
        if message.thread and kind != ASIDE:
            return self._house.under(message.thread, self._house.cut(message.body, public=True))
        words: dict[str, Any] = {"message": {"text": self._house.cut(message.body, public=False)}}
        if kind == ASIDE:
            name, _colon, about = rest.partition(":")
            return "me/messages", {"recipient": {name: about}, **words}
        if self._house.echoes:
            words["message"]["metadata"] = message.key[:LONGEST_KEY]
        return "me/messages", {"recipient": {"id": message.to}, **self._right(message), **words}

    def _right(self, message: Outgoing) -> dict[str, str]:
        """By which right the person is written to now. Raises RefusedForGoodError when there is none."""
        named, heard = {"platform": self._house.menu.platform}, message.heard_at
        right = right_to_write(heard, message.purpose, human_agent=bool(self._house.have["human_agent"]))
        if right is not None:
            return right
        if heard is None:
            raise RefusedForGoodError(
                _("Orang ini belum pernah mengirim pesan pribadi, jadi %(platform)s melarang Kanal menulis lebih dulu.")
                % named
            )
        raise RefusedForGoodError(
            _("Terlalu lama sejak orangnya menulis, jadi %(platform)s melarang Kanal mengirim. Pakai saluran lain.")
            % named
        )
