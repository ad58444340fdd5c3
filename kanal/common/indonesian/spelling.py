"""One word at a time: its standard spelling, its root, and whether it says anything.

Nothing heavy happens at import: word lists and the stemmer load with the first word that needs them.
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import import_module
from typing import Protocol, cast

from kanal.common.text import listed

LONGEST = 40
"""Characters kept of one word."""
_STRETCHED = re.compile(r"([^\W\d])\1{2,}")
_TWICE = re.compile(r"([a-z]{3,30})2(?:an|kan|nya|ne)?")
_ITS = re.compile(r"(?:nipun|nya|ne|e)$")
_SHORTEST_BARE = 4  # letters
_STEMMABLE = re.compile(r"[a-z]{4,25}")


class _Stemmer(Protocol):
    def stem_word(self, word: str) -> str: ...


class _Dictionary:
    """Root words with a look-up in constant time; older releases of PySastrawi search a list for each candidate."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(word for word in words if word.strip())

    def contains(self, word: str) -> bool:
        return word in self.words


@lru_cache(maxsize=50_000)
def root(raw: str) -> str:
    """The root of a lower-case word in standard spelling, "" for a stop word; what is no word stays as it is."""
    raw = single(raw)
    if not raw.isalpha():
        return raw[:LONGEST]
    word = _standard(once(raw))
    if word in _stop_words():
        return ""
    if not _STEMMABLE.fullmatch(word):
        return word[:LONGEST]
    found = _stemmer().stem_word(word) or word
    return "" if found in _fillers() else found


@lru_cache(maxsize=50_000)
def plain(raw: str) -> str:
    """A lower-case word in standard spelling, neither stemmed nor left out; "its" at the end is seen through."""
    raw = single(raw)
    if not raw.isalpha():
        return raw[:LONGEST]
    word = once(raw)
    standard = _standard(word)
    if standard not in word:  # a form of the standard word (kebanjiran) says something else than the word itself
        word = standard
    bare = word.removesuffix("nya")
    return (bare if len(bare) >= _SHORTEST_BARE else word)[:LONGEST]


def single(raw: str) -> str:
    """The word that is said twice: "anak2", "lubang2nya"."""
    twice = _TWICE.fullmatch(raw) if "2" in raw else None
    return twice[1] if twice else raw


def once(text: str) -> str:
    """The text without letters held down: "rusaaaak"."""
    return _STRETCHED.sub(r"\1", text)


def _standard(word: str) -> str:
    """Return the standard Indonesian word, seeing through the Javanese and Indonesian "its": banyune, lobangnya."""
    slang = _slang()
    if word in slang:
        return slang[word]
    bare = _ITS.sub("", word)
    return slang.get(bare, word) if len(bare) >= _SHORTEST_BARE else word


@cache
def _slang() -> dict[str, str]:
    """Variant to standard word, from words/slang.txt."""
    standard: dict[str, str] = {}
    for line in sorted(listed("slang")):
        word, _colon, variants = line.partition(":")
        standard |= dict.fromkeys(variants.split(), word)
    return standard


@cache
def _fillers() -> frozenset[str]:
    return listed("fillers")


@cache
def _stop_words() -> frozenset[str]:
    return (frozenset(import_module("stopwordsiso").stopwords("id")) - listed("telling")) | _fillers()


@lru_cache(maxsize=50_000)
def is_common(raw: str) -> bool:
    """Whether a lower-case word is one of everyday speech, in any form, rather than a name."""
    found = root(raw)
    return not found or raw in _dictionary().words or (found != raw and len(found) >= _SHORTEST_BARE)


def is_known(word: str) -> bool:
    """Whether a lower-case word is a root of standard Indonesian."""
    return word in _dictionary().words


@cache
def _dictionary() -> _Dictionary:
    return _Dictionary(import_module("Sastrawi.Stemmer.StemmerFactory").StemmerFactory().get_words())


@cache
def _stemmer() -> _Stemmer:
    return cast("_Stemmer", import_module("Sastrawi.Stemmer.Stemmer").Stemmer(_dictionary()))
