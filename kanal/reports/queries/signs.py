"""The numbers beside the desk's menu: messages that wait and media in trouble, at most 20 seconds old."""

from django.core.cache import cache

from kanal.agencies.queries import Actor
from kanal.channels.queries import pending
from kanal.reports import policy

_KEY = "desk.signs"
_SECONDS = 20


def _numbers() -> tuple[int, int]:
    known: tuple[int, int] | None = cache.get(_KEY)
    if known is None:
        known = pending()
        cache.set(_KEY, known, _SECONDS)
    return known


def forget_signs() -> None:
    """Count anew on the next page."""
    cache.delete(_KEY)


def messages_sign(actor: Actor) -> int:
    """How many messages wait for this person's decision."""
    return _numbers()[0] if actor.has(*policy.MESSAGE_VERBS["file"]) else 0


def media_sign(actor: Actor) -> int:
    """How many media need somebody, for those who look after them."""
    return _numbers()[1] if actor.has(*policy.MEDIA_KEEPERS) else 0
