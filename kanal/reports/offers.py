"""What rooms above can make of a message that waits in the inbox: one button each, drawn on its page."""

from collections.abc import Callable
from dataclasses import dataclass

from kanal.agencies.queries import Actor
from kanal.channels.models import Inbound


@dataclass(frozen=True, slots=True)
class Offer:
    """A button: what it says, the address that it posts to, its icon and the key that presses it."""

    words: str
    address: str
    icon: str
    key: str


from_above: list[Callable[[Actor, Inbound], Offer | None]] = []
"""Filled in by rooms above; None where there is nothing to offer to this person for this message."""


def for_message(actor: Actor, inbound: Inbound) -> list[Offer]:
    """What this person is offered for a message."""
    return [offer for ask in from_above if (offer := ask(actor, inbound))]
