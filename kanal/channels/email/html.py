"""The words of a letter that is written in HTML, without what it quotes."""

import re
from html import unescape

_BLOCKS = frozenset(
    {"address", "article", "blockquote", "dd", "div", "dl", "dt", "fieldset", "footer", "form", "header", "hr", "li"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "main", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul"}
)
_SILENT = frozenset({"head", "script", "style", "title", "template", "svg"})
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_QUOTES = re.compile(r"\b(gmail_quote(?!_attribution\b)|yahoo_quoted|moz-cite-prefix|protonmail_quote)")
_QUOTE_IDS = re.compile(r"divRplyFwdMsg|appendonsend|OLK_SRC_BODY_SECTION", re.IGNORECASE)
_FORWARDED = re.compile(r"-{5,}\s*(Forwarded message|Pesan (yang )?(di)?terusan|Pesan terusan)", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]+>")
_ATTRIBUTE = re.compile(r"""\b(class|id|type)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n\f\u00a0]+")


class _Words:
    """Collects text. A reader of its own: the standard library's takes half a minute for 40,000 times "<a "."""

    def __init__(self, *, quotes: bool) -> None:
        self._quotes = quotes
        self._open: list[tuple[str, bool]] = []
        self.words: list[str] = []

    def feed(self, html: str) -> None:
        """Read everything."""
        at = 0
        for tag in _TAG.finditer(html):
            self._text(html[at : tag.start()])
            at = tag.end()
            inside = tag[0][1:-1]
            if inside[0] == "/":
                self._end(_name(inside[1:]))
            elif inside[0].isalpha():
                self._start(_name(inside), inside)
            elif inside[0] not in "!?":
                self._text(tag[0])  # "2 < 3 dan 5 > 4"
        self._text(html[at:])

    @property
    def _skipping(self) -> bool:
        return bool(self._open) and self._open[-1][1]

    def _start(self, tag: str, inside: str) -> None:
        if tag == "br" or tag in _BLOCKS:
            self.words.append("\n")
        if tag in _VOID or inside.endswith("/"):
            return
        told = {found[1].lower(): found[2].strip("\"'") for found in _ATTRIBUTE.finditer(inside[:2000])}
        quoted = not self._quotes and (
            bool(_QUOTES.search(told.get("class", "")))
            or bool(_QUOTE_IDS.search(told.get("id", "")))
            or (tag == "blockquote" and told.get("type", "").lower() == "cite")
        )
        self._open.append((tag, self._skipping or tag in _SILENT or quoted))

    def _end(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.words.append("\n")
        if any(tag == name for name, _silent in self._open[-50:]):
            while self._open.pop()[0] != tag:
                pass

    def _text(self, text: str) -> None:
        if text and not self._skipping:
            self.words.append(_BLANKS.sub(" ", unescape(text)))


def _name(inside: str) -> str:
    return re.split(r"[\s/]", inside[:30], maxsplit=1)[0].lower()


def _without_comments(html: str) -> str:
    kept, at = [], 0
    while (start := html.find("<!--", at)) >= 0:
        kept.append(html[at:start])
        end = html.find("-->", start + 4)
        at = end + 3 if end >= 0 else len(html)
    return "".join([*kept, html[at:]])


def text_of(html: str) -> str:
    """The words, a line for each block; without what is quoted, unless nothing else is there or it is forwarded."""
    html = _without_comments(html)
    forwarded = bool(_FORWARDED.search(html))
    text = "" if forwarded else _read(html, quotes=False)
    return text or _read(html, quotes=True)


def _read(html: str, *, quotes: bool) -> str:
    reader = _Words(quotes=quotes)
    reader.feed(html)
    lines = [_BLANKS.sub(" ", line).strip() for line in "".join(reader.words).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
