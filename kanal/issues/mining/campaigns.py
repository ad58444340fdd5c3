"""The same message sent by many within an hour: shown as what it is. In the count each sender is one voice as ever."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kanal.issues.queries.standing import Told

WITHIN = timedelta(hours=1)
LEAST_COPIES = 20


@dataclass(frozen=True, slots=True)
class Campaign:
    """One text: its copies (ids of reports, the newest last), from how many they came, when it began and ended."""

    reports: Sequence[int]
    voices: int
    first: datetime
    last: datetime

    @property
    def copies(self) -> int:
        """How often it came."""
        return len(self.reports)

    def stored(self, issues: Iterable[int]) -> dict[str, Any]:
        """As it is kept in `Memory.campaigns`, with the issues that its copies belong to and one of them to look at."""
        return {
            "copies": self.copies,
            "voices": self.voices,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "report": self.reports[-1],
            "issues": sorted(issues),
        }


def campaigns(told: Mapping[int, Told], text_of: Mapping[int, int]) -> list[Campaign]:
    """Every text of which LEAST_COPIES came WITHIN an hour at its busiest; the copies are all that came."""
    copies: defaultdict[int, list[Told]] = defaultdict(list)
    for pk, text in text_of.items():
        copies[text].append(told[pk])
    found = []
    for same in copies.values():
        if len(same) < LEAST_COPIES:
            continue
        at = sorted(one.received_at for one in same)
        if any(late - early <= WITHIN for early, late in zip(at, at[LEAST_COPIES - 1 :], strict=False)):
            reports = [one.id for one in sorted(same, key=lambda one: (one.received_at, one.id))]
            found.append(Campaign(reports, len({one.voice for one in same}), at[0], at[-1]))
    return sorted(found, key=lambda campaign: -campaign.copies)
