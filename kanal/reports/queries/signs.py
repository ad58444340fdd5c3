"""The numbers beside the desk's menu: messages, media in trouble, gaps in LAPOR!; at most 20 seconds old.

They take one query together, or none where a page counts something anyway and counts them along.
"""

from collections.abc import Mapping

from django.core.cache import cache
from django.db.models.functions import Coalesce

from kanal.agencies.queries import Actor
from kanal.channels.models import MediumState
from kanal.channels.queries import pending_columns
from kanal.reports import policy
from kanal.reports.queries.lapor_gaps import gap_columns

_KEY = "desk.signs"
_SECONDS = 20


def _columns() -> Mapping[str, Coalesce]:
    return {**pending_columns(), **gap_columns()}


def _numbers() -> Mapping[str, int]:
    known: Mapping[str, int] | None = cache.get(_KEY)
    return known if known is not None else _keep(MediumState.objects.aggregate(**_columns()))


def _keep(counted: Mapping[str, int]) -> Mapping[str, int]:
    cache.set(_KEY, counted, _SECONDS)
    return counted


def due_columns(actor: Actor) -> Mapping[str, Coalesce]:
    """What a query that counts for this person's page may count along; empty while the numbers are known."""
    shown = actor.has(*policy.MESSAGE_VERBS["file"], *policy.MEDIA_KEEPERS, *policy.LAPOR_READERS)
    return _columns() if shown and cache.get(_KEY) is None else {}


def take(counted: dict[str, int], columns: Mapping[str, Coalesce]) -> None:
    """Keep what was counted along, taking it out of `counted`."""
    if columns:
        _keep({name: counted.pop(name) for name in columns})


def forget_signs() -> None:
    """Count anew on the next page."""
    cache.delete(_KEY)


def messages_sign(actor: Actor) -> int:
    """How many messages wait for this person's decision."""
    return _numbers()["messages_waiting"] if actor.has(*policy.MESSAGE_VERBS["file"]) else 0


def media_sign(actor: Actor) -> int:
    """How many media need somebody, for those who look after them."""
    return _numbers()["media_in_trouble"] if actor.has(*policy.MEDIA_KEEPERS) else 0


def lapor_sign(actor: Actor) -> int:
    """How many reports that this person may see LAPOR! lacks or tells differently."""
    if not actor.has(*policy.LAPOR_READERS):
        return 0
    return lapor_gaps() if policy.keeps_lapor(actor) else _numbers()["lapor_gaps_open"]


def lapor_gaps() -> int:
    """How many reports need a person because of LAPOR!, secret ones among them."""
    return _numbers()["lapor_gaps"]
