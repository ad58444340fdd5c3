"""What old machines wrote is read as it was meant."""

import pytest

from kanal.common.indonesian import mended


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Jalan rusak\\r\\nsejak Senin", "Jalan rusak\nsejak Senin"),
        ("Kedai kafÃ© di Jono", "Kedai kafé di Jono"),
        ("â€œlampu padamâ€\x9d", "“lampu padam”"),
        ("ꦲꦏ꧀ꦱꦫ tetap, é tetap", "ꦲꦏ꧀ꦱꦫ tetap, é tetap"),
        ("", ""),
    ],
)
def test_letters_and_line_ends(written: str, meant: str) -> None:
    assert mended(written) == meant
    assert mended(meant) == meant
