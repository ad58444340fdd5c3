"""What rooms above contribute to the pages and the mail of this one, which knows nothing about it.

A room above appends its own to these lists in `AppConfig.ready()`; the pages draw what they are given.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kanal.agencies.queries import Actor
from kanal.channels.adapters import Said
from kanal.channels.models import Inbound
from kanal.reports.models import Report


@dataclass(frozen=True, slots=True)
class Line:
    """One link: its words, where it leads, what stands under it, and a badge (word, icon, colour) before it."""

    words: str
    address: str
    note: str = ""
    badge: tuple[str, str, str] | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A few links under one title; `more` leads to all of them."""

    title: str
    lines: Sequence[Line]
    more: Line | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """What can be made of a message: what the button says, the address it posts to, its icon and the key it obeys."""

    words: str
    address: str
    icon: str
    key: str


on_home: list[Callable[[], Block | None]] = []
"""What citizens find on the front page."""
on_public_report: list[Callable[[Report], Block | None]] = []
"""What citizens find on the page of a report that everybody may read."""
on_similar: list[Callable[[Actor, Report, Sequence[Report]], Block | None]] = []
"""What the desk finds beside a report and those like it."""
for_chosen: list[Callable[[Actor], Sequence[Line]]] = []
"""What can be done at the desk with reports that were ticked in the queue: each address takes their `pilih` by POST."""
on_message: list[Callable[[Actor, Inbound], Button | None]] = []
"""What can be made of a message that waits in the inbox, by this person; None where there is nothing to offer."""
hear_first: list[Callable[[Inbound, Said], bool]] = []
"""Who may want a message before a report is made of it; each answers whether it took it."""


def blocks_of_home() -> list[Block]:
    """What stands on the front page."""
    return [block for make in on_home if (block := make())]


def blocks_of_report(report: Report) -> list[Block]:
    """What stands on the public page of a report."""
    return [block for make in on_public_report if (block := make(report))]


def blocks_of_similar(actor: Actor, report: Report, alike: Sequence[Report]) -> list[Block]:
    """What stands beside a report and those like it, for somebody at the desk."""
    return [block for make in on_similar if (block := make(actor, report, alike))]


def deeds_for_chosen(actor: Actor) -> list[Line]:
    """What somebody can do with the reports that were ticked."""
    return [line for make in for_chosen for line in make(actor)]


def buttons_of_message(actor: Actor, inbound: Inbound) -> list[Button]:
    """What somebody can make of a message."""
    return [button for make in on_message if (button := make(actor, inbound))]


def is_taken(inbound: Inbound, said: Said) -> bool:
    """Whether a room above took the message."""
    return any(take(inbound, said) for take in hear_first)
