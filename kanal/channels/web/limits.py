"""How often one address may do something. Counted in Django's cache: nothing about visitors reaches the database."""

from math import ceil

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kanal.channels.web import client
from kanal.common.refusal import Refused

MORE = {"similar": (300, 600), "tries": (60, 3600), "reply": (30, 3600), "open311": (1200, 600)}
"""Limits that no installation needs to change: (times, seconds)."""


def _limit(name: str) -> tuple[int, int]:
    return settings.LIMITS.get(name) or MORE[name]


def within(request: HttpRequest, name: str, *, share: float = 1.0) -> bool:
    """Count one more and say whether it is still allowed. `share` < 1 makes the limit stricter (at least once).

    A limit of 0 is switched off. Visitors whose address cannot be told share one counter.
    """
    times, seconds = _limit(name)
    if not times:
        return True
    counter = f"limit:{name}:{share}:{client.key(request)}"
    cache.add(counter, 0, seconds)
    try:
        return cache.incr(counter) <= max(1, ceil(times * share))
    except ValueError:  # it ran out between the two calls: a new stretch of time began
        cache.set(counter, 1, seconds)
        return True


def check(request: HttpRequest, name: str) -> None:
    """Count one more. Raises Refused (429) with a sentence that says when to come back."""
    if not within(request, name):
        raise Refused(sentence(name), status=429, code="too_often")


def sentence(name: str) -> str:
    """Say that it was too often, and after how many minutes it works again."""
    minutes = max(1, _limit(name)[1] // 60)
    return ngettext(
        "Terlalu banyak dari sambungan internet ini. Tunggu paling lama %(minutes)d menit, lalu coba lagi.",
        "Terlalu banyak dari sambungan internet ini. Tunggu paling lama %(minutes)d menit, lalu coba lagi.",
        minutes,
    ) % {"minutes": minutes}


def sentence_for_forms() -> str:
    """The same for a form, whose words are still there."""
    return _("%(reason)s Tulisan Anda masih ada di bawah.") % {"reason": sentence("report")}
