"""280 by X's own count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanal.channels.x.length import MOST, fitted, weight


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("Jalan rusak", 11),
        ("dalan é", 7),
        ("e\N{COMBINING ACUTE ACCENT}", 1),
        ("ꦗꦮ", 4),
        ("道路", 4),
        ("👍", 2),
        ("“kutip”", 7),
        ("lihat https://kanal.bojonegorokab.go.id/aduan/BJN-7K2M-9QXR/ ya", 6 + 23 + 3),
    ],
)
def test_a_text_weighs_what_x_says(text: str, length: int) -> None:
    assert weight(text) == length


def test_what_fits_stays_as_it_is() -> None:
    assert fitted("  Terima kasih, kami cek. ") == "Terima kasih, kami cek."


def test_what_is_too_long_ends_at_a_word_and_keeps_its_link() -> None:
    text = "Terima kasih atas laporannya. " * 20 + "Lanjutkan di https://kanal.example.id/lapor/"
    short = fitted(text)
    assert weight(short) <= MOST
    assert short.endswith(" … https://kanal.example.id/lapor/")
    assert "laporann …" not in short


def test_one_endless_word_is_cut() -> None:
    assert weight(fitted("a" * 1000)) == MOST


@given(st.text(max_size=900))
def test_whatever_is_said_can_be_posted(text: str) -> None:
    assert weight(fitted(text)) <= MOST
