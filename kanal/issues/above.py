"""What rooms above give to the desk: links on the page of an issue, and first words of what everybody is told.

A room above registers its own in `AppConfig.ready()`, in `on_desk_issue` and `to_tell`; the pages draw what they get.
"""

from collections.abc import Callable
from dataclasses import dataclass

from kanal.agencies.queries import Actor
from kanal.common.text import row_id
from kanal.issues.models import Issue
from kanal.issues.workflow import BulletinKind


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
    return [link for make in on_desk_issue if (link := make(actor, issue)) is not None]


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
