"""What a picture looks like, in 64 bits: copies that were made smaller or saved anew differ in a few of them."""

import re
from typing import Final

from PIL import Image

SAME: Final = 6
"""Pictures that differ in at most so many bits show the same."""
_SIDE: Final = 8
_PLAIN: Final = 6
_BITS: Final = _SIDE * _SIDE
_LOOKS = re.compile(r"[0-9a-f]{16}")


def looks_of(picture: Image.Image) -> str:
    """Sixteen hexadecimal digits: where each of 8 x 8 fields is lighter than its right neighbour.

    Empty for a picture of one colour, which would look like every other one.
    """
    small = picture.convert("L").resize((_SIDE + 1, _SIDE), Image.Resampling.BOX)
    light = small.tobytes()
    bits = [
        light[row * (_SIDE + 1) + column] > light[row * (_SIDE + 1) + column + 1]
        for row in range(_SIDE)
        for column in range(_SIDE)
    ]
    if not _PLAIN <= sum(bits) <= _BITS - _PLAIN:
        return ""
    return f"{int(''.join(str(int(bit)) for bit in bits), 2):016x}"


def is_looks(text: str) -> bool:
    """Whether a text is what `looks_of` gives: a browser works it out too."""
    return bool(_LOOKS.fullmatch(text))


def differing_bits(one: str, other: str) -> int:
    """In how many bits two looks differ; all of them when one is unknown."""
    if not one or not other:
        return _BITS
    return (int(one, 16) ^ int(other, 16)).bit_count()


def nearly(looks: str) -> list[str]:
    """The looks themselves and those that differ in one bit, for finding them by an index."""
    value = int(looks, 16)
    return [looks, *(f"{value ^ (1 << bit):016x}" for bit in range(_BITS))]
