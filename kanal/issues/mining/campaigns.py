"""The same message sent by many within an hour: shown as what it is. In the count each sender is one voice as ever."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kanal.issues.queries.standing import Told

WITHIN = timedelta(hours=1)
LEAST_COPIES = 20


@dataclass(frozen=True, slots=True)
class Campaign:
    """A text (by its number in the pass), how often it came, from how many, and when it began and ended."""

    text: int
    copies: int
    voices: int
    first: datetime
    last: datetime

    def stored(self) -> dict[str, Any]:
        """As it is kept in `Issue.profile`."""
        return {
            "copies": self.copies,
            "voices": self.voices,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
        }


def campaigns(told: Mapping[int, Told], text_of: Mapping[int, int]) -> list[Campaign]:
    """Every text of which LEAST_COPIES came WITHIN an hour at its busiest; the copies are all that came."""
    copies: defaultdict[int, list[Told]] = defaultdict(list)
    for pk, text in text_of.items():
        copies[text].append(told[pk])
    found = []
    for text, same in copies.items():
        if len(same) < LEAST_COPIES:
            continue
        at = sorted(one.received_at for one in same)
        if any(late - early <= WITHIN for early, late in zip(at, at[LEAST_COPIES - 1 :], strict=False)):
            found.append(Campaign(text, len(same), len({one.voice for one in same}), at[0], at[-1]))
    return sorted(found, key=lambda campaign: -campaign.copies)
