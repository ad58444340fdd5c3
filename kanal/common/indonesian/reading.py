"""A whole text at once: the words that say what it is about, its numbers and codes, and which texts are the same."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from kanal.common.indonesian.folding import WORD, folded
from kanal.common.indonesian.mending import mended
from kanal.common.indonesian.spelling import once, plain, root, single
from kanal.common.text import listed

_BROKEN_EMOJI = re.compile(r"ðŸ[^\x00-\x7f]{0,2}")  # what old exports leave of one
_MAY_HOLD_CODES = re.compile(r"[0-9@]|://|www\.")
_AMOUNT = r"\d{1,15}(?:[.,]\d{1,3}){0,5}"
_MANY = r"(?:ribu|rb|juta|jt|miliar|milyar)"
_UNIT = r"(?:mm|cm|m|meter|mtr|km|kg|kw|ton|liter|ha|hektar|persen)"
# What is looked for first stands first: most words at once, then codes, each in a group named after its kind, then what
# is left. Every part but the words is of bounded length, so any text takes linear time.
_PIECE = re.compile(
    r"(?!(?:rt|rw|rp|jam|pukul|pkl|https?|www)\b)[a-z]+(?![\w@.+-])"
    r"|(?P<tautan>(?:https?://|www\.)\S{1,200})"
    r"|(?<![\w.+-])(?P<surel>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4})"
    r"|\b(?P<kode>[a-z]{2,5}-[2-9a-z]{4}-[2-9a-z]{4})\b"
    r"|\brt[\W_]{0,3}(?:rw[\W_]{0,3})?0{0,3}(?P<rt>\d{1,3}(?:\s?/\s?\d{1,3})?)(?!\d)"
    r"|\brw[\W_]{0,3}0{0,3}(?P<rw>\d{1,3})(?!\d)"
    rf"|(?<!\w)(?P<uang>rp[.\s]{{0,2}}{_AMOUNT}(?:\s?{_MANY}\b)?|{_AMOUNT}\s?(?:{_MANY}|rupiah)\b)"
    r"|(?<![\w.])(?P<telepon>(?:\+?62|0)[\s.-]?8\d{1,2}[\s.-]?\d{3,4}[\s.-]?\d{2,5})(?!\d)"
    r"|(?<!\w)(?P<nik>\d{16})(?!\w)"
    r"|(?<!\w)(?P<tanggal>\d{1,2}(?P<_sign>[/-])\d{1,2}(?P=_sign)(?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2})(?!\w)"
    r"|\b(?P<jam>(?:jam|pukul|pkl)\.?\s{0,2}\d{1,2}(?:[.:]\d{2})?|\d{1,2}:\d{2}(?::\d{2})?|\d{1,2}\.\d{2}\s?wib)\b"
    rf"|(?<!\w)(?P<ukuran>{_AMOUNT}\s?{_UNIT})\b"
    rf"|(?<!\w)(?P<angka>{_AMOUNT})(?!\w)"
    rf"|{WORD}"
)
_WORD = re.compile(WORD)


@dataclass(frozen=True, slots=True)
class Code:
    """A number or code in a text: its kind (rt, rw, telepon, nik, uang, tanggal, jam, ukuran, …) and what it says."""

    kind: str
    value: str


def tokens(text: str) -> list[str]:
    """Return the words of a text for comparing and learning, in order: standard spelling, root form, no stop words.

    A number or code is one token of its kind ("#rt", "#telepon", "#uang", "#angka" …), so that the words say what a
    text is about and its numbers do not scatter it; `codes` has what they say. Any text, in linear time.
    """
    line = _legible(text)
    if not _MAY_HOLD_CODES.search(line):  # three times as fast
        return [word for raw in _WORD.findall(line) if (word := root(raw))]
    return [word for kind, value in _pieces(line) if (word := f"#{kind}" if kind else root(value))]


def codes(text: str) -> list[Code]:
    """Return the numbers and codes of a text, in order, as they are written; rt and rw without leading zeros."""
    return [Code(kind, value) for kind, value in _pieces(_legible(text)) if kind]


def normal_form(text: str) -> str:
    """Return what two copies of one text have in common: lower-case words and numbers, one space apart.

    Capitals, accents, signs, emoji, line ends, mojibake and letters held down make no difference. It follows no word
    list, so a hash of it stays the same from one version to the next. Empty for a text without a letter or digit.
    """
    return " ".join(_WORD.findall(once(_legible(text))))


def matter(text: str) -> str:
    """Return what a text says when greetings, thanks, pleas and spelling make no difference: words one space apart.

    Two tellings of one complaint differ in it by a few letters. A text that is nothing but courtesies stays whole.
    """
    words = [plain(word) for word in _WORD.findall(_legible(text))]
    return " ".join([word for word in words if word not in _courtesies()] or words)


@cache
def _courtesies() -> frozenset[str]:
    return frozenset().union(*map(listed, ("fillers", "openings", "addressed", "pleasantries", "courtesies")))


def _legible(text: str) -> str:
    return folded(_BROKEN_EMOJI.sub(" ", mended(text))).replace("_", " ")


def _pieces(line: str) -> Iterator[tuple[str, str]]:
    """Kind and value of every word, number and code; a word has no kind."""
    for piece in _PIECE.finditer(line):
        kind = piece.lastgroup
        value = piece[kind or 0]
        if kind is None:
            word = single(value)
            yield ("kode" if _has_digit(word) else "", word)
        elif kind == "rt":
            rt, _slash, rw = value.partition("/")
            yield "rt", rt.strip()
            if rw:
                yield "rw", rw.strip().lstrip("0") or "0"
        else:
            yield kind, value


def _has_digit(word: str) -> bool:
    return not word.isalpha() and any(map(str.isdigit, word))
