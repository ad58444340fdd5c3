"""What people type: made safe to keep, and shortened to a title."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Literal

WORDS = Path(__file__).parent / "words"
ELLIPSIS = "…"
_LONGEST_ID = 18  # digits: one more might not fit a column

_LINE_ENDS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Controls, bidirectional embeddings, overrides and isolates, byte order mark, lone surrogates. The plain direction
# marks (U+200E, U+200F) and the joiners that Javanese and emoji need stay.
_UNWANTED = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_BLANK_LINES = re.compile(r"\n{4,}")
# Unicode's own limit for honest text (UAX 15, stream-safe format). Sorting a longer run takes quadratic time:
# 20,000 alternating marks already keep unicodedata.normalize busy for a quarter of a second.
_MARKS_IN_A_ROW = 30


class TooLong(Exception):  # noqa: N818  # it is an answer to a person, not a fault
    """A text is longer than its field holds. `limit` and `actual` are characters after cleaning."""

    def __init__(self, limit: int, actual: int) -> None:
        super().__init__(f"{actual} characters where {limit} are allowed")
        self.limit = limit
        self.actual = actual


def clean(text: str, *, max_chars: int) -> str:
    r"""Return what a person typed in the form that Kanal keeps, or raise TooLong; nothing is cut off silently.

    Unicode form C, line ends as "\n", without control and direction-override characters, without spaces at line
    ends and without more than two blank lines in a row. Idempotent.
    """
    text = _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))
    text = compose(text)
    text = "\n".join([line.rstrip() for line in text.split("\n")])
    text = _BLANK_LINES.sub("\n\n\n", text).strip()
    if len(text) > max_chars:
        raise TooLong(max_chars, len(text))
    return text


def one_line(text: str) -> str:
    """Return `text` cleaned and on one line, runs of blanks as one space: for titles, names and subjects."""
    return " ".join(compose(_UNWANTED.sub("", _LINE_ENDS.sub("\n", text))).split())


def compose(text: str, form: Literal["NFC", "NFKC", "NFKD"] = "NFC") -> str:
    """Return `text` in a Unicode normal form ("NFC", "NFKC", "NFKD"), in linear time for any input."""
    if text.isascii():
        return text
    return unicodedata.normalize(form, _without_mark_towers(text))


def drop_surrogates(text: str) -> str:
    """Return `text` without lone surrogates, which no file or database can encode."""
    return _SURROGATES.sub("", text)


_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def xml_text(text: str) -> str:
    """Return `text` without what XML 1.0 does not know; one such character would make a whole document unreadable."""
    return _NOT_XML.sub("", text)


def _without_mark_towers(text: str) -> str:
    if not any(map(unicodedata.combining, text)):
        return text
    kept, run = [], 0
    for char in text:
        run = run + 1 if unicodedata.combining(char) else 0
        if run <= _MARKS_IN_A_ROW:
            kept.append(char)
    return "".join(kept)


# --- titles -------------------------------------------------------------------------------------------------------

_SENTENCE_END = re.compile(r"[.!?]+(?=\s|$)|\n+")
_ABBREVIATION_BEFORE = re.compile(
    r"\b(?:jl|jln|ds|dsn|kec|kab|kel|rt|rw|no|gg|bpk|yth|dr|drs|hj|h|km|st|sdr|tgl|a\.n)$", re.IGNORECASE
)
_CLAUSE_END = re.compile(r"\s*(?:[,;:]+|\s[-–]+\s)\s*")
# Besides the lists in words/: openings that are written in too many ways.
_OPENING_SHAPE = re.compile(r"(?:as+al\w*m|hall?o|bismillah|warahmatullah)\w*")
_GREETING_MOST = 12  # words; a longer one is read as a matter
_SHOUT_MIN_LETTERS = 8
_SHOUT_SHARE = 0.7
_WORD = re.compile(r"[^\W\d_]+")


def row_id(text: str) -> int | None:
    """The id of a row as a form or an address names it; None for what cannot be one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID else None


def title_from(body: str, limit: int = 90) -> str:
    """Return a title for a report that has none: its first sentence that is more than a greeting.

    At most `limit` characters, cut between words with an ellipsis, beginning with a capital; a text in capitals is set
    in sentence case. Empty for an empty body.
    """
    head = _UNWANTED.sub("", body[: max(20 * limit, 2000)])  # one behind a full stop would hide the sentence's end
    first = chosen = ""
    for part in _sentences(head):
        sentence = one_line(part)
        if not sentence.strip(" .,!?-"):
            continue
        first = first or sentence
        chosen = _matter(sentence)
        if chosen:
            break
    chosen = chosen or first
    return shorten(_calm(chosen).rstrip(" .,;:-") if chosen else "", limit)


def _matter(sentence: str) -> str:
    """Return the sentence without the greetings it begins with: "Pak Bupati, jalan rusak" speaks of the road."""
    rest = sentence
    while rest:
        end = _CLAUSE_END.search(rest)
        head = rest[: end.start()] if end else rest
        words = re.findall(r"\w+", head.lower())
        if words and not _greets(words):
            return rest
        rest = rest[end.end() :] if end else ""
    return rest


def greets_only(text: str) -> bool:
    """Whether a text is nothing but greetings: "Assalamualaikum, selamat pagi pak"."""
    clauses = [re.findall(r"\w+", clause.lower()) for clause in re.split(r"[,;:.!?\n]+", text)]
    said = [words for words in clauses if words]
    return bool(said) and all(_greets(words) for words in said)


def thanks_only(text: str) -> bool:
    """Whether a text that begins with thanks tells nothing else: "Terima kasih banyak atas bantuannya pak"."""
    words = re.findall(r"\w+", text.lower())
    return 0 < len(words) <= _GREETING_MOST and (_matterless() | listed("thanks")).issuperset(words)


def _greets(words: list[str]) -> bool:
    """Whether a clause only greets: its first words open a greeting, and nothing that could be a matter follows.

    "Selamat pagi jalan rusak" is none, and "Yth. Kepala Dinas …" may name whom it will.
    """
    if words[0] == "kepada":
        words = words[1:] or words
    if words[0] == "yth":
        return words[1:2] != [] and words[1] in listed("addressed") and len(words) <= _GREETING_MOST
    told = words[1:] if words[0] in {"saya", "kami", "aku"} and len(words) > 1 else words
    opens = told[0] in _openings() or " ".join(told[:2]) in _openings() or _OPENING_SHAPE.fullmatch(told[0])
    return bool(opens) and len(words) <= _GREETING_MOST and _matterless().issuperset(told[1:])


def shorten(text: str, limit: int) -> str:
    """Return at most `limit` characters of `text`, cut between words where there are any, with an ellipsis."""
    if len(text) <= limit:
        return text
    cut = text[:limit]
    at_word = cut.rpartition(" ")[0]
    kept = at_word if 2 * len(at_word) >= limit else cut[: limit - 1]
    return kept.rstrip(" .,;:-") + ELLIPSIS


def _sentences(text: str) -> Iterable[str]:
    start = 0
    for end in _SENTENCE_END.finditer(text):
        if end.group() == "." and _ABBREVIATION_BEFORE.search(text[max(start, end.start() - 8) : end.start()]):
            continue
        yield text[start : end.start()] + end.group().strip()
        start = end.end()
    yield text[start:]


def _calm(text: str) -> str:
    """Return a shouted text in sentence case; the usual abbreviations keep their capitals."""
    text = _capital(text)
    letters = [char for char in text if char.isalpha()]
    shouted = sum(map(str.isupper, letters))
    if len(letters) < _SHOUT_MIN_LETTERS or shouted < _SHOUT_SHARE * len(letters):
        return text
    stay = listed("capitals")
    calm = _WORD.sub(lambda word: word[0] if word[0] in stay else word[0].lower(), text)
    return _capital(calm)


def _capital(sentence: str) -> str:
    """Return the sentence with a capital at its beginning, where the letter has one (ß has two)."""
    first = sentence[:1].upper()
    return first + sentence[1:] if len(first) == 1 else sentence


@cache
def listed(name: str) -> frozenset[str]:
    """Return the lines of one file in words/, without its comments."""
    lines = (WORDS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


@cache
def _openings() -> frozenset[str]:
    return listed("openings") | listed("addressed")


@cache
def _matterless() -> frozenset[str]:
    return _openings() | listed("pleasantries")
