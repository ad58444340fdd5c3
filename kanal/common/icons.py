"""The icon set: one inline ``<svg>`` per use, and at the end of a page the symbols that page really used.

Icons are drawn by name from ``static/kanal/icons.svg``. A page never loads that file: ``fill_sprite`` reads the
finished HTML and puts the used symbols where ``icon_sprite()`` left its mark. Reading the result, instead of keeping a
list while the page is drawn, also finds icons that came from macros, fragments and text rendered beforehand.
"""

import re
from functools import cache, lru_cache
from pathlib import Path

from markupsafe import Markup, escape

SOURCE = Path(__file__).parent / "static" / "kanal" / "icons.svg"

_SYMBOL = re.compile(r'<symbol id="i-([a-z0-9-]+)".*?</symbol>', re.DOTALL)
_USE = re.compile(r'<use href="#i-([a-z0-9-]+)"')
_MARK = re.compile(r"<!--icons([a-z0-9 -]*)-->")


class UnknownIconError(LookupError):
    """A template or a status asked for an icon that the set does not have."""


@cache
def symbols() -> dict[str, str]:
    """Every symbol of the set, by name without its ``i-``."""
    return {match[1]: match[0] for match in _SYMBOL.finditer(SOURCE.read_text(encoding="utf-8"))}


@lru_cache(maxsize=1024)
def icon(name: str, label: str | None = None) -> Markup:
    """Draw one icon. Without ``label`` it is decoration and hidden from screen readers."""
    if name not in symbols():
        raise UnknownIconError(f"no icon named {name!r} in {SOURCE.name}")
    told = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="i" {}><use href="#i-{}"/></svg>').format(told, name)


def icon_sprite(*names: str) -> Markup:
    """Leave the mark where the used symbols go; ``names`` are added for parts that arrive later by script."""
    for name in names:
        if name not in symbols():
            raise UnknownIconError(f"no icon named {name!r} in {SOURCE.name}")
    return Markup("<!--icons {}-->").format(escape(" ".join(names)))


def fill_sprite(html: str) -> str:
    """Replace the first mark by a hidden ``<svg>`` with the symbols used anywhere in ``html``, and drop later marks.

    Names that the set does not have are left out: they can only stem from text that was marked safe elsewhere.
    """
    marks = list(_MARK.finditer(html))
    if not marks:
        return html
    wanted = set(_USE.findall(html)).union(*(mark[1].split() for mark in marks))
    found = "".join(symbol for name, symbol in symbols().items() if name in wanted)
    sprite = f'<svg class="sprite" width="0" height="0" aria-hidden="true">{found}</svg>' if found else ""
    first, *later = marks
    tail = html[first.end() :] if not later else _MARK.sub("", html[first.end() :])
    return f"{html[: first.start()]}{sprite}{tail}"
