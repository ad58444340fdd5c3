import contextlib
import hashlib
import io
import math
import struct
import subprocess
import sys
import zlib

import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageOps, PngImagePlugin

from kanal.common.images import MAX_BYTES, CleanImage, ImageRefused, safe_name, sanitise

ORIENTATION, GPS = 0x0112, 0x8825


def encoded(kind: str, size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size, 0 if mode in {"I;16", "1", "L", "P"} else "red").save(buffer, kind, **options)
    return buffer.getvalue()


def heic() -> bytes:
    buffer = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 48), "red")).save(buffer)
    return buffer.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def refusal(data: bytes, name: str = "foto.jpg") -> ImageRefused:
    with pytest.raises(ImageRefused) as caught:
        sanitise(data, name=name)
    return caught.value


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_every_usual_format_becomes_a_clean_jpeg_whatever_its_name(kind: str) -> None:
    image = sanitise(encoded(kind), name="salah.pdf")
    assert isinstance(image, CleanImage)
    assert (image.width, image.height, image.content_type) == (40, 30, "image/jpeg")
    assert opened(image.data).format == opened(image.thumb).format == "JPEG"
    assert image.sha256 == hashlib.sha256(image.data).hexdigest()


def test_a_photo_of_an_iphone_is_read() -> None:
    assert (sanitise(heic(), name="IMG_1.HEIC").width, sanitise(heic(), name="x").height) == (64, 48)


def test_an_upload_may_be_a_file() -> None:
    assert sanitise(io.BytesIO(encoded("PNG")), name="a.png").width == 40


def test_place_camera_comment_and_profile_are_gone() -> None:
    exif = Image.Exif()
    exif[0x010F] = "KAMERA-RAHASIA"
    exif.get_ifd(GPS)[1] = "S"
    raw = encoded("JPEG", exif=exif, comment=b"KOMENTAR", icc_profile=b"PROFIL" * 20, xmp=b"<x>XMP</x>")
    image = sanitise(raw, name="a.jpg")
    for data in (image.data, image.thumb):
        assert not opened(data).getexif()
        assert not {"exif", "icc_profile", "comment", "xmp"} & set(opened(data).info)
        assert not any(secret in data for secret in (b"RAHASIA", b"KOMENTAR", b"PROFIL", b"XMP"))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photo_stands_upright(orientation: int) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    photo = Image.new("RGB", (64, 32), "white")
    photo.paste("black", (0, 0, 16, 16))
    buffer = io.BytesIO()
    photo.save(buffer, "JPEG", quality=95, exif=exif)
    expected = ImageOps.exif_transpose(opened(buffer.getvalue())).convert("L")
    shown = opened(sanitise(buffer.getvalue(), name="a.jpg").data).convert("L")
    assert shown.size == expected.size
    assert max(ImageChops.difference(shown, expected).tobytes()) < 60


def test_a_large_photo_is_made_small_with_a_thumbnail() -> None:
    image = sanitise(encoded("JPEG", (4000, 3000)), name="a.jpg")
    assert (image.width, image.height) == (1600, 1200)
    assert opened(image.thumb).size == (320, 240)


def test_a_very_narrow_picture_survives() -> None:
    image = sanitise(encoded("PNG", (5000, 1)), name="a.png")
    assert (image.width, image.height) == (1600, 1)


@pytest.mark.parametrize(("mode", "kind"), [("RGBA", "PNG"), ("LA", "PNG"), ("RGBA", "WEBP")])
def test_transparent_parts_are_white(mode: str, kind: str) -> None:
    buffer = io.BytesIO()
    Image.new(mode, (8, 8), (0, 0, 0, 0) if mode == "RGBA" else (0, 0)).save(buffer, kind)
    assert opened(sanitise(buffer.getvalue(), name="a").data).getpixel((4, 4)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "P", "I;16"])
def test_every_colour_mode_is_read(mode: str) -> None:
    assert opened(sanitise(encoded("PNG", mode=mode), name="a.png").data).mode == "RGB"


def test_sixteen_bit_grey_keeps_its_shades() -> None:
    buffer = io.BytesIO()
    Image.new("I;16", (2000, 8), 128 * 256).save(buffer, "PNG")
    grey = opened(sanitise(buffer.getvalue(), name="a.png").data).convert("L")
    assert grey.getextrema() == (128, 128)


def test_a_printers_cmyk_jpeg_is_read() -> None:
    assert opened(sanitise(encoded("JPEG", mode="CMYK"), name="a.jpg").data).mode == "RGB"


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%PDF-1.7\n",
        b"PK\x03\x04" + b"\0" * 100,
        b"<!DOCTYPE html><img src=x>",
        b"\0\0\0\x18ftypmp42\0\0\0\0",
        b"hanya teks",
    ],
)
def test_what_is_no_photo_is_refused_by_its_content(data: bytes) -> None:
    refused = refusal(data, "video-jalan.mp4")
    assert refused.code == "not_photo"
    assert refused.sentence == "video-jalan.mp4 bukan foto. Kirim foto saja, atau ceritakan isinya."


def test_a_picture_in_a_rare_format_is_told_what_to_do() -> None:
    assert refusal(encoded("TIFF"), "pindai.tif").code == refusal(encoded("BMP"), "a.bmp").code == "format"


def test_a_heavy_file_is_refused_with_its_size() -> None:
    data = encoded("JPEG") + bytes(24 * 1024 * 1024 - 700)
    for upload in (data, io.BytesIO(data)):
        with pytest.raises(ImageRefused) as caught:
            sanitise(upload, name="IMG_2.jpg")
        assert caught.value.sentence == "IMG_2.jpg terlalu besar (24 MB). Paling besar 20 MB."
        assert (caught.value.code, caught.value.status) == ("too_large", 413)


def test_twenty_megabytes_exactly_are_accepted() -> None:
    photo = encoded("JPEG")
    assert sanitise(photo + bytes(MAX_BYTES - len(photo)), name="a.jpg").width == 40


def png_header_only(width: int, height: int) -> bytes:
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = b"IDAT" + zlib.compress(b"\0" * 1000)
    chunks = [struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in (body, data)]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize("side", [7072, 12_000, 60_000])
def test_a_decompression_bomb_is_refused_by_its_header(side: int) -> None:
    refused = refusal(png_header_only(side, side), "bom.png")
    assert refused.code == "too_many_pixels"
    assert ("36 megapiksel" if side == 7072 else "50 megapiksel") in refused.sentence


PEAK_OF_DECODING = """
import re, sys
from pathlib import Path
from kanal.common.images import sanitise
image = sanitise(sys.stdin.buffer.read(), name="foto")
print(max(image.width, image.height), re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


def large(kind: str, megapixels: float, mode: str = "RGB", **options: object) -> bytes:
    """A picture of so many megapixels, three wide to two high, that is no plain colour."""
    high = math.floor(math.sqrt(megapixels * 1_000_000 / 1.5))
    picture = Image.radial_gradient("L").resize((math.floor(high * 1.5), high)).convert(mode)
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def peak_of_decoding(data: bytes) -> float:
    """Megabytes that a process of its own holds at most while it reads `data`, Python and Pillow included."""
    command = [sys.executable, "-c", PEAK_OF_DECODING]
    side, kilobytes = subprocess.run(command, input=data, capture_output=True, check=True).stdout.split()
    assert int(side) == 1600
    return int(kilobytes) / 1024


def test_the_largest_photo_of_a_phone_is_read_in_little_memory() -> None:
    assert peak_of_decoding(large("JPEG", 49.9)) < 150


@pytest.mark.parametrize(
    ("kind", "megapixels", "mode", "options"),
    [
        ("JPEG", 49.9, "RGB", {"progressive": True}),
        ("JPEG", 29.9, "RGB", {"progressive": True, "subsampling": 0}),
        ("PNG", 35.9, "RGB", {"compress_level": 1}),
        ("PNG", 18.9, "RGBA", {"compress_level": 1}),
        ("WEBP", 12.3, "RGB", {"quality": 30, "method": 0}),
    ],
)
def test_other_large_pictures_need_more_but_no_more_than_allowed(
    kind: str, megapixels: float, mode: str, options: dict[str, object]
) -> None:
    data = large(kind, megapixels, mode, **options)
    assert peak_of_decoding(data) < 280


@pytest.mark.parametrize(
    ("kind", "megapixels", "mode", "options", "said"),
    [
        ("JPEG", 31, "RGB", {"progressive": True, "subsampling": 0}, "30 megapiksel"),
        ("PNG", 19.5, "RGBA", {"compress_level": 1}, "18 megapiksel"),
        ("WEBP", 13, "RGB", {"quality": 30, "method": 0}, "12 megapiksel"),
    ],
)
def test_what_would_need_more_is_refused_with_the_size_it_may_have(
    kind: str, megapixels: float, mode: str, options: dict[str, object], said: str
) -> None:
    refused = refusal(large(kind, megapixels, mode, **options))
    assert refused.code == "too_many_pixels"
    assert said in refused.sentence


def test_a_bomb_in_the_comments_is_refused() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("bom", "0" * 100_000_000, zip=True)
    assert refusal(encoded("PNG", pnginfo=info)).code == "broken"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_half_a_photo_is_refused(kind: str) -> None:
    buffer = io.BytesIO()
    Image.effect_noise((200, 200), 80).convert("RGB").save(buffer, kind)
    whole = buffer.getvalue()
    refused = refusal(whole[: len(whole) // 2])
    assert refused.sentence == "foto.jpg rusak dan tidak bisa dibuka. Coba ambil ulang fotonya."


def test_half_a_heic_is_refused() -> None:
    assert refusal(heic()[:-40]).code == "broken"


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"").code == "empty"


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([encoded("JPEG"), encoded("PNG"), encoded("WEBP"), encoded("GIF"), heic()]),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=8),
)
def test_damaged_bytes_end_in_a_picture_or_a_sentence(photo: bytes, damage: list[tuple[int, int]]) -> None:
    broken = bytearray(photo)
    for position, value in damage:
        broken[position % len(broken)] = value
    with contextlib.suppress(ImageRefused):
        assert sanitise(bytes(broken), name="a.jpg").data


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("IMG_1.jpg", "IMG_1.jpg"),
        ("C:\\Users\\budi\\foto.jpg", "foto.jpg"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\u202egpj.exe", "abgpj.exe"),
        ("", "foto"),
        ("/", "foto"),
    ],
)
def test_a_file_name_is_shown_without_tricks(given_name: str, shown: str) -> None:
    assert safe_name(given_name) == shown


def test_a_long_file_name_keeps_its_ending() -> None:
    assert len(safe_name("x" * 300 + ".jpeg")) == 60
    assert safe_name("x" * 300 + ".jpeg").endswith("….jpeg")


@given(st.text(alphabet=st.characters()))
def test_any_file_name_can_be_shown(name: str) -> None:
    assert 0 < len(safe_name(name)) <= 60
    safe_name(name).encode()
