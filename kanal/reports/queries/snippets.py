"""A piece of a text around the words that were searched for, with those words marked."""

import re

from markupsafe import Markup, escape

from kanal.common.indonesian import SearchQuery, search_tokens
from kanal.common.text import ELLIPSIS, shorten

_WORD = re.compile(r"[^\W_]+")
_BEFORE = 40  # characters shown before the first found word


def _found(text: str, query: SearchQuery) -> list[tuple[int, int]]:
    terms, prefix = set(query.terms), query.prefix
    return [
        word.span()
        for word in _WORD.finditer(text)
        if any(token in terms or (prefix and token.startswith(prefix)) for token in search_tokens(word.group()))
    ]


def _marked(text: str, spans: list[tuple[int, int]], start: int, end: int) -> Markup:
    pieces, at = [], start
    for begin, stop in spans:
        if begin < start or stop > end:
            continue
        pieces += [escape(text[at:begin]), Markup("<mark>{}</mark>").format(text[begin:stop])]
        at = stop
    return Markup().join([*pieces, escape(text[at:end])])


def marked(text: str, query: SearchQuery) -> Markup:
    """The whole text, escaped, with the found words in ``<mark>``."""
    return _marked(text, _found(text, query), 0, len(text)) if query else escape(text)


def snippet(text: str, query: SearchQuery, limit: int = 150) -> Markup:
    """About `limit` characters of the text: around the first found word, or from the beginning when there is none."""
    flat = " ".join(text.split())
    spans = _found(flat, query) if query else []
    if not spans or spans[0][0] < limit - _BEFORE:
        short = shorten(flat, limit)
        return _marked(short, _found(short, query) if spans else [], 0, len(short))
    start = flat.find(" ", spans[0][0] - _BEFORE) + 1
    end = start + len(shorten(flat[start:], limit).rstrip(ELLIPSIS))
    tail = ELLIPSIS if end < len(flat) else ""
    return Markup("{}{}{}").format(ELLIPSIS, _marked(flat, spans, start, end), tail)


def after_title(text: str, title: str) -> str:
    """The text without the beginning that its title repeats: most titles are a report's first sentence."""
    flat = " ".join(text.split())
    start = title.rstrip(f"{ELLIPSIS} .")
    return flat[len(start) :].lstrip(" .,;:!?-") if start and flat.startswith(start) else flat
