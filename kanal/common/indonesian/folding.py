"""Letters as they are compared: lower case, without accents, digits of every script as 0 to 9."""

import re
import unicodedata

from kanal.common.text import compose, drop_surrogates

WORD = r"[\w\ua980-\ua9c0]+"
"""A word; Javanese vowel signs belong to theirs."""
_LATIN_MARKS = re.compile(r"[\u0300-\u036f]+")


def folded(text: str) -> str:
    """Return the text in lower case, accents folded, digits of every script as 0 to 9; linear for any input."""
    if not text.isascii():
        text = _LATIN_MARKS.sub("", compose(drop_surrogates(text), "NFKD"))
        text = "".join([char if char.isascii() else _ascii_digit(char) for char in text])
    return text.lower()


def _ascii_digit(char: str) -> str:
    digit = unicodedata.decimal(char, None)
    return char if digit is None else str(digit)
