"""A title for a group, from its own words."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from math import log

from stopwordsiso import stopwords

from kanal.common.indonesian import plain_words
from kanal.common.text import shorten

_LOOKED_AT = 400
_SHORTEST, _LONGEST = 2, 3
_LONGER = (0.0, 1.0, 1.4)  # three words say more than the two of them that are said as often
_LEAST_TOLD = 3
"""A phrase that fewer people use may be one person's own, a name for instance."""
_CLAUSE_END = re.compile(r"[.,;:!?()\n]+")
_LEAST_SHARE = 20  # one in so many of the group must use it
_PLEAS = "agar ada bapak bisa cepat dicek ditambah harap ibu kasih minta mohon pak perhatian segera semoga tolong warga"
_EMPTY = frozenset(stopwords("id")) | frozenset(_PLEAS.split())


def phrases(text: str) -> set[str]:
    """Every run of two or three words of a clause that could stand as a title."""
    runs = set()
    for clause in _CLAUSE_END.split(text):
        words = [word if word.isalpha() and word not in _EMPTY else "" for word in plain_words(clause)]
        for size in range(_SHORTEST, _LONGEST + 1):
            for start in range(len(words) - size + 1):
                run = words[start : start + size]
                if all(run):
                    runs.add(" ".join(run))
    return runs


def title_of(texts: Sequence[str], everywhere: Counter[str], total: int, places: frozenset[str]) -> str:
    """What a group of texts says most and others do not; "" when its people have no words in common.

    `everywhere` counts the phrases of `total` texts of all groups.
    """
    looked_at = texts[:_LOOKED_AT]
    told = Counter(run for text in looked_at for run in phrases(text))
    least = max(_LEAST_TOLD, len(looked_at) // _LEAST_SHARE)
    scored = {
        run: number * _LONGER[run.count(" ")] * log((number / len(looked_at)) / ((everywhere[run] + 1) / total) + 1)
        for run, number in told.items()
        if number >= least and not places.intersection(run.split())
    }
    best = sorted(scored, key=lambda run: (-scored[run], run))[:12]
    return shorten(_joined(best), 100)


def _joined(best: Sequence[str]) -> str:
    """The best phrase, and the next that brings a new word: "Lampu jalan mati, tiang miring"."""
    chosen: list[str] = []
    for run in best:
        known = {word for other in chosen for word in other.split()}
        if not known.intersection(run.split()):
            chosen.append(run)
        if len(chosen) == 2:  # noqa: PLR2004  # a title names two things at most
            break
    text = ", ".join(chosen)
    return text[:1].upper() + text[1:]


def count_phrases(texts: Iterable[str]) -> Counter[str]:
    """How many texts use each phrase."""
    return Counter(run for text in texts for run in phrases(text))
