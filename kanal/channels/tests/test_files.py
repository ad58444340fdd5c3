"""A file that came with a message is what its first bytes say, whatever its name and the platform claim."""

import pytest

from kanal.channels.files import what_it_is

RIFF = b"RIFF\x10\x00\x00\x00"
BOX = b"\x00\x00\x00\x18"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xd8\xff\xe0", ("image", "image/jpeg")),
        (b"\x89PNG\r\n\x1a\n", ("image", "image/png")),
        (b"GIF89a", ("image", "image/gif")),
        (RIFF + b"WEBPVP8 ", ("image", "image/webp")),
        (BOX + b"ftypheic", ("image", "image/heic")),
        (BOX + b"ftypheix", ("image", "image/heic")),
        (BOX + b"ftypmif1", ("image", "image/heic")),
        (BOX + b"ftypavif", None),
        (BOX + b"ftypM4A ", ("audio", "audio/mp4")),
        (BOX + b"ftypisom", ("video", "video/mp4")),
        (b"OggS", ("audio", "audio/ogg")),
        (b"#!AMR\n", ("audio", "audio/amr")),
        (b"%PDF-1.7", ("document", "application/pdf")),
        (RIFF + b"WAVEfmt ", None),
        (b"MZ", None),
        (b"", None),
    ],
)
def test_what_a_file_is(content: bytes, kind: tuple[str, str] | None) -> None:
    assert what_it_is(content + b"\x00" * 20 if content else b"") == kind
