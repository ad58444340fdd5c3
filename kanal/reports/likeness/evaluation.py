import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kanal.common.indonesian import normal_form
from kanal.reports.likeness.copies import Copies
from kanal.reports.likeness.edits import edited


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many pairs of copies were found among texts, and how many of the found pairs are copies.

    `texts` are those of the file, `distinct` those among them that differ in a letter or digit, `edited` the copies
    added. A pair is right when both come from one distinct text.
    """

    texts: int
    distinct: int
    edited: int
    pairs: int
    found: int
    right: int

    @property
    def recall(self) -> float:
        """The share of the pairs that was found."""
        return self.right / self.pairs if self.pairs else 1.0

    @property
    def precision(self) -> float:
        """The share of what was found that is right."""
        return self.right / self.found if self.found else 1.0


def evaluate(texts: Sequence[str], *, seed: int) -> Verdict:
    """Add a lightly edited copy of each distinct text, then look for the copies of every text among those before it."""
    rng = random.Random(seed)  # noqa: S311  # nothing secret: the same copies each time
    origins = [normal_form(text) for text in texts]
    first = {origin: text for origin, text in zip(reversed(origins), reversed(texts), strict=True) if origin}
    more = [(origin, edited(text, rng)) for origin, text in sorted(first.items())]
    told = [(origin, text) for origin, text in zip(origins, texts, strict=True) if origin] + more
    rng.shuffle(told)
    copies, found, right = Copies(), 0, 0
    for origin, text in told:
        near = [told[number][0] for number, _likeness in copies.of(text)]
        found += len(near)
        right += near.count(origin)
        copies.add(text)
    pairs = sum(count * (count - 1) // 2 for count in Counter(origin for origin, _text in told).values())
    return Verdict(len(texts), len(first), len(more), pairs, found, right)
