"""Which of the people's own words stand for a group: typical, short, clean, in their own spelling. Pure: no database.

A sentence is typical when its words are those of the group: the shares of the group's texts in which each of its words
occurs, added up and divided by the root of how many words there are, so that length alone wins nothing. The same text
from many counts once, so that a campaign does not speak for everybody.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from kanal.common.indonesian import search_tokens
from kanal.common.masking import mask
from kanal.common.text import greets_only, thanks_only

SHORTEST, LONGEST = 30, 140
"""Characters of a quote: enough to say something, little enough to be read in passing."""
LEAST_WORDS = 4
MOST_ALIKE = 0.34
"""Two quotes that share more of their words say the same thing twice."""
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
_UNCLEAN = re.compile(r"\[[^\]]*disembunyikan|https?:|www\.|[@#<>{}|\\]|\d{5,}|(.)\1{3,}|[!?]{2,}")
_MOST_CAPITALS = 0.4
_MOST_ODD = 0.15
_OPENING = re.compile(
    r"^(?:(?:yth|assalam\w*|ass?\.?|selamat (?:pagi|siang|sore|malam)|salam)\b[^,.:;]*[,.:;]\s*)*"
    r"(?:(?:(?:ba)?pak|(?:i)?bu|mas|mbak|admin|min|kang)\b[^,.:;]{0,25},\s*)?",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"\b(?i:(?:ba)?pak|i?bu|mas|mbak|mbah|kang|sdri?|saudara|haji|bidan|dr|h)\.? [A-Z]"
    r"|\b(?:bernama|nama saya|atas nama)\b|\bRT\W?\d"
)
"""What may point at one person: an address with a name behind it, a name that is announced, and a handful of houses."""
_ASKS_QUIET = re.compile(r"rahasia|anonim|identitas|disamarkan|jangan (?:di)?sebut", re.IGNORECASE)
_BEGS = re.compile(r"^(?:mohon|tolong|harap|minta|bagaimana)\b", re.IGNORECASE)
_BEGGING = 0.7
"""A request says less of the matter than what somebody saw."""


@dataclass(frozen=True, slots=True)
class Said:
    """A masked text and where it came from."""

    text: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class _Candidate:
    sentence: str
    place: str
    words: frozenset[str]


def is_clean(sentence: str) -> bool:
    """Whether a sentence can stand on paper: short, nobody named, nothing hidden in it, neither shouted nor garbled."""
    if not SHORTEST <= len(sentence) <= LONGEST or any(
        rule.search(sentence) for rule in (_UNCLEAN, _PERSON, _ASKS_QUIET)
    ):
        return False
    letters = [char for char in sentence if char.isalpha()]
    odd = sum(not (char.isalnum() or char in " .,;:!?'\"()/-–…%") for char in sentence)
    if not letters or odd > _MOST_ODD * len(sentence):
        return False
    if sum(map(str.isupper, letters)) > _MOST_CAPITALS * len(letters):
        return False
    return not greets_only(sentence) and not thanks_only(sentence) and mask(sentence).text == sentence


def sentences(text: str) -> Iterable[str]:
    """The sentences of a text without the greeting before them."""
    for raw in _SENTENCE.split(text):
        sentence = _OPENING.sub("", " ".join(raw.split())).strip(" -*•")
        if sentence:
            yield sentence[:1].upper() + sentence[1:]


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
    return [Said(one.sentence, one.place) for one in chosen]


def _candidates(said: Iterable[Said]) -> list[_Candidate]:
    found: dict[str, _Candidate] = {}
    for one in said:
        for sentence in sentences(one.text):
            if sentence.casefold() in found or not is_clean(sentence):
                continue
            words = frozenset(search_tokens(sentence))
            if len(words) >= LEAST_WORDS:
                found[sentence.casefold()] = _Candidate(sentence, one.place, words)
    return list(found.values())


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)
