"""For tests about the weekly brief: names of types, and a village by its name."""

from collections.abc import Callable

from kanal.agencies.queries import reference
from kanal.issues.models import Issue

MakeIssue = Callable[..., Issue]


def village(place: str) -> int:
    """A village by its name and kecamatan."""
    return next(one.id for one in reference().villages() if one.place == place)
