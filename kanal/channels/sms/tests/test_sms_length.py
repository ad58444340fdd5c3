"""How long an SMS is: septets or 16-bit units, and the messages into which it is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanal.channels.sms.gsm7 import BASIC, EXTENSION, is_gsm7, measure, parts_of, plain


@pytest.mark.parametrize(
    ("text", "gsm7", "units", "parts", "left"),
    [
        ("", True, 0, 1, 160),
        ("a" * 160, True, 160, 1, 0),
        ("a" * 161, True, 161, 2, 2 * 153 - 161),
        ("a" * 306, True, 306, 2, 0),
        ("a" * 307, True, 307, 3, 152),
        ("€" * 80, True, 160, 1, 0),
        ("[jalan]", True, 9, 1, 151),
        ("ꦗ" * 70, False, 70, 1, 0),
        ("ꦗ" * 71, False, 71, 2, 2 * 67 - 71),
        ("😀" * 35, False, 70, 1, 0),
        ("😀" * 36, False, 72, 2, 61),
    ],
)
def test_known_lengths(text: str, *, gsm7: bool, units: int, parts: int, left: int) -> None:
    length = measure(text)
    assert (length.gsm7, length.units, length.parts, length.left) == (gsm7, units, parts, left)


def test_an_escaped_character_is_not_torn_in_two() -> None:
    first, second = parts_of("a" * 152 + "€" + "b" * 20)
    assert (first, second) == ("a" * 152, "€" + "b" * 20)


def test_an_emoji_is_not_torn_in_two() -> None:
    first, second = parts_of("a" * 66 + "😀" + "b" * 20)
    assert (first, second) == ("a" * 66, "😀" + "b" * 20)


def test_the_alphabet_has_128_places() -> None:
    assert len(BASIC) == 127  # the escape itself is the last one
    assert len(EXTENSION) == 10
    assert not BASIC & EXTENSION


def test_typographic_signs_do_not_double_the_price() -> None:
    assert plain("“Sudah dikerjakan” – terima kasih…") == '"Sudah dikerjakan" - terima kasih...'


def test_what_stays_dear_anyway_keeps_its_signs() -> None:
    assert plain("“ꦗ”") == "“ꦗ”"


@given(st.text(max_size=600))
def test_parts_are_the_whole_text_and_each_fits(text: str) -> None:
    parts = parts_of(text)
    assert "".join(parts) == text
    assert len(parts) == measure(text).parts
    most = (160, 153) if is_gsm7(text) else (70, 67)
    for part in parts:
        units = (
            sum(1 + (char in EXTENSION) for char in part)
            if is_gsm7(text)
            else len(part.encode("utf-16-be", "surrogatepass")) // 2
        )
        assert units <= most[len(parts) > 1]
