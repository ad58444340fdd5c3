# ruff: noqa: PLR2004, S311  # shares of an invented world, and the dice that decide in it
"""Invented people. Their numbers begin with 0854, which no operator has, and their mail ends in .example."""

from random import Random

from kanal.reports.actions.bulk_load import Person
from kanal.reports.demo import words

_ODD = 7_919  # spreads consecutive people over the numbers


def person(number: int, rng: Random) -> Person:
    """Person number so-and-so; the same number is always the same person, wherever they report again."""
    name = Random(number)
    first, last = name.choice(words.FIRST_NAMES), name.choice(words.LAST_NAMES)
    reach = name.random()
    digits = f"{(number * _ODD) % 100_000_000:08d}"
    return Person(
        name=f"{first} {last}" if rng.random() < 0.85 else "",
        phone=f"+62854{digits}" if reach < 0.75 else "",
        email=f"{first}.{last}{number}@warga.example".lower() if reach > 0.45 else "",
    )


def spoken(phone: str, rng: Random) -> str:
    """A number as people write it into their complaint."""
    local = "0" + phone.removeprefix("+62")
    return f"{local[:4]}-{local[4:8]}-{local[8:]}" if rng.random() < 0.3 else local
