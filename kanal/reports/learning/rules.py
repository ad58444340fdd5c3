"""Rules that examples would bear out: a word, or two neighbours, that nearly always went to one agency."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from kanal.common.indonesian import plain_words
from kanal.common.indonesian.spelling import root
from kanal.reports.learning.features import LONGEST

FEWEST = 20
"""Reports that must have said it."""
SHARE = 0.95
"""Of so many of them it must be true."""
MOST = 20
_SHORTEST = 4  # letters of a word that stands alone


@dataclass(frozen=True, slots=True)
class Borne:
    """Reports with these words belonged to this label so often of so many times."""

    words: str
    label: str
    right: int
    total: int


def borne_out(examples: Iterable[tuple[str, str]], *, labels: str = "") -> list[Borne]:
    """The rules that these texts with their labels bear out, those that settle most first.

    Copies of one text count once. Only labels that begin with `labels` are proposed. A rule must settle texts that
    those before it do not: "lampu jalan" leaves nothing to "jalan mati".
    """
    said = _sayings(examples)
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for sayings, label in said:
        for saying in sayings:
            counts[saying][label] += 1
    found = {
        saying: Borne(saying, label, right, of_all.total())
        for saying, of_all in counts.items()
        for label, right in of_all.most_common(1)
        if of_all.total() >= FEWEST and right >= SHARE * of_all.total() and label.startswith(labels)
    }
    settles: defaultdict[str, set[int]] = defaultdict(set)
    for at, (sayings, _label) in enumerate(said):
        for saying in sayings & found.keys():
            settles[saying].add(at)
    return _each_with_its_own(found, settles)


def _sayings(examples: Iterable[tuple[str, str]]) -> list[tuple[set[str], str]]:
    """The words and pairs of each text, and its label."""
    texts: dict[str, tuple[set[str], str]] = {}
    for text, label in examples:
        words = plain_words(text[:LONGEST])
        whole = " ".join(words)
        if label and whole not in texts:
            texts[whole] = {*filter(_telling, words), *_pairs(words)}, label
    return list(texts.values())


def _telling(word: str) -> bool:
    return len(word) >= _SHORTEST and word.isalpha() and bool(root(word))


def _pairs(words: list[str]) -> Iterator[str]:
    """Two neighbours of which each says something."""
    return (f"{one} {two}" for one, two in pairwise(words) if _telling(one) and _telling(two))


def _each_with_its_own(found: dict[str, Borne], settles: dict[str, set[int]]) -> list[Borne]:
    """The rules that settle most, one after the other, as long as each adds enough of its own; the longer of two."""
    kept: list[Borne] = []
    while settles and len(kept) < MOST:
        best = max(settles, key=lambda saying: (len(settles[saying]), len(saying), saying))
        own = settles.pop(best)
        if len(own) < FEWEST:
            break
        kept.append(found[best])
        settles = {saying: texts - own for saying, texts in settles.items()}
    return kept
