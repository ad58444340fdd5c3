from collections import defaultdict
from functools import lru_cache
from math import sqrt
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import Indel

from kanal.common.indonesian import matter

SAME: Final = 0.89
"""From here on one text is taken for a copy of the other."""
LONGEST: Final = 3_000
"""Characters compared; a longer text says the same thing again."""
_SHORT: Final = 0.25
"""How much the likeness of short texts is doubted: a different word in five is more than one in fifty."""
_RAREST: Final = 8  # words of a text by which others are looked for
_MOST: Final = 500  # texts with one word that are still compared


@lru_cache(maxsize=4_096)
def core(text: str) -> str:
    """What is compared of a text."""
    return matter(text[:LONGEST])


def alike(one: str, other: str) -> float:
    """How alike two texts are, from 0 to 1; `SAME` and more means a copy."""
    first, second = core(one), core(other)
    if first == second:
        return float(bool(first))
    return _doubted(Indel.normalized_similarity(first, second), len(first), len(second))


def _doubted(likeness: float, *lengths: int) -> float:
    return max(0.0, likeness - _SHORT / sqrt(max(1, min(lengths))))


class Copies:
    """Texts that come in one by one; each is compared with those that share one of its rarest words."""

    def __init__(self) -> None:
        self._cores: list[str] = []
        self._numbers: dict[str, list[int]] = {}
        self._holding: dict[str, list[int]] = defaultdict(list)
        self._count = 0

    def add(self, text: str) -> int:
        """Keep a text and return its number, from 0."""
        told, number = core(text), self._count
        self._count += 1
        if told not in self._numbers:
            self._numbers[told] = []
            for word in set(told.split()):
                self._holding[word].append(len(self._cores))
            self._cores.append(told)
        self._numbers[told].append(number)
        return number

    def of(self, text: str, least: float = SAME) -> list[tuple[int, float]]:
        """The texts so far that are at least so much alike, best first: (number, likeness)."""
        told = core(text)
        near = {place: self._cores[place] for place in self._near(told)}
        found = [(1.0, told)] if told and told in self._numbers else []
        for other, likeness, _place in process.extract(
            told, near, scorer=Indel.normalized_similarity, processor=None, score_cutoff=least, limit=None
        ):
            doubted = _doubted(likeness, len(told), len(other))
            if other != told and doubted >= least:
                found.append((doubted, other))
        found.sort(key=lambda each: -each[0])
        return [(number, likeness) for likeness, other in found for number in self._numbers[other]]

    def _near(self, told: str) -> set[int]:
        held = sorted((len(self._holding[word]), word) for word in set(told.split()) if word in self._holding)
        rare = [word for count, word in held[:_RAREST] if count <= _MOST]
        return {place for word in rare or [word for _count, word in held[:1]] for place in self._holding[word][-_MOST:]}
