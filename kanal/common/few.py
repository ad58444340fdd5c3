"""Small numbers of people: fewer than LEAST could be recognised by their neighbours, so their number is not told."""

from collections.abc import Hashable, Mapping
from typing import Final, TypeVar

LEAST: Final = 5

Key = TypeVar("Key", bound=Hashable)


def tellable(parts: Mapping[Key, int], whole: int) -> dict[Key, int | None]:
    """The parts of a whole that may be named beside it, in their order: not those of fewer than LEAST (but of nobody).

    Neither may a small number be found by taking what is told from the whole: while that would leave one, the smallest
    of the told parts keeps its name and loses its number.
    """
    named: dict[Key, int | None] = {key: number for key, number in parts.items() if number == 0 or number >= LEAST}
    loud = sorted((key for key in named if parts[key]), key=lambda key: parts[key], reverse=True)
    rest = whole - sum(parts[key] for key in named)
    while loud and 0 < rest < LEAST:
        rest += parts[loud[-1]]
        named[loud.pop()] = None
    return named
