"""What a medium's folder gives the mailroom: how its messages are read, fetched and sent, and what can go wrong.

A medium is a folder of this room with an `adapter.py` that has one `ADAPTER`. Adding one touches that folder, the list
of media in `models.Medium`, and nothing else.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Any, ClassVar, Protocol, Self

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from kanal.channels import openly
from kanal.channels.models import Inbound, Medium, MediumState


@dataclass(frozen=True, slots=True)
class FileRef:
    """A picture, voice note or paper that a message mentions, fetched later. `kind` is one of InboundFile.Kind."""

    external_id: str
    kind: str
    mime: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """Something a person said. `handle` is their address in its normal form (+62…, lower-case e-mail, platform's id).

    `thread` is where an answer belongs (a chat, a post's comment, a mail's thread); `public` says that others read it
    there too. `choice` is the code behind a button that was pressed. `details` is what only a program tells: an app of
    the regency that files a whole report at once. `unread` is what this version cannot read: `text` says so, and a
    person answers.
    """

    external_id: str
    handle: str
    at: datetime
    text: str = ""
    name: str = ""
    files: tuple[FileRef, ...] = ()
    lat: float | None = None
    lon: float | None = None
    place: str = ""
    thread: str = ""
    choice: str = ""
    public: bool = False
    subject: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    unread: bool = False

    @classmethod
    def unreadable(cls, external_id: str, handle: str, at: datetime, what: str, **more: Any) -> Self:
        """A message of a kind or shape that this version does not know, from somebody whom it knows."""
        return cls(external_id, handle, at, text=f"({what})", unread=True, **more)


@dataclass(frozen=True, slots=True)
class Changed:
    """The person rewrote a message."""

    external_id: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Removed:
    """The person took a message back."""

    external_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a message of ours: `state` is sent, delivered, read or failed; `sentence` says why it failed.

    `key` is that of the message (`Outgoing.key`) where the platform hands it back: a send whose line broke is found by
    it, because nobody ever told us its `external_id`.
    """

    external_id: str
    state: str
    at: datetime
    sentence: str = ""
    no_such_address: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptUpTo:
    """What became of everything that we sent to a person up to a moment: `state` is delivered or read."""

    handle: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Passed:
    """Something of which nothing follows: an echo of our own post, a reaction, a group's chatter. `why` says it.

    `counted` is for what people wrote in public: it is counted by its reason, and `why` is then for the coordinator.
    """

    external_id: str
    why: str
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Strange:
    """Something that this version does not know and nobody said: the platform's own news, a part without a sender.

    It is counted by `what` on the health page. What a person said is `Said.unreadable`.
    """

    external_id: str
    what: str


Item = Said | Changed | Removed | Receipt | ReceiptUpTo | Passed | Strange


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to be sent. `key` is the same however often it is tried.

    `heard_at` is when the person last wrote to us where nobody else reads it.
    """

    to: str
    body: str
    key: str
    purpose: str = ""
    subject: str = ""
    thread: str = ""
    heard_at: datetime | None = None


# --- what can go wrong ------------------------------------------------------------------------------------------------


class NotSentError(Exception):
    """The message certainly did not leave. `sentence` says why, for the coordinator."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class TryLaterError(NotSentError):
    """The reason may pass by itself."""


class UnreachableError(TryLaterError):
    """The platform itself cannot be used now: every other message would meet the same.

    `pause` is how long it asked to be left alone; `alarm` says that somebody must act (a token ran out).
    """

    def __init__(self, sentence: str, *, pause: timedelta | None = None, alarm: bool = False) -> None:
        super().__init__(sentence)
        self.pause = pause
        self.alarm = alarm


class RefusedForGoodError(NotSentError):
    """Trying again would not help. `bounced` says that the address does not exist."""

    def __init__(self, sentence: str, *, bounced: bool = False) -> None:
        super().__init__(sentence)
        self.bounced = bounced


class UncertainError(Exception):
    """The line broke while the platform had the message in hand: nobody knows whether it took it."""


class GoneError(Exception):
    """A file is not to be had any more, or is not what it says. `sentence` is for the coordinator."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotUnderstoodError(ValueError):
    """A delivery that is not what the platform documents; it stays, with the reason as a sentence."""


def unknown_shape(detail: str) -> NotUnderstoodError:
    """The fault of a delivery in a shape that nobody documents; `detail` is for whoever mends its reader."""
    return NotUnderstoodError(_("Bentuk kiriman ini belum dikenal Kanal (%(detail)s).") % {"detail": detail})


BROKEN = (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError)
"""What reading a part of another shape than documented raises."""


# --- the interface ----------------------------------------------------------------------------------------------------


class Sender(Protocol):
    """A connection to a platform for some messages."""

    def send(self, message: Outgoing, *, before: Callable[[], None]) -> str:
        """Send one message and return the platform's id of it.

        `before` is called at the last moment at which nothing has left; whatever it raises goes on up.
        Raises RefusedForGoodError or TryLaterError (it did not leave) and UncertainError (it may have).
        """


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do so that a medium works, for whoever sets it up: the sentence, and whether it is done.

    Where not `needed`, the medium works without, and does more with it.
    """

    sentence: str
    done: bool
    needed: bool = True

    @property
    def missing(self) -> bool:
        """Whether the medium cannot work because of it."""
        return self.needed and not self.done


@dataclass(frozen=True, slots=True)
class Found:
    """What a look at the platform brought: the raw page as it came, and where to go on next time.

    `alarm` is what somebody must do although the look went well.
    """

    payload: bytes
    cursor: str = ""
    more: bool = False
    used: int = 0
    alarm: str = ""


class Adapter:
    """One medium. What a medium cannot do keeps the answer given here."""

    medium: ClassVar[Medium]
    talks: ClassVar[bool] = False
    """Whether a person can be led through a report there, message by message."""
    proves: ClassVar[bool] = False
    """Whether a message proves who sent it: the platform itself says so, signed or asked with our token. The sender of
    an SMS or a letter can be made up."""
    pace: ClassVar[float] = 20.0
    """The most messages a second that one worker sends there."""
    night: ClassVar[bool] = True
    """Whether people may be written to at night: a mail waits quietly, a telephone rings."""
    hints: ClassVar[bool] = False
    """Whether general words under somebody's post take the place of a private message that cannot be sent."""
    counts: ClassVar[bool] = False
    """Whether every letter costs there, so that writers are told how long a text becomes (`measured`)."""
    looks_every: ClassVar[timedelta | None] = None
    """How often to ask the platform for news; None where it calls us."""
    holds: ClassVar[bool] = False
    """Whether the platform keeps a question open until there is news (`hold`): it is asked beside the other work."""
    looks_apart: ClassVar[bool] = False
    """Whether news come from another server than answers go to: trouble with one says nothing of the other."""
    at_once: ClassVar[bool] = False
    """Whether what comes from there is a report at once: a form that is filled in, a call that is noted down."""
    about: ClassVar[str | Promise] = ""
    """What belongs to it and where it is kept, where its name does not tell."""

    @property
    def sends(self) -> bool:
        """Whether anything can be sent there at all."""
        return type(self).sending is not Adapter.sending

    @property
    def receives(self) -> bool:
        """Whether anything comes from there."""
        return self.at_once or type(self).read is not Adapter.read

    def steps(self) -> list[Step]:
        """What must be set up, in order; empty where nothing must."""
        return []

    @property
    def is_configured(self) -> bool:
        """Whether everything that must be set up is."""
        return not any(step.missing for step in self.steps())

    @property
    def answers_below(self) -> bool:
        """Whether what people write in public is taken up, and answered there, without a person."""
        return self.talks and not self.hints

    def read(self, payload: bytes) -> Iterable[Item]:  # noqa: ARG002  # for media that receive
        """What one delivery holds. Raises NotUnderstoodError for what the platform never sends."""
        raise unknown_shape(f"{self.medium}: -")

    def look(self, cursor: str) -> Found | None:  # noqa: ARG002  # for media that must be asked
        """Ask the platform for news since `cursor`; None when there is nothing. Raises UnreachableError."""
        return None

    def hold(self, cursor: str, seconds: int) -> Found | None:  # noqa: ARG002  # for platforms that keep a question open
        """Like `look`, waiting up to so many seconds for news."""
        return self.look(cursor)

    def allowance(self, state: MediumState) -> str:  # noqa: ARG002  # for platforms that count what they are asked
        """What is used of what is allowed, or how much that is, in a sentence; "" where nothing is counted."""
        return ""

    def withheld(self, purpose: str, thread: str) -> str:  # noqa: ARG002  # for media that everybody reads
        """Why a message of this purpose is never sent there, or ""."""
        return ""

    def too_long(self, text: str, *, public: bool) -> str:  # noqa: ARG002  # for platforms that take few letters
        """Why an answer has to be shortened before it is sent, for the one who writes it, or ""."""
        return ""

    def measured(self, text: str) -> str:  # noqa: ARG002  # for media that count letters
        """How long a text becomes there, for the one who writes it, or ""."""
        return ""

    def fetch(self, file: FileRef) -> bytes:  # noqa: ARG002  # for media with files
        """The content of a file. Raises GoneError, UnreachableError or TryLaterError."""
        raise GoneError(_("Saluran ini tidak punya berkas."))

    def sending(self) -> AbstractContextManager[Sender] | None:
        """A connection to send through; None where nothing can be sent."""
        return None

    def known_as(self, key: str) -> str:  # noqa: ARG002  # for media where the name of a message is ours to choose
        """The id by which receipts will name a message, known before it leaves; "" where the platform chooses it."""
        return ""

    def aside(self, message: Inbound) -> str | None:  # noqa: ARG002  # for media with comments
        """The thread of an answer to a public message that its writer alone can read; None when there is no way."""
        return None

    def reaches(self, heard_at: datetime | None, purpose: str) -> bool:  # noqa: ARG002  # for platforms with such rules
        """Whether somebody who last wrote in private at `heard_at` (None: never) can be written to alone just now."""
        return True

    def arrival(self, message: Outgoing) -> tuple[str, str] | None:
        """A message's words as they arrive, and what the platform makes of them; None where it would not take them."""
        closed = not self.is_configured or self.withheld(message.purpose, message.thread)
        return None if closed or not self.reaches(message.heard_at, message.purpose) else (message.body, "")

    @property
    def door(self) -> str:
        """Where people write to us unseen by others."""
        return openly.way_on()


from_above: list[Adapter] = []
"""Media that a room above keeps by itself, such as its radio desk; it adds them in its `AppConfig.ready()`."""


@cache
def adapters() -> Mapping[str, Adapter]:
    """Every medium that has an adapter, by its value."""
    found = {adapter.medium.value: adapter for adapter in from_above}
    room = __name__.rpartition(".")[0]
    for folder in iter_modules(import_module(room).__path__):
        name = f"{room}.{folder.name}.adapter"
        if folder.ispkg and find_spec(name):
            adapter: Adapter = import_module(name).ADAPTER
            found[adapter.medium.value] = adapter
    return found


def can_send(medium: str) -> bool:
    """Whether messages can be sent on a medium."""
    adapter = adapters().get(medium)
    return adapter is not None and adapter.sends


def adapter_of(medium: str) -> Adapter | None:
    """The adapter of one medium; None where a medium has none."""
    return adapters().get(medium)
