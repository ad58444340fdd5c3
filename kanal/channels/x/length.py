"""How long a post is by X's own count: 280, of which a link takes 23 and an emoji or a letter of most scripts 2."""

import re
import unicodedata

MOST = 280
LINK = 23
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
"""Code points that count as one; all others count as two (twitter-text, configuration 3). An emoji made of several
code points is counted piece by piece here: never less than X counts."""


def weight(text: str) -> int:
    """The length of a text as X counts it."""
    text = unicodedata.normalize("NFC", text)
    plain, links = _LINK.subn("", text)
    return links * LINK + sum(_of(char) for char in plain)


def _of(char: str) -> int:
    return 1 if any(first <= ord(char) <= last for first, last in _LIGHT) else 2


def fitted(text: str) -> str:
    """The text, cut at a word so that it can be posted; a link at its end stays whole."""
    text = unicodedata.normalize("NFC", text).strip()
    if weight(text) <= MOST:
        return text
    links = _LINK.findall(text)
    end = f" … {links[-1]}" if links else " …"
    words, kept = re.split(r"(\s+)", text), ""
    for piece in words:
        if weight(kept + piece + end) > MOST:
            break
        kept += piece
    kept = kept.rstrip()
    if links and links[-1] in kept:
        end = " …"
    return (kept or _cut(text, MOST - weight(end))) + end


def _cut(text: str, most: int) -> str:
    """The beginning of a text that is one long word."""
    used = 0
    for at, char in enumerate(text):
        used += _of(char)
        if used > most:
            return text[:at]
    return text
