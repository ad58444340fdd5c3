"""From a pin to a village: by its boundary where boundaries are loaded, else by the nearest village centre."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Any

from kanal.agencies.models import Region
from kanal.agencies.queries import RegionFacts, reference
from kanal.common.snapshot import Snapshot

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


NOWHERE = Found(inside=False)


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
        return NOWHERE
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
