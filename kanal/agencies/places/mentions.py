"""What a text says of where: names after "ds." or "kec.", names that stand alone, RT and RW, roads, landmarks."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from kanal.agencies.places.names import Bearer, Gazetteer, Tier
from kanal.common.indonesian import codes
from kanal.common.indonesian.folding import folded
from kanal.common.indonesian.spelling import is_common, root

MOST: Final = 6_000
"""Characters looked at; a longer text has said where by then."""
_WORD = re.compile(r"[^\W_]+")
_LOOSE = re.compile(r"[^ .\-]")  # what parts two words that are no longer one name
_NEXT = re.compile(r"[^ .:\-]")  # "Kec: Kapas"
_SENTENCE = re.compile(r"[.!?:\n]\s")
_LISTS = Path(__file__).parent / "words"
_TIER_OF: Final[dict[str, Tier]] = {"desa": "village", "kecamatan": "district", "kabupaten": "regency"}

# How much it says that a place bears the name, by what stands before it.
MARKED, LANDMARK, LOCATED, STANDING, TOWARDS, ON_ROAD = 0.9, 0.65, 0.6, 0.4, 0.3, 0.25
ANSWERED = 0.8
"""The text answers "where?"."""
_ORDINARY = 0.4
"""What is left of it when the name is an ordinary word too: Sumber, Kapas, Pasar."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it is compared and where it stands.

    `tight`: it may be of one name with the word before; `follows`: that word may announce it; `capital`: it looks like
    a name by a capital that begins no sentence.
    """

    key: str
    start: int
    end: int
    tight: bool
    follows: bool
    capital: bool


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of the text that name a place, the places that they may mean, and how much they say so."""

    first: int
    last: int
    words: str
    bearers: tuple[Bearer, ...]
    weight: float
    tier: Tier | None


@dataclass(slots=True)
class Mentions:
    """All that a text says of where, in its own words. `rest`: what neither names nor announces a place of ours."""

    named: list[Mention] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)
    elsewhere: str = ""
    rt: str = ""
    rw: str = ""
    hamlets: list[str] = field(default_factory=list)
    roads: list[str] = field(default_factory=list)
    landmarks: list[str] = field(default_factory=list)


@cache
def _markers() -> dict[str, str]:
    """Word to what it announces, from words/markers.txt."""
    found: dict[str, str] = {}
    for line in (_LISTS / "markers.txt").read_text(encoding="utf-8").splitlines():
        kind, _colon, words = line.partition(":")
        if not line.startswith("#"):
            found |= dict.fromkeys(words.split(), kind)
    return found


def mentions(text: str, gazetteer: Gazetteer, *, bare: bool = False) -> Mentions:
    """Everything in the first `MOST` characters. `bare`: the text answers "where?", so a name may stand alone."""
    text = text[:MOST]
    reader = _Reader(text, gazetteer, bare=bare)
    found = reader.read()
    for code in codes(text):
        if code.kind == "rt":
            found.rt = found.rt or code.value
        elif code.kind == "rw":
            found.rw = found.rw or code.value
    return found


def _words(text: str) -> list[Word]:
    shouted = text.isupper()
    found: list[Word] = []
    end = 0
    for match in _WORD.finditer(text):
        gap = text[end : match.start()]
        opens = not found or (_SENTENCE.search(gap) and found[-1].key not in _markers())
        capital = not shouted and match[0][0].isupper() and not opens
        found.append(
            Word(folded(match[0]), match.start(), match.end(), not _LOOSE.search(gap), not _NEXT.search(gap), capital)
        )
        end = match.end()
    return found


class _Reader:
    def __init__(self, text: str, gazetteer: Gazetteer, *, bare: bool) -> None:
        self.text, self.gazetteer, self.bare = text, gazetteer, bare
        self.words = _words(text)
        self.kinds = [_markers().get(word.key, "") for word in self.words]
        self.found = Mentions()
        self.unread: list[int] = []

    def read(self) -> Mentions:
        at = 0
        while at < len(self.words):
            self._remember(at)
            mention = self._name_at(at)
            if mention:
                self.found.named.append(mention)
                at = mention.last
            elif self.kinds[at] not in _TIER_OF:
                self.found.rest.append(self.words[at].key)
            at += 1
        self._read_again()
        return self.found

    def _read_again(self) -> None:
        """Misspelt villages, now that the kecamatan is known."""
        districts = {
            bearer.place.code
            for mention in self.found.named
            if mention.tier == "district"
            for bearer in mention.bearers
        }
        for at in self.unread:
            found = [self.gazetteer.misspelt(self.words[at].key, "village", within=code) for code in districts]
            bearers = [bearer for each in found for bearer in each]
            if bearers:
                self.found.named.append(self._mention(at, at, bearers, "village"))

    # Names of our places

    def _name_at(self, at: int) -> Mention | None:
        before = self.kinds[at - 1] if at and self.words[at].follows else ""
        tier = _TIER_OF.get(before)
        for count, name in self._runs(at):
            bearers = self.gazetteer.bearers(name, tier)
            if not bearers and tier and count == 1:
                bearers = self._guessed(at, tier)
            if bearers:
                return self._mention(at, at + count - 1, bearers, tier)
        return None

    def _guessed(self, at: int, tier: Tier) -> list[Bearer]:
        """A misspelt name after "desa" or "kecamatan"."""
        if tier == "regency" or not root(self.words[at].key) or self.kinds[at]:
            return []
        found = self.gazetteer.misspelt(self.words[at].key, tier)
        if not found and tier == "village":
            self.unread.append(at)
        return found

    def _runs(self, at: int) -> Iterator[tuple[int, str]]:
        """The words from here as keys of names, the longest first."""
        most = 1
        while most < self.gazetteer.longest and at + most < len(self.words) and self.words[at + most].tight:
            most += 1
        for count in range(most, 0, -1):
            yield count, "".join([word.key for word in self.words[at : at + count]])

    def _mention(self, first: int, last: int, bearers: Sequence[Bearer], tier: Tier | None) -> Mention:
        start = self.words[first - 1 if tier else first].start
        words = self.text[start : self.words[last].end]
        return Mention(first, last, words, tuple(bearers), self._weight(first, last, tier), tier)

    def _weight(self, first: int, last: int, tier: Tier | None) -> float:
        if tier:
            return MARKED
        weight = ANSWERED if self.bare else self._by_what_stands_before(first)
        word = self.words[first]
        ordinary = first == last and not self.bare and not word.capital and is_common(word.key)
        return weight * _ORDINARY if ordinary else weight

    def _by_what_stands_before(self, first: int) -> float:
        """A road may lead past its name: it says less than a landmark or "di"."""
        for back in range(1, 4):
            if first < back or not self.words[first - back + 1].tight:
                break
            kind = self.kinds[first - back]
            if kind in {"jalan", "arah"}:
                return ON_ROAD if kind == "jalan" else TOWARDS
            if kind == "patokan":
                return LANDMARK
            if kind == "di":
                return LOCATED
        return STANDING

    # Other words of place

    def _remember(self, at: int) -> None:
        kind = self.kinds[at]
        if kind == "kabupaten" and not self.found.elsewhere:
            self._remember_regency(at)
        kept = {"dusun": self.found.hamlets, "jalan": self.found.roads, "patokan": self.found.landmarks}.get(kind)
        if kept is None:
            return
        end = self._end_of_name(at, certain=kind == "dusun" or self.words[at].key in {"jl", "jln", "gg"})
        if end > at or kind == "patokan":
            words = self.text[self.words[at].start : self.words[end].end]
            if words not in kept:
                kept.append(words)

    def _remember_regency(self, at: int) -> None:
        if at + 1 >= len(self.words) or not self.words[at + 1].follows:
            return
        ours = any(self.gazetteer.bearers(name, "regency") for _count, name in self._runs(at + 1))
        known = root(self.words[at + 1].key)
        if not ours and known and (self.words[at + 1].capital or not is_common(self.words[at + 1].key)):
            end = self._end_of_name(at, certain=True)
            self.found.elsewhere = self.text[self.words[at].start : self.words[end].end]

    def _end_of_name(self, at: int, *, certain: bool) -> int:
        """The last word of the name that a word announces. `certain`: what follows is a name, even in small letters."""
        end = at
        while end + 1 < len(self.words) and end < at + 3:
            word = self.words[end + 1]
            if not word.follows or self.kinds[end + 1] in {*_TIER_OF, "jalan", "dusun", "di", "arah", "batas"}:
                break
            if not word.key.isdigit() and not root(word.key):
                break
            small = not word.capital and not word.key.isdigit()
            if small and (not certain or end > at) and is_common(word.key):
                break
            if small and not certain and end == at:
                break
            end += 1
        return end
