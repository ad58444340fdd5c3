"""How long a text is on the air: GSM-7 septets or UCS-2 units, and into how many messages it is cut.

Alphabet, extension table and part sizes: 3GPP TS 23.038 (6.2.1) and 23.040 (9.2.3.24.1).
"""

from dataclasses import dataclass

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
"""Each takes an escape before it: two septets."""
MOST_PARTS = 255
"""The header of a long message counts its parts in one byte."""
_SIZES = {True: (160, 153), False: (70, 67)}
_BEYOND_UCS2 = 0xFFFF
# Signs that writers mean nothing by, each of which would make a whole message more than twice as dear.
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("‘’‚′`´", "'"),
        **dict.fromkeys("“”„″«»", '"'),
        **dict.fromkeys("‐‑‒–—−•·", "-"),
        **dict.fromkeys("\u00a0\u2007\u2009\u202f\t", " "),
        "…": "...",
        "→": "->",
        "×": "x",
        "\u200b": "",
        "\ufeff": "",
    }
)


@dataclass(frozen=True, slots=True)
class Length:
    """What a text costs: `units` septets or UCS-2 units, `parts` messages, `left` units until the next one."""

    gsm7: bool
    units: int
    parts: int
    left: int


def is_gsm7(text: str) -> bool:
    """Whether every character has a place in the GSM alphabet or its extension."""
    return BASIC.union(EXTENSION).issuperset(text)


def plain(text: str) -> str:
    """Return the text with typographic signs written plainly, where that makes it GSM-7; else as it is."""
    if is_gsm7(text):
        return text
    simple = text.translate(_PLAIN)
    return simple if is_gsm7(simple) else text


def measure(text: str) -> Length:
    """How long the text is, as it would be sent."""
    gsm7 = is_gsm7(text)
    units, (alone, each) = sum(_width(char, gsm7=gsm7) for char in text), _SIZES[gsm7]
    if units <= alone:
        return Length(gsm7, units, 1, alone - units)
    pieces = parts_of(text)
    last = sum(_width(char, gsm7=gsm7) for char in pieces[-1])
    return Length(gsm7, units, len(pieces), each - last)


def parts_of(text: str) -> list[str]:
    """Cut the text into messages; neither an escaped character nor an emoji is ever torn in two."""
    gsm7 = is_gsm7(text)
    alone, each = _SIZES[gsm7]
    widths = [_width(char, gsm7=gsm7) for char in text]
    if sum(widths) <= alone:
        return [text]
    parts, start, used = [], 0, 0
    for at, width in enumerate(widths):
        if used + width > each:
            parts.append(text[start:at])
            start, used = at, 0
        used += width
    return [*parts, text[start:]]


def _width(char: str, *, gsm7: bool) -> int:
    """Septets (GSM-7) or 16-bit units (UCS-2, in which an emoji takes two)."""
    return 1 + (char in EXTENSION if gsm7 else ord(char) > _BEYOND_UCS2)
