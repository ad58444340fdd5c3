"""The reports of a pass, as little of each as it takes: a million of them are to fit beside everything else."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b

from django.utils.translation import gettext as _

from kanal.common.indonesian import normal_form
from kanal.issues.likeness import whole, words_of
from kanal.issues.queries import standing
from kanal.issues.queries.standing import Told

Progress = Callable[[str, int, int], None]
_EVERY = 1000  # reports between two words about progress


@dataclass
class Read:
    """The reports of a pass. Equal texts are one text, however many people sent it: a campaign is not a crowd."""

    told: dict[int, Told] = field(default_factory=dict)
    words: list[list[str]] = field(default_factory=list)
    text_of: dict[int, int] = field(default_factory=dict)
    """The number of each report's text in `words`."""
    nearness: list[float] = field(default_factory=list)
    """How near each text is to the middle of its group."""

    def sure(self, reports: Iterable[int]) -> dict[int, float]:
        """How surely each of these reports belongs to its group."""
        return {pk: round(self.nearness[self.text_of[pk]], 3) for pk in reports}

    def different(self, reports: Iterable[int]) -> list[int]:
        """One report of each text among them."""
        return list({self.text_of[pk]: pk for pk in reports}.values())


def read(start: datetime, places: frozenset[str], progress: Progress) -> Read:
    """Read every report that may be counted from a moment on."""
    found, numbers = Read(), dict[bytes, int]()
    for count, (told, title, body) in enumerate(standing.told_since(start), 1):
        key = blake2b(normal_form(f"{title}\n{body}").encode(), digest_size=12).digest()
        if key not in numbers:
            numbers[key] = len(found.words)
            found.words.append(words_of(title, body, places))
        found.told[told.id] = told
        found.text_of[told.id] = numbers[key]
        if count % _EVERY == 0:
            progress(_("Membaca laporan"), count, 0)
    return found


def some_texts(reports: Sequence[int], most: int) -> list[str]:
    """What so many of these reports say, evenly chosen from first to last."""
    chosen = sorted(reports)[:: max(1, -(-len(reports) // most))]
    return [whole(title, body) for title, body in standing.texts_of(chosen)]
