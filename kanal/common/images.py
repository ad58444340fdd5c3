"""Photos from the public: accepted by content, stripped of everything but the picture, and made small."""

import hashlib
import io
import re
import threading
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import BinaryIO

from django.utils.translation import gettext as _
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from kanal.common.looks import looks_of
from kanal.common.refusal import Refused
from kanal.common.text import one_line

MEGABYTE = 1024 * 1024
MAX_BYTES = 20 * MEGABYTE
MAX_PIXELS = 50_000_000
MEMORY = 180_000_000  # bytes that one picture may take while it is decoded
MAX_SIDE = 1600  # pixels of the stored picture
THUMB_SIDE = 320
QUALITY = 82
CONTENT_TYPE = "image/jpeg"

_LONGEST_NAME = 60
_HEAD = 32
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "HEIF")
_SIGNS = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
_HEIF_BRANDS = frozenset([b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"])
_OTHER_PICTURES = (b"BM", b"II*\0", b"MM\0*", b"\0\0\1\0", b"8BPS")  # BMP, TIFF, ICO, Photoshop
_TRANSPARENT = frozenset(["RGBA", "LA", "PA", "RGBa", "La"])
_SIXTEEN_BITS = 256
_COST = {"PNG": 5, "GIF": 6, "HEIF": 7, "WEBP": 14.5}
"""Bytes per pixel that decoding takes at its peak, measured; test_images.py measures again."""
_COST_WITH_ALPHA = 9.5
_COST_DRAFTED = 1
_MARKER, _START_OF_SCAN, _FILL = 0xFF, 0xDA, 0xFF
_one_at_a_time = threading.Lock()
_ORIENTATION = 0x0112  # the EXIF tag, and how to undo each of its values
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class ImageRefused(Refused):
    """An upload that is not stored. `code` is one of empty, not_photo, format, too_large, too_many_pixels, broken."""


@dataclass(frozen=True, slots=True)
class CleanImage:
    """A picture that carries nothing but pixels.

    `sha256` is of `data`, in hexadecimal; sizes are pixels; `name` is fit to be shown; `looks` tells copies (looks.py).
    """

    data: bytes
    content_type: str
    width: int
    height: int
    sha256: str
    thumb: bytes
    name: str = ""
    looks: str = ""


def sanitise(upload: BinaryIO | bytes, *, name: str) -> CleanImage:
    """Return `upload` as a fresh JPEG of at most 1600 pixels a side, with a thumbnail, or raise ImageRefused.

    JPEG, PNG, WebP, GIF (first frame) and HEIC, told by their content: name and claimed type count for nothing.
    Upright, on white, without EXIF (place and camera), XMP, colour profile and comments. The picture is decoded
    only after its header has shown an acceptable size: 50 megapixels, or what MEMORY allows where the format needs
    all of the picture at once. A process decodes one picture at a time, so that its peak is one picture's.
    """
    shown = safe_name(name)
    raw = _read(upload, shown)
    _check_kind(raw[:_HEAD], shown)
    try:
        with _one_at_a_time:
            picture = _picture(raw, shown)
        return _encoded(picture, shown)
    except ImageRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(shown) from error
    except Exception as error:  # hostile bytes make the decoders raise anything, MemoryError included
        sentence = _("%(name)s rusak dan tidak bisa dibuka. Coba ambil ulang fotonya.") % {"name": shown}
        raise ImageRefused(sentence, status=400, code="broken") from error


def safe_name(name: str) -> str:
    """Return a file name fit to be shown: no folders, no control characters, at most 60 characters with its ending."""
    flat = one_line(re.split(r"[/\\]", name[-1000:])[-1])
    flat = "".join(char for char in flat if unicodedata.category(char)[0] != "C").strip(" .")
    if len(flat) > _LONGEST_NAME:
        stem, dot, ending = flat.rpartition(".")
        tail = dot + ending if stem and len(ending) <= 5 else ""  # noqa: PLR2004  # ".jpeg" and a little more
        flat = flat[: _LONGEST_NAME - len(tail) - 1] + "…" + tail
    return flat or _("foto")


def _read(upload: BinaryIO | bytes, shown: str) -> bytes:
    if isinstance(upload, bytes):
        raw, size = upload, len(upload)
    else:
        raw = upload.read(MAX_BYTES + 1)
        size = upload.seek(0, io.SEEK_END) if len(raw) > MAX_BYTES and upload.seekable() else len(raw)
    if size > MAX_BYTES:
        facts = {"name": shown, "size": max(21, round(size / MEGABYTE)), "limit": MAX_BYTES // MEGABYTE}
        sentence = _("%(name)s terlalu besar (%(size)d MB). Paling besar %(limit)d MB.") % facts
        raise ImageRefused(sentence, status=413, code="too_large")
    if not raw:
        sentence = _("%(name)s kosong. Coba pilih lagi fotonya.") % {"name": shown}
        raise ImageRefused(sentence, status=400, code="empty")
    return raw


def picture_type(head: bytes) -> str:
    """The media type of a picture that `sanitise` can read, told by its first 16 bytes; "" for anything else."""
    for sign, found in _SIGNS.items():
        if head.startswith(sign):
            return found
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return "image/heic" if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS else ""


def _check_kind(head: bytes, shown: str) -> None:
    """Refuse what is no picture before any decoder sees it."""
    if picture_type(head):
        return
    if head.startswith(_OTHER_PICTURES) or head[4:12] in {b"ftypavif", b"ftypavis"}:
        sentence = _("%(name)s tersimpan dalam bentuk yang belum bisa kami buka. Kirim sebagai JPEG atau PNG.")
        raise ImageRefused(sentence % {"name": shown}, status=400, code="format")
    sentence = _("%(name)s bukan foto. Kirim foto saja, atau ceritakan isinya.") % {"name": shown}
    raise ImageRefused(sentence, status=400, code="not_photo")


def _picture(raw: bytes, shown: str) -> Image.Image:
    """Return the decoded picture, upright, in RGB and no larger than is stored."""
    if raw[4:8] == b"ftyp":
        _register_heif()
    with Image.open(io.BytesIO(raw), formats=_FORMATS) as image:
        most = _most_pixels(image, raw)
        if image.width * image.height > most:
            raise _too_many_pixels(shown, most)
        image.draft("RGB", (MAX_SIDE, MAX_SIDE))  # lets the JPEG decoder shrink while it reads: a tenth of the memory
        image.load()
        # Small first, then turned: a copy of 50 megapixels costs 200 MB.
        small = _flat(image) if image.mode == "P" else image  # numbers of a palette cannot be averaged
        small.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
        return _flat(_upright(small, image.getexif()))


def _most_pixels(image: Image.Image, raw: bytes) -> int:
    """Return how many pixels such a picture may have: what a camera writes is read in small, the rest is held whole."""
    cost: float
    if isinstance(image, JpegImageFile):
        one_pass = not image.info.get("progressive") and _first_scan(raw) == image.layers
        cost = _COST_DRAFTED if one_pass else 2 * _samples(image)
    elif image.mode in _TRANSPARENT or (image.mode != "P" and "transparency" in image.info):
        cost = max(_COST_WITH_ALPHA, _COST.get(image.format or "", 0))
    else:
        cost = _COST.get(image.format or "", _COST_WITH_ALPHA)
    return min(MAX_PIXELS, int(MEMORY / cost))


def _first_scan(raw: bytes) -> int:
    """Return the number of colours in a JPEG's first scan; 0 if there is none.

    With all colours in it the decoder shrinks while it reads. Otherwise, as in a progressive file, it keeps every
    coefficient of the picture.
    """
    at = 2
    while at + 4 < len(raw) and raw[at] == _MARKER:
        if raw[at + 1] == _START_OF_SCAN:
            return raw[at + 4]
        at += 1 if raw[at + 1] == _FILL else 2 + int.from_bytes(raw[at + 2 : at + 4], "big")
    return 0


def _samples(image: JpegImageFile) -> float:
    """Samples per pixel: 1 in grey, 1.5 with the usual quartered colours, 3 in full."""
    widest, tallest = max(part[1] for part in image.layer), max(part[2] for part in image.layer)
    return sum(part[1] * part[2] for part in image.layer) / (widest * tallest)


def _upright(small: Image.Image, exif: Image.Exif) -> Image.Image:
    """Return the picture turned as the camera was held."""
    turn = _TURNS.get(exif.get(_ORIENTATION, 1))
    return small if turn is None else small.transpose(turn)


def _flat(image: Image.Image) -> Image.Image:
    """Return the picture in RGB, transparent parts on white."""
    if image.mode in _TRANSPARENT or "transparency" in image.info:
        layer = image.convert("RGBA")
        ground = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(ground, layer).convert("RGB")
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value * (1 / _SIXTEEN_BITS))
        image = image.convert("L")
    return image.convert("RGB")


def _encoded(picture: Image.Image, name: str) -> CleanImage:
    small = picture.copy()
    small.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.LANCZOS)
    data, looks = _jpeg(picture), looks_of(small)
    return CleanImage(data, CONTENT_TYPE, *picture.size, hashlib.sha256(data).hexdigest(), _jpeg(small), name, looks)


def _jpeg(picture: Image.Image) -> bytes:
    picture.info = {}  # Pillow would carry comments over
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return buffer.getvalue()


def _too_many_pixels(shown: str, most: int = MAX_PIXELS) -> ImageRefused:
    facts = {"name": shown, "limit": most // 1_000_000}
    sentence = _("%(name)s berukuran lebih dari %(limit)d megapiksel. Kecilkan dulu, lalu kirim lagi.") % facts
    return ImageRefused(sentence, status=413, code="too_many_pixels")


@cache
def _register_heif() -> None:
    """Teach Pillow to read HEIC. Loaded with the first such photo: the decoder takes 50 ms to import."""
    import_module("pillow_heif").register_heif_opener(thumbnails=False)
