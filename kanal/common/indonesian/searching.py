"""Words as the search index knows them, and what a search box means."""

import re
from dataclasses import dataclass

from kanal.common.indonesian.folding import WORD, folded
from kanal.common.indonesian.spelling import LONGEST, plain, root, single

MAX_QUERY_TERMS = 8
# In this order: tracking codes, amounts such as 1.500.000, and words.
_WORD = re.compile(rf"\b[a-z]{{2,5}}-[2-9a-z]{{4}}-[2-9a-z]{{4}}\b|\d{{1,3}}(?:\.\d{{3}})+(?!\d)|{WORD}")


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """Words to be found: all of `terms` whole, and `prefix` as the beginning of a word still being typed."""

    terms: tuple[str, ...]
    prefix: str | None = None

    def __bool__(self) -> bool:
        return bool(self.terms or self.prefix)


def search_tokens(text: str) -> list[str]:
    """Return the words of `text` as the search index knows them, in order: standard spelling, root form, no stop words.

    Lower case, accents folded, slang, abbreviations and common Javanese put into standard Indonesian; numbers and
    tracking codes whole. Works on any text.
    """
    return [term for raw in _words(text) if (term := _term(raw))]


def plain_words(text: str) -> list[str]:
    """Return every word of `text` in lower case and standard spelling, in order: neither stemmed nor thinned out.

    For matching phrases word by word: "kebanjiran" stays apart from "banjir", while slang and the "its" at the end of a
    word (kabelnya, lobangnya) are seen through.
    """
    return [plain(raw) for raw in _words(text)]


def search_text(*parts: str) -> str:
    """Return the tokens of all `parts`, joined by spaces, for the text column of the index."""
    return " ".join([token for part in parts for token in search_tokens(part)])


def query_tokens(query: str) -> SearchQuery:
    """Return what a search box means: at most eight different words, the last one possibly unfinished."""
    raws = _words(query[:2000])
    if not raws:
        return SearchQuery(())
    unfinished = raws.pop() if not query[-1].isspace() else None
    prefix = (_term(unfinished) or None) if unfinished else None
    terms = list(dict.fromkeys(term for raw in raws if (term := _term(raw))))
    if not terms and prefix is None:
        # Only stop words: better to look for the word itself than to answer nothing.
        prefix = single(unfinished or raws[-1])[:LONGEST]
    terms = [term for term in terms if term != prefix][: MAX_QUERY_TERMS - (prefix is not None)]
    return SearchQuery(tuple(terms), prefix)


def _words(text: str) -> list[str]:
    return _WORD.findall(folded(text).replace("_", " "))


def _term(raw: str) -> str:
    return root(raw if raw.isalpha() else raw.replace(".", "").replace("-", ""))
