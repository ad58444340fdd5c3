"""What rooms above contribute to an issue: links at the desk, first words of a bulletin, chapters of its story.

A room above registers its own in `AppConfig.ready()`; the pages draw what they are given.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kanal.agencies.queries import Actor
from kanal.common.text import row_id
from kanal.issues.models import Issue
from kanal.issues.workflow import BulletinKind, Words

# At the desk ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Link:
    """One thing that can be done elsewhere: its words, where it leads, and its icon."""

    words: str
    address: str
    picture: str


on_desk_issue: list[Callable[[Actor, Issue], Link | None]] = []
"""Each says what this person can do with this issue, or nothing."""


def links_for(actor: Actor, issue: Issue) -> list[Link]:
    """What somebody can do with an issue in rooms above."""
    return [link for make in on_desk_issue if (link := make(actor, issue))]


# What is told to everybody concerned ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ToTell:
    """How a bulletin begins that comes from a room above: what kind it is, its first words, and who speaks."""

    kind: BulletinKind
    text: str
    agency_id: int | None


to_tell: dict[str, Callable[[Actor, Issue, int], ToTell | None]] = {}
"""By what stands before the colon in `Bulletin.about`; each is given what stands behind it, as a number."""


def told_from(actor: Actor, issue: Issue, about: str) -> ToTell | None:
    """How a bulletin about something in a room above begins; None where there is no such thing in this issue."""
    name, _colon, number = about.partition(":")
    pk = row_id(number)
    return to_tell[name](actor, issue, pk) if name in to_tell and pk is not None else None


# The story ------------------------------------------------------------------------------------------------------------


class Chapter(StrEnum):
    """What a line of the story is about."""

    REPORTED = "reported"
    CONFIRMED = "confirmed"
    MOVED = "moved"
    DISCUSSED = "discussed"
    PROMISED = "promised"
    ENDED = "ended"
    """How a promise ended, or that its date has passed."""
    TOLD = "told"
    """What everybody concerned was told."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the story. `state` is done, now or next (it lies ahead); `address` leads to the page about it."""

    at: datetime | date
    words: Words
    chapter: Chapter
    note: Words = ""
    address: str = ""
    state: str = "done"
    colour: str = "green"


tellers: list[Callable[[Sequence[int]], Iterable[Entry]]] = []
"""Each tells of an issue and those that went up in it, by their ids, in a fixed number of queries.

It stands on the public page as well, so each tells only what everybody may know.
"""
