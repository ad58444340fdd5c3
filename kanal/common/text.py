"""What people type: made safe to keep, shortened to a title, and cut into words for the search index.

Nothing heavy happens at import: word lists and the stemmer load with the first text that needs them.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import Literal, Protocol, cast

WORDS = Path(__file__).parent / "words"
MAX_QUERY_TERMS = 8
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


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """Words to be found: all of `terms` whole, and `prefix` as the beginning of a word still being typed."""

    terms: tuple[str, ...]
    prefix: str | None = None

    def __bool__(self) -> bool:
        return bool(self.terms or self.prefix)


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


def _greets(words: list[str]) -> bool:
    """Whether a clause only greets: its first words open a greeting, and nothing that could be a matter follows.

    "Selamat pagi jalan rusak" is none, and "Yth. Kepala Dinas …" may name whom it will.
    """
    if words[0] == "kepada":
        words = words[1:] or words
    if words[0] == "yth":
        return words[1:2] != [] and words[1] in _listed("addressed") and len(words) <= _GREETING_MOST
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
    stay = _listed("capitals")
    calm = _WORD.sub(lambda word: word[0] if word[0] in stay else word[0].lower(), text)
    return _capital(calm)


def _capital(sentence: str) -> str:
    """Return the sentence with a capital at its beginning, where the letter has one (ß has two)."""
    first = sentence[:1].upper()
    return first + sentence[1:] if len(first) == 1 else sentence


# --- words for the search index -----------------------------------------------------------------------------------

# In this order: tracking codes, amounts such as 1.500.000, and words; Javanese vowel signs belong to their word.
_TOKEN = re.compile(r"\b[a-z]{2,5}-[2-9a-z]{4}-[2-9a-z]{4}\b|\d{1,3}(?:\.\d{3})+(?!\d)|[\w\ua980-\ua9c0]+")
_LATIN_MARKS = re.compile(r"[\u0300-\u036f]+")
_LONGEST_TOKEN = 40
_STRETCHED = re.compile(r"([^\W\d])\1{2,}")
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


def search_tokens(text: str) -> list[str]:
    """Return the words of `text` as the search index knows them, in order: standard spelling, root form, no stop words.

    Lower case, accents folded, slang, abbreviations and common Javanese put into standard Indonesian; numbers and
    tracking codes whole. Works on any text.
    """
    return [term for raw in _raw_tokens(text) if (term := _term(raw))]


def plain_words(text: str) -> list[str]:
    """Return every word of `text` in lower case and standard spelling, in order: neither stemmed nor thinned out.

    For matching phrases word by word: "kebanjiran" stays apart from "banjir", while slang and the "its" at the end of a
    word (kabelnya, lobangnya) are seen through.
    """
    return [_plain_word(raw) for raw in _raw_tokens(text)]


@lru_cache(maxsize=50_000)
def _plain_word(raw: str) -> str:
    if not raw.isalpha():
        return raw[:_LONGEST_TOKEN]
    word = _STRETCHED.sub(r"\1", raw)
    standard = _standard(word)
    if standard not in word:  # a form of the standard word (kebanjiran) says something else than the word itself
        word = standard
    bare = word.removesuffix("nya")
    return (bare if len(bare) >= _SHORTEST_BARE else word)[:_LONGEST_TOKEN]


def search_text(*parts: str) -> str:
    """Return the tokens of all `parts`, joined by spaces, for the text column of the index."""
    return " ".join([token for part in parts for token in search_tokens(part)])


def query_tokens(query: str) -> SearchQuery:
    """Return what a search box means: at most eight different words, the last one possibly unfinished."""
    raws = _raw_tokens(query[:2000])
    if not raws:
        return SearchQuery(())
    unfinished = raws.pop() if not query[-1].isspace() else None
    prefix = (_term(unfinished) or None) if unfinished else None
    terms = list(dict.fromkeys(term for raw in raws if (term := _term(raw))))
    if not terms and prefix is None:
        # Only stop words: better to look for the word itself than to answer nothing.
        prefix = (unfinished or raws[-1])[:_LONGEST_TOKEN]
    terms = [term for term in terms if term != prefix][: MAX_QUERY_TERMS - (prefix is not None)]
    return SearchQuery(tuple(terms), prefix)


def _raw_tokens(text: str) -> list[str]:
    if not text.isascii():
        text = _LATIN_MARKS.sub("", compose(drop_surrogates(text), "NFKD"))
        text = "".join([char if char.isascii() else _ascii_digit(char) for char in text])
    return _TOKEN.findall(text.lower().replace("_", " "))


def _ascii_digit(char: str) -> str:
    digit = unicodedata.decimal(char, None)
    return char if digit is None else str(digit)


@lru_cache(maxsize=50_000)
def _term(raw: str) -> str:
    """Return the index form of one raw token, "" for a stop word."""
    if not raw.isalpha():
        return raw.replace(".", "").replace("-", "")[:_LONGEST_TOKEN]
    word = _standard(_STRETCHED.sub(r"\1", raw))
    if word in _stop_words():
        return ""
    if not _STEMMABLE.fullmatch(word):
        return word[:_LONGEST_TOKEN]
    return _stemmer().stem_word(word) or word


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
    for line in (WORDS / "slang.txt").read_text(encoding="utf-8").splitlines():
        word, _colon, variants = line.partition(":")
        if not line.startswith("#"):
            standard |= dict.fromkeys(variants.split(), word)
    return standard


@cache
def _listed(name: str) -> frozenset[str]:
    """Return the words of one file in words/, one to a line."""
    lines = (WORDS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


@cache
def _openings() -> frozenset[str]:
    return _listed("openings") | _listed("addressed")


@cache
def _matterless() -> frozenset[str]:
    return _openings() | _listed("pleasantries")


@cache
def _stop_words() -> frozenset[str]:
    return frozenset(import_module("stopwordsiso").stopwords("id")) - _listed("telling")


@cache
def _stemmer() -> _Stemmer:
    factory = import_module("Sastrawi.Stemmer.StemmerFactory").StemmerFactory()
    stemmer = import_module("Sastrawi.Stemmer.Stemmer").Stemmer(_Dictionary(factory.get_words()))
    return cast("_Stemmer", stemmer)
