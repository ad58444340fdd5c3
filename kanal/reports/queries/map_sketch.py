"""A map drawn on the server from the middles of the villages: for browsers without script, and before it runs."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import cos, radians
from typing import Any

from django.utils.translation import pgettext

from kanal.agencies.queries import Reference, RegionFacts, reference
from kanal.common.snapshot import Snapshot
from kanal.reports.queries.public_map import District, ground
from kanal.reports.workflow import Colour

WIDTH = 480
_EDGE = 14
_LETTER = 8.8  # width of a letter of the labels in units of the drawing, as large as they are on a phone
_LINE = 16
_THOUSAND = 1000
_SMALLEST_MARK, _DIGIT = 9.0, 2.6  # half the size of a mark, and what each further digit adds

Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Sketch:
    """The ground of the drawing: its size, the land as path data, a dot for each village, and where things lie."""

    height: int
    land: str
    dots: str
    west: float
    north: float
    across: float
    down: float
    bounds: tuple[tuple[float, float], tuple[float, float]]
    names: list[tuple[str, float, float]]
    """The kecamatan: name, latitude, longitude."""

    def place(self, lat: float, lon: float) -> tuple[float, float]:
        """Where a point of the earth lies in the drawing."""
        return round(_EDGE + (lon - self.west) * self.across, 1), round(_EDGE + (self.north - lat) * self.down, 1)


@dataclass(frozen=True, slots=True)
class Mark:
    """A kecamatan in the drawing: shape and colour say what most reports are; `number` is how many, in short."""

    x: float
    y: float
    half: float
    colour: Colour
    number: str
    name: str
    label: tuple[float, float] | None = None


def _draw() -> Sketch:
    facts = reference()
    middles = [(r.lat, r.lon) for r in facts.villages() if r.lat is not None and r.lon is not None]
    south, west, north, east = _extent(facts, middles)
    across = (WIDTH - 2 * _EDGE) / max(east - west, 1e-6)
    down = across / max(cos(radians((south + north) / 2)), 0.1)
    height = min(round((north - south) * down) + 2 * _EDGE, 2 * WIDTH)
    names = [(r.name, r.lat, r.lon) for r in facts.districts() if r.lat is not None and r.lon is not None]
    bare = Sketch(height, "", "", west, north, across, down, ((south, west), (north, east)), names)
    return replace(bare, land=_land(bare), dots=_dots(bare.place(*middle) for middle in middles))


def _extent(facts: Reference, middles: Sequence[tuple[float, float]]) -> Rectangle:
    """South, west, north, east: what the villages cover, or the regency's bounds where no village is known."""
    if middles:
        lats, lons = [lat for lat, _ in middles], [lon for _, lon in middles]
        return min(lats), min(lons), max(lats), max(lons)
    try:
        (south, west), (north, east) = facts.regency.bounds
        return float(south), float(west), float(north), float(east)
    except (TypeError, ValueError):
        lat, lon = facts.regency.lat, facts.regency.lon
        return lat - 0.25, lon - 0.25, lat + 0.25, lon + 0.25


def _dots(places: Iterable[tuple[float, float]]) -> str:
    """One path for all villages: lines of no length, which round caps turn into dots."""
    return "".join(f"M{x} {y}h0" for x, y in places)


def _land(sketch: Sketch) -> str:
    """The outlines of the kecamatan as path data, "" where none were imported."""
    shapes = (feature["geometry"] for feature in json.loads(ground().content)["features"])
    rings = [ring for shape in shapes if shape["type"] != "MultiPoint" for ring in _rings(shape)]
    return "".join(_ring(sketch, ring) for ring in rings)


def _rings(geometry: dict[str, Any]) -> Iterator[list[Any]]:
    shapes = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    for shape in shapes:
        yield from shape


def _ring(sketch: Sketch, ring: list[Any]) -> str:
    """One outline; points that fall on the same spot of the small drawing are drawn once."""
    spots = [sketch.place(point[1], point[0]) for point in ring]
    kept = [spot for before, spot in zip([None, *spots], spots, strict=False) if spot != before]
    return f"M{'L'.join(f'{x} {y}' for x, y in kept)}z" if len(kept) > 2 else ""  # noqa: PLR2004  # a triangle


sketch: Snapshot[Sketch] = Snapshot(_draw, seconds=600)


def marks(districts: Iterable[District]) -> list[Mark]:
    """The kecamatan that have reports, the busiest first; each gets its name where there is room."""
    busiest = sorted((d for d in districts if d.tally.total), key=lambda d: -d.tally.total)
    return drawn((d.region, d.tally.total, d.tally.leading) for d in busiest)


def drawn(places: Iterable[tuple[RegionFacts, int, Colour]]) -> list[Mark]:
    """Marks for places with their numbers and colours; of two names that would touch the earlier one is written."""
    drawing = sketch()
    found = [mark for place in places if (mark := _mark(drawing, *place))]
    taken = [(m.x - m.half, m.y - m.half, m.x + m.half, m.y + m.half) for m in found]
    return [replace(mark, label=_label(mark, drawing.height, taken)) for mark in found]


def _mark(drawing: Sketch, region: RegionFacts, number: int, colour: Colour) -> Mark | None:
    if region.lat is None or region.lon is None:
        return None
    x, y = drawing.place(region.lat, region.lon)
    said = short_number(number)
    return Mark(x, y, _SMALLEST_MARK + _DIGIT * (len(said) - 1), colour, said, region.name)


def short_number(number: int) -> str:
    """A number that fits into a mark: 786, "4rb" for 4,192."""
    return (
        str(number)
        if number < _THOUSAND
        else pgettext("ribu, pada peta", "%(number)drb") % {"number": round(number / _THOUSAND)}
    )


def _label(mark: Mark, height: int, taken: list[Rectangle]) -> tuple[float, float] | None:
    """Where the name goes: below its mark, else above, else nowhere. Takes the place."""
    half = len(mark.name) * _LETTER / 2
    if mark.x - half < 0 or mark.x + half > WIDTH:
        return None
    for bottom in (mark.y + mark.half + _LINE, mark.y - mark.half - 3):
        wanted = (mark.x - half, bottom - _LINE + 2, mark.x + half, bottom + 2)
        if wanted[1] > 0 and wanted[3] < height and not any(_touch(wanted, other) for other in taken):
            taken.append(wanted)
            return mark.x, round(bottom, 1)
    return None


def _touch(one: Rectangle, other: Rectangle) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
