"""Where asking X was left off, and how its numbers tell what came first."""

import json
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import httpx
from django.conf import settings
from django.utils import timezone

from kanal.channels.x.line import pause_of

HISTORY = timedelta(days=2)
"""How far back the first look goes."""
ERA = 1_288_834_974_657
"""When X's numbers began, in milliseconds."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where asking was left off. Posts come newest first, so a walk through pages remembers the newest of all.

    `since` is the last post of the last whole walk, `page` the token of the next page of this one; `posts` counts what
    was brought in `month`; before `until` (seconds) X is left alone; `looked_after` is when waiting posts were checked.
    The same of direct messages: `heard`, `heard_newest`, `heard_page`; `heard_on` is the day of the last question, and
    `heard_now` says that this round's are here; before `deaf` they are not asked for, because of `deaf_why`.
    """

    since: str = ""
    newest: str = ""
    page: str = ""
    month: str = ""
    posts: int = 0
    until: int = 0
    looked_after: int = 0
    heard: str = ""
    heard_newest: str = ""
    heard_page: str = ""
    heard_on: str = ""
    heard_now: bool = False
    deaf: int = 0
    deaf_why: str = ""

    @classmethod
    def read(cls, cursor: str, now: datetime) -> Self:
        """The place that a cursor names; the beginning for an empty or broken one. A new month begins at nought."""
        try:
            told: Any = json.loads(cursor or "{}")
            known = {field.name: told[field.name] for field in fields(cls) if field.name in told}
            place = cls(**{name: type(getattr(cls(), name))(value) for name, value in known.items()})
        except (ValueError, TypeError):
            place = cls()
        month = now.astimezone(UTC).strftime("%Y-%m")
        return place if place.month == month else replace(place, month=month, posts=0)

    def written(self) -> str:
        """The place as a cursor."""
        return json.dumps({name: value for name, value in asdict(self).items() if value}, separators=(",", ":"))

    @property
    def left(self) -> int:
        """How many posts the plan still allows this month."""
        return max(0, int(settings.X["posts_a_month"]) - self.posts)

    def rested(self, response: httpx.Response) -> Self:
        """The place when the last call of a window was used: nothing is asked before the next one begins."""
        pause = pause_of(response)
        return replace(self, until=int((timezone.now() + pause).timestamp()) if pause else 0)


def in_order(number: str) -> tuple[int, str]:
    """Numbers of posts are too large for some machines and come as texts; longer is later."""
    return len(number), number


def number_at(moment: datetime) -> str:
    """The number that a post of this moment has: X counts milliseconds of its own era, 22 bits further left."""
    return str((int(moment.timestamp() * 1000) - ERA) << 22)
