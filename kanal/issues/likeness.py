"""How like an issue a text is: words and weights, in plain Python, fast enough for every report as it arrives."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from math import log, sqrt
from statistics import median
from typing import Any

from kanal.common.indonesian import tokens
from kanal.common.masking import unmarked
from kanal.common.text import listed, shorten

MOST_WORDS = 60
LONGEST = 2000
"""Characters read of a text; a longer one says the same thing again."""
_UNSURE = 10
"""One in so many of an issue's own reports may be less like it than a report that joins it."""
_SLACK = 0.9
"""Its own reports made the profile, so they are a little more like it than others are that belong to it as well."""
_ENOUGH = 0.5
"""So like an issue a text belongs, also where its own reports are copies of one another and much more alike."""
Words = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Profile:
    """How an issue's reports speak: its telling words with their weights, and how like it its reports are.

    A text less like it than `least` does not belong; half of its reports are at least `usual`.
    """

    words: Words = field(default_factory=dict)
    least: float = 1.0
    usual: float = 1.0

    def confidence(self, alike: float) -> float:
        """How surely a text belongs: 0 below `least`, 0.5 there, 1 from `usual` on."""
        if alike < self.least or not alike:
            return 0.0
        return min(1.0, 0.5 + 0.5 * (alike - self.least) / max(self.usual - self.least, 1e-6))

    def stored(self) -> dict[str, Any]:
        """As it is kept in `Issue.profile`."""
        return asdict(self)


def stored_profile(data: Mapping[str, Any]) -> Profile:
    """The profile of `Issue.profile`; an empty one, which nothing is like, for an issue that the machine never read."""
    return Profile(data.get("words", {}), data.get("least", 1.0), data.get("usual", 1.0))


def whole(title: str, body: str) -> str:
    """Title and body of a report, the title once: many are the body's first words."""
    return body if body.startswith(title.rstrip("…")) else f"{title}\n{body}"


def words_of(title: str, body: str, places: frozenset[str]) -> list[str]:
    """The words by which reports are compared; names of places say where, not what, and are left out.

    So are numbers, which make no two reports alike, and what is said out of politeness.
    """
    text = unmarked(shorten(whole(title, body), LONGEST))
    unsaying = _courtesies()
    return [word for word in tokens(text) if word[0] != "#" and word not in places and word not in unsaying]


@cache
def _courtesies() -> frozenset[str]:
    """The roots of what people say out of politeness."""
    lists = ("openings", "addressed", "pleasantries", "courtesies", "thanks")
    return frozenset(word for name in lists for line in listed(name) for word in tokens(line))


def telling(texts: Iterable[Sequence[str]]) -> dict[str, float]:
    """How telling each word is: the rarer the more. Words of one text alone and of more than a third say nothing."""
    count, spread = 0, Counter[str]()
    for text in texts:
        count += 1
        spread.update(set(text))
    return {word: round(log(count / number), 3) for word, number in spread.items() if 1 < number <= max(2, count / 3)}


def vector(words: Iterable[str], weights: Words) -> dict[str, float]:
    """A text's weighed words, of length 1; empty when it has none that is telling."""
    weighed = {
        word: (1 + log(number)) * weights[word] for word, number in Counter(words).items() if weights.get(word, 0) > 0
    }
    return _unit(weighed)


def _unit(weighed: Words) -> dict[str, float]:
    length = sqrt(sum(weight * weight for weight in weighed.values()))
    return {word: weight / length for word, weight in weighed.items()} if length else {}


def profile(texts: Sequence[Sequence[str]], weights: Words) -> Profile:
    """The profile of an issue from its reports' words."""
    vectors = [found for text in texts if (found := vector(text, weights))]
    total: defaultdict[str, float] = defaultdict(float)
    for one in vectors:
        for word, weight in one.items():
            total[word] += weight
    strongest = sorted(total.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_WORDS]
    words = {word: round(weight, 4) for word, weight in _unit(dict(strongest)).items()}
    if not words:
        return Profile()
    alikes = sorted(_alike(one, words) for one in vectors)
    return Profile(words, round(min(_ENOUGH, _SLACK * alikes[len(alikes) // _UNSURE]), 4), round(median(alikes), 4))


def _alike(one: Words, other: Words) -> float:
    return sum(weight * other[word] for word, weight in one.items() if word in other)


class Nearest:
    """Finds the issue that a text belongs to, among hundreds, by the words they share."""

    def __init__(self, profiles: Mapping[int, Profile], weights: Words, places: frozenset[str]) -> None:
        self.profiles, self.weights, self.places = profiles, weights, places
        self._of_word: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for issue_id, known in profiles.items():
            for word, weight in known.words.items():
                self._of_word[word].append((issue_id, weight))

    def to(self, title: str, body: str) -> tuple[int, float] | None:
        """The issue that a report belongs to and how surely; None: it stays loose."""
        alike: defaultdict[int, float] = defaultdict(float)
        for word, weight in vector(words_of(title, body, self.places), self.weights).items():
            for issue_id, theirs in self._of_word.get(word, ()):
                alike[issue_id] += weight * theirs
        sure = ((self.profiles[issue_id].confidence(score), score, issue_id) for issue_id, score in alike.items())
        confidence, _score, issue_id = max(
            sure, default=(0.0, 0.0, 0), key=lambda found: (found[1] if found[0] else 0, found)
        )
        return (issue_id, round(confidence, 3)) if confidence else None
