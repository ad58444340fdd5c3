"""What every page must be as it is sent, before any browser draws it."""

import re
from html.parser import HTMLParser

ENGLISH = frozenset({"and", "been", "have", "must", "not", "please", "that", "the", "this", "was", "with", "your"})
"""Words that stand in nearly every English sentence and in no Indonesian one."""
_UNREAD = {"script", "style", "code", "pre", "textarea"}
_EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


def page_faults(html: str) -> list[str]:
    """What is wrong with a page: one sentence each.

    It needs a title, a language and one first heading; scripts and styles written into it would be refused by our
    Content Security Policy; and an Indonesian page says nothing in English, except where it marks it (`lang="en"`).
    """
    page = _Reader()
    page.feed(html)
    wrong = {
        "it has no title": not page.title.strip(),
        f"its language is {page.language!r}": page.language not in {"id", "en"},
        f"it has {page.headings} first headings": page.headings != 1,
    }
    english = [f"it says in English: {said}" for said in page.said if page.language == "id" and _is_english(said)]
    return [fault for fault, is_wrong in wrong.items() if is_wrong] + page.written_inside + english


def _is_english(said: str) -> bool:
    own = re.sub("“[^”]*”", "", said)  # what somebody else's page or program says is quoted
    return not ENGLISH.isdisjoint(re.findall(r"[a-z]+", own.lower()))


class _Reader(HTMLParser):
    """Notes the frame of a page, what it says, and what is written into it instead of being loaded by it."""

    def __init__(self) -> None:
        super().__init__()
        self.title, self.language, self.headings = "", "", 0
        self.written_inside: list[str] = []
        self.said: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.language = given.get("lang") or ""
        self.headings += tag == "h1"
        written = tag == "style" or (tag == "script" and "src" not in given and "json" not in (given.get("type") or ""))
        if written and "nonce" not in given:
            self.written_inside.append(f"<{tag}> is written into the page")
        self.written_inside += [f"<{tag}> has {name}=" for name in given if name == "style" or name.startswith("on")]
        self.said += [given[name] or "" for name in ("alt", "aria-label", "placeholder", "title") if given.get(name)]
        if tag not in _EMPTY:
            unread = tag in _UNREAD or (tag != "html" and given.get("lang", "id") != "id")
            self._open.append((tag, unread))

    def handle_endtag(self, tag: str) -> None:
        while any(tag == name for name, _unread in self._open):
            if self._open.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] == "title" and self._open[-2][0] == "head":
            self.title += data
        if data.strip() and not any(unread for _name, unread in self._open):
            self.said.append(" ".join(data.split()))
