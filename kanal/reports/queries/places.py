"""From a pin or a typed name to a village: nothing is guessed that a person could be asked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Any

from kanal.agencies.models import Region
from kanal.agencies.queries import RegionFacts, reference
from kanal.common.snapshot import Snapshot
from kanal.common.text import one_line

EARTH_M = 6_371_000
FARTHEST_CENTRE_M = 9_000
"""Without boundaries a pin farther than this from every village centre lies in another regency."""

Ring = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Outline:
    """The boundary of one region: for each polygon its outer ring and its holes, as (lon, lat)."""

    region_id: int
    polygons: tuple[tuple[Ring, ...], ...]
    box: tuple[float, float, float, float]

    def holds(self, lat: float, lon: float) -> bool:
        """Whether the point lies inside."""
        west, south, east, north = self.box
        if not (south <= lat <= north and west <= lon <= east):
            return False
        return any(
            _inside(rings[0], lat, lon) and not any(_inside(hole, lat, lon) for hole in rings[1:])
            for rings in self.polygons
        )


@dataclass(frozen=True, slots=True)
class Found:
    """Where a pin lies. Outside the regency `region_id` is None."""

    inside: bool
    region_id: int | None = None


def _inside(ring: Ring, lat: float, lon: float) -> bool:
    """Ray casting: a point is inside when a line to the east crosses the ring an odd number of times."""
    odd = False
    x2, y2 = ring[-1]
    for x1, y1 in ring:
        if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            odd = not odd
        x2, y2 = x1, y1
    return odd


def outline_of(region_id: int, shape: Any) -> Outline | None:
    """The outline in a GeoJSON geometry or feature; None when it is not an area."""
    shape = shape.get("geometry", shape) if isinstance(shape, dict) else None
    if not shape or shape.get("type") not in {"Polygon", "MultiPolygon"}:
        return None
    areas = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    polygons = tuple(tuple([(float(p[0]), float(p[1])) for p in ring] for ring in rings) for rings in areas)
    points = [point for rings in polygons for point in rings[0]]
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    return Outline(region_id, polygons, (min(xs), min(ys), max(xs), max(ys)))


def _load() -> dict[int, Outline]:
    rows = Region.objects.exclude(boundary=None).values_list("id", "boundary")
    found = (outline_of(pk, shape) for pk, shape in rows)
    return {outline.region_id: outline for outline in found if outline}


outlines: Snapshot[dict[int, Outline]] = Snapshot(_load, seconds=300)


def distance_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Metres between two points on the globe."""
    dlat, dlon = radians(lat2 - lat1), radians(lon2 - lon1)
    part = sin(dlat / 2) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(dlon / 2) ** 2
    return 2 * EARTH_M * asin(sqrt(min(1.0, part)))


def locate(lat: float, lon: float) -> Found:
    """The village of a pin: by its boundary where boundaries are loaded, else by the nearest village centre."""
    facts = reference()
    known = outlines()
    villages = facts.villages()
    drawn = [known[v.id] for v in villages if v.id in known]
    for outline in drawn:
        if outline.holds(lat, lon):
            return Found(inside=True, region_id=outline.region_id)
    if (villages and len(drawn) == len(villages)) or not _in_bounds(lat, lon, facts.regency.bounds):
        return Found(inside=False)
    return _nearest(lat, lon, villages)


def _nearest(lat: float, lon: float, villages: Iterable[RegionFacts]) -> Found:
    best, metres = None, float(FARTHEST_CENTRE_M)
    for village in villages:
        if village.lat is None or village.lon is None:
            continue
        away = distance_m(lat, lon, village.lat, village.lon)
        if away < metres:
            best, metres = village.id, away
    return Found(inside=best is not None, region_id=best)


def _in_bounds(lat: float, lon: float, bounds: Any) -> bool:
    """Whether the point is inside the map; a regency without bounds accepts every point."""
    if not bounds:
        return True
    (south, west), (north, east) = bounds
    return bool(south <= lat <= north and west <= lon <= east)


def _folded(name: str) -> str:
    words = one_line(name).casefold().replace(",", " ").replace(".", " ").split()
    return " ".join(word for word in words if word not in {"desa", "ds", "kelurahan", "kel", "kecamatan", "kec"})


def named(text: str) -> list[RegionFacts]:
    """The villages of exactly that name and the kecamatan called so; for "Kauman Baureno" the one village there.

    Several results mean that the person must be asked.
    """
    wanted = _folded(text)
    if not wanted:
        return []
    facts = reference()
    villages = facts.villages()
    full = [v for v in villages if _folded(v.place) == wanted]
    if full:
        return full
    same = [r for r in facts.districts() if _folded(r.name) == wanted]
    return [v for v in villages if _folded(v.name) == wanted] + same


def grouped() -> Iterator[tuple[RegionFacts, list[RegionFacts]]]:
    """Each kecamatan with its villages, both by name: the shape of a select box."""
    facts = reference()
    below: dict[int | None, list[RegionFacts]] = {}
    for village in facts.villages():
        below.setdefault(village.district_id, []).append(village)
    for district in facts.districts():
        yield district, sorted(below.get(district.id, []), key=lambda r: r.name)


def map_data() -> dict[str, Any]:
    """What the map of the form draws when no tile server is named: bounds, kecamatan outlines, village names."""
    facts, known = reference(), outlines()
    return {
        "bounds": facts.regency.bounds,
        "outlines": [
            [[[round(y, 4), round(x, 4)] for x, y in rings[0]] for rings in known[d.id].polygons]
            for d in facts.districts()
            if d.id in known
        ],
        "districts": [[d.name, d.lat, d.lon] for d in facts.districts() if d.lat is not None],
        "villages": [[v.id, v.name, v.lat, v.lon] for v in facts.villages() if v.lat is not None],
    }
