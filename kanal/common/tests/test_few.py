from hypothesis import given
from hypothesis import strategies as st

from kanal.common.few import LEAST, tellable


def test_fewer_than_five_are_not_named_and_nobody_may_be_told() -> None:
    assert tellable({"a": 20, "b": 4, "c": 3, "d": 0}, 27) == {"a": 20, "d": 0}


def test_what_would_give_a_small_number_away_loses_its_own() -> None:
    assert tellable({"a": 20, "b": 8, "c": 2}, 30) == {"a": 20, "b": None}
    assert tellable({"a": 11}, 12) == {"a": None}
    assert tellable({"a": 11}, 11) == {"a": 11}


@given(st.dictionaries(st.integers(), st.integers(0, 30), max_size=8), st.integers(0, 30))
def test_no_small_number_is_left_over(parts: dict[int, int], unnamed: int) -> None:
    whole = sum(parts.values()) + unnamed
    named = tellable(parts, whole)
    assert all(number is None or number == 0 or number >= LEAST for number in named.values())
    told = sum(number or 0 for number in named.values())
    assert not 0 < whole - told < LEAST or not told
