"""Which week a brief is of."""

from datetime import date

import pytest

from kanal.brief.weeks import friday_of, in_words, name_in_words, name_of, this_friday
from kanal.common.refusal import Refused

TODAY = date(2026, 11, 22)


def test_a_week_is_named_after_the_friday_of_its_meeting() -> None:
    assert friday_of("2026-W47", TODAY) == date(2026, 11, 20)
    assert friday_of(" 2026w47 ", TODAY) == date(2026, 11, 20)
    assert name_of(date(2026, 11, 20)) == "2026-W47"
    assert name_of(date(2027, 1, 1)) == "2026-W53"
    assert this_friday(TODAY) == date(2026, 11, 20)


def test_a_week_is_said_as_people_say_it() -> None:
    assert in_words(date(2026, 11, 20)) == name_in_words("2026-W47") == "pekan 47 tahun 2026"
    assert name_in_words("entah") == "entah"


@pytest.mark.parametrize(
    "name", ["", "47", "2026-47", "2026-W00", "2026-W54", "2025-W53", "0000-W01", "minggu ini", "x" * 500]
)
def test_a_week_that_is_none_is_refused_with_an_example(name: str) -> None:
    with pytest.raises(Refused, match="Tulis seperti 2026-W47"):
        friday_of(name, TODAY)


def test_a_week_that_is_not_over_is_refused() -> None:
    with pytest.raises(Refused, match="belum selesai"):
        friday_of("2026-W48", TODAY)
    assert friday_of("2026-W48", date(2026, 11, 26)) == date(2026, 11, 27)
