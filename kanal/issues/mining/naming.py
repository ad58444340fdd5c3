"""A title for a group, from its own words.

Where it is ("di pertigaan pasar"), since when, and what people beg for is not what a group is about, so a text is cut
at such words and at names; what lies between are the phrases that may stand as a title.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import log

from stopwordsiso import stopwords

from kanal.common.indonesian import plain_words
from kanal.common.indonesian.spelling import is_common, is_known
from kanal.common.masking import unmarked
from kanal.common.text import listed, shorten

_LONGEST = 4  # words
_MOST_LETTERS = 100
_LONGER = (0.0, 1.0, 1.0, 1.4, 1.5)  # three words say more than the two of them that are said as often
_WHOLE = 1.0
"""What it adds to a phrase's weight that it always stands alone between two cuts, as a thing said and done."""
_WISHED = 0.5
"""A wish ("mohon diaspal ulang") counts so much of a statement."""
_STRANGE = 0.4
"""So much does a word weigh that is not Indonesian: everybody is to understand the title."""
_FIRST_WORDS = 20
"""People begin with what is wrong and go on with what it does to them: after so many words a phrase weighs half."""
_SECOND = 0.3
"""The second phrase must weigh so much of the first."""
_LEAST_TOLD = 3
"""A phrase that fewer people use may be one person's own, a name for instance."""
_LEAST_SHARE = 20  # one in so many of the group must use it
_ITS = re.compile(r"(?:ipun|ne|e)$")
_NAMELIKE = re.compile(r"\b[A-Za-z][a-z]+\b")
_CLAUSE_END = re.compile(r"[^\w\s'’/+-]+|\n+|\s[-–]\s")


@dataclass
class Phrase:
    """How often a phrase was said in a group of texts, how often of that alone and as a wish; how far into them."""

    told: int = 0
    whole: int = 0
    wished: int = 0
    place: float = 0.0


@cache
def _cuts() -> frozenset[str]:
    lists = ("fillers", "openings", "addressed", "pleasantries", "courtesies", "thanks")
    empty = (frozenset(stopwords("id")) - listed("telling")).union(*map(listed, lists))
    return empty.union(*map(listed, ("whereabouts", "wishes", "times", "untitled")))


@lru_cache(maxsize=50_000)
def _bare(word: str) -> str:
    """The word without the Javanese "its" at its end, where that leaves an Indonesian one: lubange, banjire."""
    bare = _ITS.sub("", word)
    return bare if bare != word and is_known(bare) and not is_known(word) else word


def _chunks(text: str, places: frozenset[str]) -> Iterator[tuple[list[str], bool, int]]:
    """The words between two cuts, whether somebody wishes it, and their number in the text."""
    at, where, wishes = 0, listed("whereabouts"), listed("wishes")
    for clause in _CLAUSE_END.split(unmarked(text)):
        run: list[str] = []
        before, wished = "", False
        for said in [*plain_words(clause), ""]:
            at, word = at + 1, _bare(said)
            if word.isalpha() and word not in _cuts() and word not in places:
                run.append(word)
                continue
            if run and before not in where:
                yield run, wished, at - len(run) - 1
            run, before, wished = [], word, wished or word in wishes


def phrases(text: str, places: frozenset[str] = frozenset()) -> dict[str, Phrase]:
    """Every run of up to four words that could stand as a title, each counted once."""
    found: dict[str, Phrase] = {}
    for run, wished, at in _chunks(text, places):
        for size in range(1, min(_LONGEST, len(run)) + 1):
            for start in range(len(run) - size + 1):
                words = run[start : start + size]
                if len(set(words)) == size:
                    found.setdefault(" ".join(words), Phrase(1, size == len(run), wished, at + start))
    return found


def count_phrases(texts: Iterable[str]) -> Counter[str]:
    """How many texts use each phrase."""
    return Counter(run for text in texts for run in phrases(text))


def title_of(
    texts: Sequence[str], everywhere: Counter[str], total: int, places: frozenset[str], *, fewest: int = 2
) -> str:
    """What a group of texts says most and others do not; "" when its people have no such words in common.

    `everywhere` counts the phrases of `total` texts of all groups; `fewest` words make a phrase.
    """
    found = _gathered(texts, places | _names(texts))
    least = max(_LEAST_TOLD, len(texts) // _LEAST_SHARE)
    scored = {
        run: _weight(run, one) * log((one.told / len(texts)) / ((everywhere[run] + 1) / total) + 1)
        for run, one in found.items()
        if one.told >= least and run.count(" ") + 1 >= fewest
    }
    best = sorted(scored, key=lambda run: (-scored[run], run))
    return shorten(_joined(best[:40], scored, found), _MOST_LETTERS)


def named(
    texts: Sequence[str], everywhere: Counter[str], total: int, places: frozenset[str], *, kinds: Sequence[str]
) -> str:
    """`title_of`, in two words at least; else what `kinds` of matters these are, else a single word that many use."""
    about = (texts, everywhere, total, places)
    return title_of(*about) or shorten(" / ".join(kinds), _MOST_LETTERS) or title_of(*about, fewest=1)


def _gathered(texts: Iterable[str], places: frozenset[str]) -> dict[str, Phrase]:
    found: defaultdict[str, Phrase] = defaultdict(Phrase)
    for text in texts:
        for run, one in phrases(text, places).items():
            known = found[run]
            known.told += 1
            known.whole += one.whole
            known.wished += one.wished
            known.place += one.place
    return found


def _names(texts: Iterable[str]) -> frozenset[str]:
    """Words that are mostly written as names are and stand in no dictionary: nobody is named in a title."""
    written: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for text in texts:
        for word in set(_NAMELIKE.findall(text)):
            written[word.lower()][word[0].isupper()] += 1
    return frozenset(word for word, (small, large) in written.items() if large > small and not is_common(word))


def _weight(run: str, one: Phrase) -> float:
    """How much a phrase would say as a title, were it said by this group alone."""
    words = run.split()
    whole, wished = one.whole / one.told, one.wished / one.told
    understood = _STRANGE ** sum(not is_common(word) for word in words)
    early = _FIRST_WORDS / (_FIRST_WORDS + one.place / one.told)
    return one.told * _LONGER[len(words)] * (1 + _WHOLE * whole) * (1 - (1 - _WISHED) * wished) * understood * early


def _joined(best: Sequence[str], scored: dict[str, float], found: dict[str, Phrase]) -> str:
    """The best phrase and the next that brings other words, in order of speech: "Lampu jalan mati, tiang miring"."""
    chosen: list[str] = []
    for run in best:
        known = {word for other in chosen for word in other.split()}
        if known.intersection(run.split()) or (chosen and scored[run] < _SECOND * scored[chosen[0]]):
            continue
        chosen.append(run)
        if len(chosen) == 2:  # noqa: PLR2004  # a title names two things at most
            break
    chosen.sort(key=lambda run: found[run].place / found[run].told)
    text = ", ".join(" ".join(map(_written, run.split())) for run in chosen)
    return text[:1].upper() + text[1:]


def _written(word: str) -> str:
    return word.upper() if word.upper() in listed("capitals") else word
