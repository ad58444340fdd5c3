"""The story of an issue, to which rooms above add their chapters: where it was discussed, what was promised.

A room above appends to `tellers` in `AppConfig.ready()`. What it tells stands on the public page as well, so it tells
only what everybody may know.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils.functional import Promise

Words = str | Promise


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


Teller = Callable[[Sequence[int]], Iterable[Entry]]
"""Tells of an issue and those that went up in it, by their ids, in a fixed number of queries."""

tellers: list[Teller] = []
