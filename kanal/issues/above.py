"""What rooms above put on the desk page of an issue: links to what can be done there with it.

A room above appends its own to `on_desk_issue` in `AppConfig.ready()`; the page draws what it is given.
"""

from collections.abc import Callable
from dataclasses import dataclass

from kanal.agencies.queries import Actor
from kanal.issues.models import Issue


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
