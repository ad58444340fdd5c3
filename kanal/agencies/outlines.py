"""Outlines of places from GeoJSON: checked, made light enough for a web map, and still fitting their neighbours.

No database. Coordinates are (longitude, latitude) in degrees, WGS 84, as GeoJSON has them.
"""

import itertools
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

Point = tuple[float, float]
Ring = list[Point]  # closed in files, open (without the repeated last point) in here

CODE_NAMES: Final = ("kode", "code", "KODE", "CODE", "kd_wilayah", "KDEPUM", "KDCPUM", "id")
_PLAIN_CRS: Final = ("CRS84", "EPSG::4326", "EPSG:4326")
_MAX_BYTES: Final = 200_000_000
_MAX_POINTS: Final = 500_000
_METRES: Final = 111_320.0  # one degree of latitude
_PLACES: Final = 5  # decimals kept: about one metre
_SMALLEST_RING: Final = 3
# Where Indonesia lies, with room to spare; a point outside usually has its numbers swapped.
_WEST, _EAST, _SOUTH, _NORTH = 90.0, 145.0, -15.0, 10.0


class BadOutline(ValueError):  # noqa: N818  # it is an answer to a person, not a fault
    """A file or a feature cannot be used; the message is the sentence that says why."""


@dataclass
class Outline:
    """The outline of one place: its polygons, each an outer ring and holes."""

    code: str
    polygons: list[list[Ring]]

    def geometry(self) -> dict[str, object]:
        """As GeoJSON: one polygon, or several."""
        closed = [
            [[[round(x, _PLACES), round(y, _PLACES)] for x, y in (*ring, ring[0])] for ring in polygon]
            for polygon in self.polygons
        ]
        if len(closed) == 1:
            return {"type": "Polygon", "coordinates": closed[0]}
        return {"type": "MultiPolygon", "coordinates": closed}

    def centre(self) -> Point:
        """The centroid of its largest part."""
        return max((_centroid(polygon[0]) for polygon in self.polygons), key=lambda found: found[0])[1]

    def points(self) -> int:
        """How many corners it has."""
        return sum(len(ring) for polygon in self.polygons for ring in polygon)


# Reading ------------------------------------------------------------------------------------------------------------


def read_outlines(path: Path, property_name: str = "") -> Iterator[Outline | BadOutline]:
    """Every feature of a GeoJSON file, or why it cannot be used. Raises BadOutline when the file as a whole cannot."""
    for number, feature in enumerate(_features(path), 1):
        code = ""
        try:
            code = _code(feature, property_name)
            yield Outline(code, _polygons(feature.get("geometry")))
        except BadOutline as error:
            where = code or _("objek ke-%(number)d") % {"number": number}
            yield BadOutline(f"{where}: {error}")


def _features(path: Path) -> list[dict[str, Any]]:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise BadOutline(_("Berkas lebih besar dari %(most)d MB.") % {"most": _MAX_BYTES // 1_000_000})
        found = json.loads(path.read_text(encoding="utf-8-sig"), parse_constant=_no_constant)
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise BadOutline(_("Berkas tidak bisa dibaca sebagai GeoJSON.")) from error
    if not isinstance(found, dict) or found.get("type") not in {"FeatureCollection", "Feature"}:
        raise BadOutline(_("Berkas bukan GeoJSON: harus FeatureCollection atau Feature."))
    _check_crs(found.get("crs"))
    features = found.get("features") if found["type"] == "FeatureCollection" else [found]
    if not isinstance(features, list) or not features:
        raise BadOutline(_("Berkas tidak berisi satu wilayah pun."))
    return [feature if isinstance(feature, dict) else {} for feature in features]


def _no_constant(name: str) -> float:
    raise BadOutline(_("Koordinat “%(name)s” bukan angka.") % {"name": name})


def _check_crs(crs: object) -> None:
    """Only longitude and latitude in degrees; metres of a UTM zone would land in the sea off Africa."""
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if not name.endswith(_PLAIN_CRS):
        raise BadOutline(_("Sistem koordinat %(name)s tidak didukung. Ekspor ulang sebagai WGS 84.") % {"name": name})


def _code(feature: dict[str, Any], property_name: str) -> str:
    properties = feature.get("properties")
    told = properties if isinstance(properties, dict) else {}
    names = (property_name,) if property_name else CODE_NAMES
    code = next((str(told[name]).strip() for name in names if told.get(name)), "")
    if not code:
        raise BadOutline(_("Tidak ada kode wilayah (dicari: %(names)s).") % {"names": ", ".join(names)})
    return code


def _polygons(geometry: object) -> list[list[Ring]]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    coordinates = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if kind not in {"Polygon", "MultiPolygon"} or not isinstance(coordinates, list):
        raise BadOutline(_("Bentuknya %(kind)s; yang dipakai Polygon atau MultiPolygon.") % {"kind": kind or "kosong"})
    polygons = [coordinates] if kind == "Polygon" else coordinates
    found = [[_ring(ring) for ring in polygon] for polygon in polygons if isinstance(polygon, list) and polygon]
    if not found:
        raise BadOutline(_("Bentuknya kosong."))
    if sum(len(ring) for polygon in found for ring in polygon) > _MAX_POINTS:
        raise BadOutline(_("Terlalu banyak titik: paling banyak %(most)d.") % {"most": _MAX_POINTS})
    return found


def _ring(points: object) -> Ring:
    if not isinstance(points, list):
        raise BadOutline(_("Garis batasnya rusak."))
    ring = [_point(point) for point in points]
    if len(ring) <= _SMALLEST_RING or ring[0] != ring[-1]:
        raise BadOutline(_("Garis batasnya tidak tertutup: titik awal dan akhir harus sama."))
    ring = [point for point, following in itertools.pairwise(ring) if point != following]
    if len(set(ring)) < _SMALLEST_RING:
        raise BadOutline(_("Garis batasnya tidak melingkupi apa pun."))
    return ring


def _point(point: object) -> Point:
    try:
        x, y = (float(value) for value in point[:2])  # type: ignore[index]  # anything else is caught here
    except (TypeError, ValueError, KeyError) as error:
        raise BadOutline(_("Titik batasnya rusak.")) from error
    if not (_WEST <= x <= _EAST and _SOUTH <= y <= _NORTH):
        if _WEST <= y <= _EAST:
            raise BadOutline(_("Lintang dan bujur tertukar."))
        raise BadOutline(_("Titik (%(x)s, %(y)s) di luar Indonesia.") % {"x": x, "y": y})
    return x, y


# Lighter ------------------------------------------------------------------------------------------------------------


def simplify(outlines: Sequence[Outline], metres: float) -> None:
    """Leave out corners that move a line by less than `metres` (Douglas-Peucker).

    A border that two places share is cut where a third one joins and simplified once for both, so neighbours neither
    overlap nor leave gaps. Parts that shrink to nothing are left out, unless they are all that a place has.
    """
    owners: dict[Point, set[int]] = {}
    rings = [ring for outline in outlines for polygon in outline.polygons for ring in polygon]
    for number, ring in enumerate(rings):
        for point in ring:
            owners.setdefault(point, set()).add(number)
    for outline in outlines:
        lighter = [light for polygon in outline.polygons if (light := _lighter(polygon, owners, metres))]
        outline.polygons = lighter or outline.polygons[:1]


def _lighter(polygon: list[Ring], owners: dict[Point, set[int]], metres: float) -> list[Ring]:
    rings = [_light_ring(ring, owners, metres) for ring in polygon]
    if len(rings[0]) < _SMALLEST_RING:
        return []
    return [rings[0], *(ring for ring in rings[1:] if len(ring) >= _SMALLEST_RING)]


def _light_ring(ring: Ring, owners: dict[Point, set[int]], metres: float) -> Ring:
    corners = _corners(ring, owners)
    turned = ring[corners[0] :] + ring[: corners[0]]
    places = [corner - corners[0] for corner in corners] + [len(ring)]
    closed = [*turned, turned[0]]
    kept: Ring = []
    for start, end in itertools.pairwise(places):
        kept += _light_line(closed[start : end + 1], metres)[:-1]
    return kept


def _corners(ring: Ring, owners: dict[Point, set[int]]) -> list[int]:
    """Where the neighbour changes; on an island the two points that lie farthest apart."""
    count = len(ring)
    sides = [owners[ring[i]] & owners[ring[(i + 1) % count]] for i in range(count)]
    found = [i for i in range(count) if sides[i] != sides[i - 1]]
    if len(found) > 1:
        return found
    first = min(range(count), key=ring.__getitem__) if not found else found[0]
    far = max(range(count), key=lambda i: (math.dist(ring[i], ring[first]), ring[i]))
    return sorted({first, far})


def _light_line(line: Ring, metres: float) -> Ring:
    """Douglas-Peucker without recursion; a line gives the same points whichever way it is walked."""
    turned = line[-1] < line[0]
    points = line[::-1] if turned else line
    keep = {0, len(points) - 1}
    spans = [(0, len(points) - 1)]
    while spans:
        start, end = spans.pop()
        far, distance = _farthest(points, start, end)
        if distance > metres:
            keep.add(far)
            spans += [(start, far), (far, end)]
    kept = [points[place] for place in sorted(keep)]
    return kept[::-1] if turned else kept


def _farthest(points: Ring, start: int, end: int) -> tuple[int, float]:
    (ax, ay), (bx, by) = points[start], points[end]
    across = _METRES * math.cos(math.radians(ay))
    dx, dy = (bx - ax) * across, (by - ay) * _METRES
    length = dx * dx + dy * dy
    best, found = -1.0, start
    for place in range(start + 1, end):
        px, py = (points[place][0] - ax) * across, (points[place][1] - ay) * _METRES
        along = max(0.0, min(1.0, (px * dx + py * dy) / length)) if length else 0.0
        distance = math.hypot(px - along * dx, py - along * dy)
        if distance > best:
            best, found = distance, place
    return found, best


def _centroid(ring: Ring) -> tuple[float, Point]:
    """The area (in square degrees, for comparing) and centroid of a ring."""
    area = x = y = 0.0
    ox, oy = ring[0]
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = (ax - ox) * (by - oy) - (bx - ox) * (ay - oy)
        area += cross
        x += (ax + bx - 2 * ox) * cross
        y += (ay + by - 2 * oy) * cross
    if not area:
        return 0.0, ring[0]
    return abs(area) / 2, (ox + x / (3 * area), oy + y / (3 * area))


def total_points(outlines: Iterable[Outline]) -> int:
    """How many corners all of them have together."""
    return sum(outline.points() for outline in outlines)
