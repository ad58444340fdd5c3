"""Which of the people's own words stand for a group: typical, short, clean, in their own spelling. Pure: no database.

A sentence is typical when its words are those of the group: the shares of the group's texts in which each of its words
occurs, added up and divided by the root of how many words there are, so that length alone wins nothing. The same text
from many counts once, so that a campaign does not speak for everybody.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from kanal.common.indonesian import search_tokens
from kanal.common.quotable import is_clean, sentences

SHORTEST, LONGEST = 30, 140
"""Characters of a quote: enough to say something, little enough to be read in passing."""
LEAST_WORDS = 4
MOST_ALIKE = 0.34
"""Two quotes that share more of their words say the same thing twice."""
_BEGS = re.compile(r"^(?:mohon|tolong|harap|minta|bagaimana)\b", re.IGNORECASE)
_BEGGING = 0.7
"""A request says less of the matter than what somebody saw."""


@dataclass(frozen=True, slots=True)
class Said:
    """A masked text, where it came from, and from which report."""

    text: str
    place: str = ""
    report: int = 0


@dataclass(frozen=True, slots=True)
class _Candidate:
    sentence: str
    said: Said
    words: frozenset[str]


def fits(sentence: str) -> bool:
    """Whether a sentence can stand on paper: clean, and of a length to be read in passing."""
    return SHORTEST <= len(sentence) <= LONGEST and is_clean(sentence)


def choose(said: Sequence[Said], *, most: int = 2) -> list[Said]:
    """The most typical clean sentences of a group, at most `most`, each saying something of its own."""
    words_of = {one.text: frozenset(search_tokens(one.text)) for one in said}
    shares = Counter(word for words in words_of.values() for word in words)
    found = _candidates(said)
    whole = len(words_of) or 1

    def typical(one: _Candidate) -> float:
        share = sum(shares[word] for word in one.words) / whole / sqrt(len(one.words))
        return share * _BEGGING if _BEGS.match(one.sentence) else share

    chosen: list[_Candidate] = []
    for candidate in sorted(found, key=lambda one: (-typical(one), one.sentence)):
        if len(chosen) == most:
            break
        if all(_alike(candidate.words, other.words) <= MOST_ALIKE for other in chosen):
            chosen.append(candidate)
    return [replace(one.said, text=one.sentence) for one in chosen]


def _candidates(said: Iterable[Said]) -> list[_Candidate]:
    found: dict[str, _Candidate] = {}
    for one in said:
        for sentence in sentences(one.text):
            if sentence.casefold() in found or not fits(sentence):
                continue
            words = frozenset(search_tokens(sentence))
            if len(words) >= LEAST_WORDS:
                found[sentence.casefold()] = _Candidate(sentence, one, words)
    return list(found.values())


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)
