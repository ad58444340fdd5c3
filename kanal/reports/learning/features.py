"""A text as numbers: its words, pairs of words and stretches of letters, each under a number made from it.

Words are those of the common reader: standard spelling, roots, no stop words. Letters are those within words as they
stand, so that endings and names still say something.

Training and everyday use read with this one module, so a text never looks different to the two. Needs numpy alone.
"""

import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kanal.common.indonesian import plain_words, tokens

Keys = NDArray[np.uint32]
Floats = NDArray[np.float32]
Reading = tuple[Keys, Keys, Keys]
"""What stands in a text, repeated as often as it stands there: words, letters, and both of its place."""

VERSION = 3
"""Counts up when the same text is read differently: models learned before are then of an older version."""
LONGEST = 6_000
"""Characters that are read of a text; what follows says nothing new about who should answer it."""
SHARES = (1.0, 1.0, 0.3)
"""How much the three parts of a reading weigh."""
LETTERS_FROM, LETTERS_TO = 3, 5
RARE = np.array([2, 3, 2])
"""Words, letters, words of places that fewer texts than this have in common are not learned."""

_GLUED = re.compile(r"(?<=[a-z.,!?;:)])(?=[A-Z])")
_PART_BITS = 28  # the upper bits of a key say which part it belongs to
_SPACE = np.uint32(2**_PART_BITS - 1)
_SPREAD = np.uint32(0x85EBCA6B)
_NEXT = np.uint32(0x01000193)
_BLANK = ord(" ")
_PAIR, _LETTERS = 1, 10  # salts keep kinds of features apart within a part


@lru_cache(maxsize=50_000)
def _word_key(word: str) -> int:
    return zlib.crc32(word.encode())


def _keys(raw: Keys, part: int, salt: int) -> Keys:
    mixed = (raw ^ np.uint32(salt * 0x9E3779B1 & 0xFFFFFFFF)) * _SPREAD
    mixed ^= mixed >> np.uint32(15)
    return (mixed & _SPACE) | np.uint32(part << _PART_BITS)


def word_keys(words: Sequence[str], part: int = 0) -> list[Keys]:
    """The keys of words and of pairs of neighbours."""
    raw = np.fromiter(map(_word_key, words), dtype=np.uint32, count=len(words))
    return [_keys(raw, part, 0), _keys(raw[:-1] * np.uint32(31) + raw[1:], part, _PAIR)]


def letter_keys(words: Sequence[str], part: int = 1) -> list[Keys]:
    """The keys of every stretch of three to five letters within a word, the blanks before and after it included."""
    letters = np.frombuffer(f" {' '.join(words)} ".encode("latin-1", "replace"), dtype=np.uint8)
    blanks = np.cumsum(letters == _BLANK)
    found, raw = [], np.zeros(len(letters), dtype=np.uint32)
    for size in range(1, min(LETTERS_TO, len(letters)) + 1):
        raw = raw[: len(letters) - size + 1] * _NEXT + letters[size - 1 :]
        if size >= LETTERS_FROM:
            within = blanks[size - 2 : len(letters) - 1] == blanks[: len(letters) - size + 1]
            found.append(_keys(raw[within], part, _LETTERS + size))
    return found


def unglued(text: str) -> str:
    """As much of a text as is read, with words apart that an export wrote as one: "BandungMelalui"."""
    return _GLUED.sub(" ", text[:LONGEST])


def read(text: str, places: Iterable[str] = ()) -> Reading:
    """What stands in a text and in the words of its place."""
    said, place = unglued(text), plain_words(" ".join(places)[:LONGEST])
    return (
        np.concatenate(word_keys(tokens(said))),
        np.concatenate([*letter_keys(plain_words(said)), _NONE]),
        np.concatenate([word_keys(place, 2)[0], *letter_keys(place, 2)]),
    )


_NONE: Keys = np.zeros(0, dtype=np.uint32)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The features that were learned: their keys in order, and how telling each is (the rarer, the more)."""

    keys: Keys
    telling: Floats

    def vector(self, reading: Reading) -> tuple[NDArray[np.intp], Floats]:
        """The known features of a reading and their weights; each part of the reading has its share of the length."""
        places, weights = [], []
        for part, share in zip(reading, SHARES, strict=True):
            keys, counts = np.unique(part, return_counts=True)
            place = np.searchsorted(self.keys, keys)
            known = np.take(self.keys, place, mode="clip") == keys if len(self.keys) else np.zeros(len(keys), bool)
            place = place[known]
            weight = (1 + np.log(counts[known])) * self.telling[place]
            places.append(place)
            weights.append(weight * (share / max(float(np.sqrt(weight @ weight)), 1e-9)))
        return np.concatenate(places), np.concatenate(weights).astype(np.float32)


def learn_vocabulary(readings: Sequence[Reading]) -> Vocabulary:
    """The features that enough readings have, by RARE."""
    kept = [np.unique(np.concatenate(reading)) for reading in readings]
    keys, texts = np.unique(np.concatenate(kept or [_NONE]), return_counts=True)
    common = texts >= RARE[keys >> _PART_BITS]
    telling = np.log((1 + len(readings)) / (1 + texts[common])) + 1
    return Vocabulary(keys[common], telling.astype(np.float32))
