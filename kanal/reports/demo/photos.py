"""Small drawn pictures for the demonstration: a hole in a road, a lamp at night, water, rubbish, a tree, a bridge."""

import io
from collections.abc import Callable
from functools import cache
from random import Random

from PIL import Image, ImageDraw, ImageFilter

from kanal.common.images import CleanImage, sanitise

SIZE = (960, 720)
_W, _H = SIZE
Pen = ImageDraw.ImageDraw


def _road(pen: Pen, rng: Random, grey: int = 92) -> None:
    pen.rectangle((0, 0, _W, 290), fill=(166, 200, 222))
    pen.rectangle((0, 270, _W, _H), fill=(112, 138, 84))
    pen.polygon([(430, 280), (540, 280), (_W + 120, _H), (-140, _H)], fill=(grey, grey, grey + 4))
    for step in range(5):
        top = 310 + step * step * 24
        pen.polygon(
            [(480, top), (490, top), (494, top + 20 + step * 8), (478, top + 20 + step * 8)], fill=(226, 222, 200)
        )
    for _tree in range(9):
        x, height = rng.randrange(_W), rng.randrange(50, 120)
        pen.ellipse((x - 44, 285 - height, x + 44, 300), fill=(62 + rng.randrange(30), 104, 58))


def _hole(pen: Pen, rng: Random) -> None:
    _road(pen, rng)
    for _each in range(3):
        x, y, wide = rng.randrange(240, 640), rng.randrange(430, 620), rng.randrange(70, 150)
        pen.ellipse((x - wide, y - wide // 3, x + wide, y + wide // 3), fill=(70, 64, 58))
        pen.ellipse((x - wide + 16, y - wide // 3 + 10, x + wide - 10, y + wide // 3 + 4), fill=(96, 82, 66))
        pen.ellipse((x - wide // 2, y - 8, x + wide // 2, y + wide // 4), fill=(122, 118, 110))


def _lamp(pen: Pen, rng: Random) -> None:
    pen.rectangle((0, 0, _W, _H), fill=(18, 22, 38))
    pen.polygon([(380, 360), (560, 360), (_W, _H), (0, _H)], fill=(34, 36, 44))
    for x in (150, 780):
        pen.rectangle((x, 170, x + 12, 560), fill=(58, 60, 68))
        pen.line((x + 6, 172, x + (90 if x < _W // 2 else -80), 150), fill=(58, 60, 68), width=9)
    for _window in range(10):
        x, y = rng.randrange(_W), rng.randrange(250, 350)
        pen.rectangle((x, y, x + 16, y + 20), fill=(196, 160, 84))


def _water(pen: Pen, rng: Random) -> None:
    _road(pen, rng, grey=104)
    pen.rectangle((0, 430, _W, _H), fill=(128, 112, 84))
    for _wave in range(60):
        x, y, wide = rng.randrange(_W), rng.randrange(440, _H), rng.randrange(30, 120)
        pen.arc((x, y, x + wide, y + 14), 180, 360, fill=(158, 142, 112), width=3)
    pen.rectangle((610, 300, 860, 470), fill=(196, 178, 150))
    pen.polygon([(590, 304), (735, 210), (880, 304)], fill=(148, 82, 60))
    pen.rectangle((700, 380, 770, 470), fill=(92, 72, 58))


def _rubbish(pen: Pen, rng: Random) -> None:
    _road(pen, rng)
    colours = [(212, 216, 220), (40, 44, 52), (178, 60, 48), (64, 104, 168), (216, 180, 72), (120, 150, 90)]
    for _bag in range(70):
        x, y = int(rng.gauss(330, 130)), int(rng.gauss(560, 50))
        size = rng.randrange(18, 52)
        pen.ellipse((x, y, x + size, y + int(size * 0.8)), fill=rng.choice(colours), outline=(70, 70, 70))


def _tree(pen: Pen, rng: Random) -> None:
    _road(pen, rng)
    pen.line((120, 600, 820, 480), fill=(92, 66, 44), width=46)
    for _leaf in range(90):
        x, y = int(rng.gauss(720, 110)), int(rng.gauss(450, 80))
        pen.ellipse((x, y, x + 60, y + 40), fill=(50 + rng.randrange(40), 92 + rng.randrange(40), 48))


def _bridge(pen: Pen, rng: Random) -> None:
    pen.rectangle((0, 0, _W, 300), fill=(178, 206, 224))
    pen.rectangle((0, 300, _W, _H), fill=(104, 122, 92))
    pen.polygon([(0, 520), (_W, 440), (_W, _H), (0, _H)], fill=(120, 106, 82))
    pen.polygon([(0, 360), (_W, 320), (_W, 400), (0, 440)], fill=(140, 140, 138))
    for x in range(20, _W, 70):
        if x % 5:
            pen.line((x, 360 - x // 24, x, 280 - x // 24), fill=(150, 60, 52), width=9)
    points = [(430, 350)]
    for _step in range(6):
        points.append((points[-1][0] + rng.randrange(-26, 36), points[-1][1] + 14))
    pen.line(points, fill=(52, 48, 46), width=6)


_DRAWN: dict[str, Callable[[Pen, Random], None]] = {
    "jalan-berlubang": _hole,
    "jalan-desa": _hole,
    "jalan-proyek": _hole,
    "pju-padam": _lamp,
    "drainase": _water,
    "banjir": _water,
    "sampah": _rubbish,
    "buang-sampah": _rubbish,
    "pohon-tumbang": _tree,
    "taman-pohon": _tree,
    "jembatan": _bridge,
}
_VARIANTS = 4


def picture(category: str, number: int) -> CleanImage | None:
    """A drawn photo for a report of this category; None for what nobody photographs."""
    return _picture(category, number % _VARIANTS) if category in _DRAWN else None


@cache
def _picture(category: str, variant: int) -> CleanImage:
    rng = Random(f"{category}/{variant}")  # noqa: S311  # invented
    canvas = Image.new("RGB", SIZE, (200, 200, 200))
    _DRAWN[category](ImageDraw.Draw(canvas), rng)
    grain = Image.effect_noise(SIZE, 26).convert("RGB")
    soft = Image.blend(canvas.filter(ImageFilter.GaussianBlur(1.4)), grain, 0.1)
    with io.BytesIO() as file:
        soft.save(file, "JPEG", quality=70)
        return sanitise(file.getvalue(), name=f"{category}.jpg")
