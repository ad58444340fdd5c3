"""Which of the people's words are read out: short, different from each other, from different places. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kanal.common.quotable import is_clean, sentences
from kanal.common.text import one_line

SHORTEST, LONGEST = 25, 230
"""Letters of a quotation: shorter says nothing, longer nobody reads out."""
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")
_LETTERS = re.compile(r"\W+")
_ALIKE = 40
"""Quotations that begin with so many equal letters are one."""


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody wrote, masked, from which kecamatan (nothing: not said), and when."""

    text: str
    district: str
    day: date


def shortened(text: str) -> str:
    """As many whole sentences as may be read out; of a single long one its beginning, cut at a word."""
    line = one_line(text)
    if len(line) <= LONGEST:
        return line
    kept = ""
    for sentence in _SENTENCE.split(line):
        longer = f"{kept} {sentence}".strip()
        if len(longer) > LONGEST:
            break
        kept = longer
    return kept if len(kept) >= SHORTEST else line[: LONGEST - 1].rsplit(" ", 1)[0] + "…"


def readable(text: str) -> str:
    """The first sentences in a row that may be read out to everybody, as far as `quotable` lets them; none: empty."""
    kept = ""
    for sentence in sentences(one_line(text)):
        said = shortened(sentence)
        longer = f"{kept} {said}".strip()
        if not is_clean(said) or len(longer) > LONGEST:
            if len(kept) >= SHORTEST:
                break
            kept = ""
            continue
        kept = longer
    return kept


def pick(said: Iterable[Quote], most: int = 3) -> list[Quote]:
    """The quotations to read out, those from new places first, otherwise in the order in which they came."""
    known, first, second = set[str](), list[Quote](), list[Quote]()
    places = set[str]()
    for one in said:
        text = readable(one.text)
        mark = _LETTERS.sub("", text.casefold())[:_ALIKE]
        if len(text) < SHORTEST or mark in known:
            continue
        known.add(mark)
        (second if one.district in places else first).append(Quote(text, one.district, one.day))
        places.add(one.district)
    return [*first, *second][:most]
