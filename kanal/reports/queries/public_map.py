"""Reports on the map: counted per village and kecamatan by colour, and as rounded points where one looks closely.

Nothing here tells more than the public list: no words of a report but its public title, no exact point.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db.models import Count
from django.utils import timezone

from kanal.agencies.models import Region
from kanal.agencies.queries import Reference, RegionFacts, reference
from kanal.common.snapshot import Snapshot
from kanal.reports.queries.public_case import ROUNDED
from kanal.reports.queries.public_filters import Filters, narrowed
from kanal.reports.workflow import STATUS, Colour, Status

SECONDS = 60
"""How long counted figures may be shown before they are counted anew."""

MOST_POINTS = 400
_STEP = 0.02  # degrees; boxes are widened to this grid, so that neighbours share an answer
_WIDEST = 0.3  # degrees; a wider box shows villages, not points

_SHOWN = (Colour.RED, Colour.YELLOW, Colour.GREEN)


@dataclass(slots=True)
class Tally:
    """How many reports of each colour a place has."""

    counts: dict[Colour, int] = field(default_factory=lambda: dict.fromkeys(_SHOWN, 0))

    def add(self, colour: Colour, number: int) -> None:
        """Count some more; merged and archived reports have no colour and are not public anyway."""
        if colour in self.counts:
            self.counts[colour] += number

    @property
    def total(self) -> int:
        """All colours together."""
        return sum(self.counts.values())

    @property
    def leading(self) -> Colour:
        """The colour of most reports; of equals the worse one."""
        return max(_SHOWN, key=lambda colour: self.counts[colour])


@dataclass(frozen=True, slots=True)
class District:
    """One kecamatan with its count."""

    region: RegionFacts
    tally: Tally


@dataclass(frozen=True, slots=True)
class MapFigures:
    """The counts of one list: by village id, by kecamatan, and those that name no place."""

    villages: Mapping[int, Tally]
    districts: list[District]
    unplaced: int

    @property
    def total(self) -> int:
        """Every report of the list."""
        return sum(d.tally.total for d in self.districts) + self.unplaced

    @property
    def by_colour(self) -> dict[Colour, int]:
        """The placed reports of each colour."""
        return {colour: sum(d.tally.counts[colour] for d in self.districts) for colour in _SHOWN}


def map_figures(filters: Filters) -> MapFigures:
    """Count the reports of a list per place, in one query; remembered for SECONDS."""
    key = _key("tally", filters)
    rows: list[tuple[int | None, str, int]] | None = cache.get(key)
    if rows is None:
        grouped = narrowed(filters).order_by().values_list("region_id", "status").annotate(n=Count("pk"))
        rows = [(region, status, n) for region, status, n in grouped]
        cache.set(key, rows, SECONDS)
    return _sorted_out(rows, reference())


def _sorted_out(rows: list[tuple[int | None, str, int]], facts: Reference) -> MapFigures:
    villages: dict[int, Tally] = {}
    districts = {region.id: Tally() for region in facts.districts()}
    unplaced = 0
    for region_id, status, number in rows:
        region = facts.regions.get(region_id or 0)
        colour = STATUS[Status(status)].colour
        district = districts.get(region.district_id or 0) if region else None
        if region is None or district is None:
            unplaced += number
            continue
        district.add(colour, number)
        if region.id != region.district_id:
            villages.setdefault(region.id, Tally()).add(colour, number)
    return MapFigures(villages, [District(facts.regions[pk], tally) for pk, tally in districts.items()], unplaced)


def _key(kind: str, filters: Filters, *more: object) -> str:
    text = json.dumps([filters.key(), filters.order.only_open, *more])
    return f"public-map:{kind}:{hashlib.sha256(text.encode()).hexdigest()[:32]}"


@dataclass(frozen=True, slots=True)
class Body:
    """A finished JSON answer and its fingerprint."""

    content: bytes
    etag: str


def _body(data: Any) -> Body:
    content = json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode()
    return Body(content, f'"{hashlib.sha256(content).hexdigest()[:24]}"')


def map_body(filters: Filters) -> Body:
    """The figures as JSON. `places` and `districts` are rows: code, name, latitude, longitude, red, yellow, green."""
    key = _key("body", filters)
    body: Body | None = cache.get(key)
    if body is None:
        facts, figures = reference(), map_figures(filters)
        villages = [(facts.regions[pk], tally) for pk, tally in figures.villages.items()]
        body = _body(
            {
                "districts": _rows([(d.region, d.tally) for d in figures.districts if d.tally.total]),
                "places": _rows(villages),
                "unplaced": figures.unplaced,
                "total": figures.total,
                "at": timezone.now().isoformat(timespec="seconds"),
            }
        )
        cache.set(key, body, SECONDS)
    return body


def _rows(places: list[tuple[RegionFacts, Tally]]) -> list[list[Any]]:
    return [
        [region.code, region.place, region.lat, region.lon, *(tally.counts[colour] for colour in _SHOWN)]
        for region, tally in places
        if region.lat is not None and tally.total
    ]


Box = tuple[float, float, float, float]


def read_box(text: str) -> Box | None:
    """South, west, north, east in degrees, widened to a coarse grid; None for anything else or too wide a box."""
    try:
        south, west, north, east = (float(part) for part in text[:100].split(","))
    except ValueError:
        return None
    inside = -90 <= south <= north <= 90 and -180 <= west <= east <= 180  # noqa: PLR2004  # the globe; false for NaN
    if not inside or north - south > _WIDEST or east - west > _WIDEST:
        return None
    return _grid(south, 0), _grid(west, 0), _grid(north, 1), _grid(east, 1)


def _grid(value: float, up: int) -> float:
    return round((value // _STEP + up) * _STEP, 4)


def points_body(filters: Filters, box: Box) -> Body:
    """What a close look shows, as JSON.

    `points`: the newest reports in the box, as latitude, longitude (rounded to about 100 m), colour, code, title.
    `places`: the villages in it with their reports that have no point, as in `map_body`.
    """
    key = _key("points", filters, *box)
    body: Body | None = cache.get(key)
    if body is None:
        body = _body({"points": _points(filters, box), "places": _pointless(filters, box)})
        cache.set(key, body, SECONDS)
    return body


def _points(filters: Filters, box: Box) -> list[list[Any]]:
    south, west, north, east = box
    rows = (
        narrowed(filters)
        .filter(lat__range=(south, north), lon__range=(west, east))
        .order_by("-received_at", "-id")
        .values_list("lat", "lon", "status", "tracking_code", "title")[:MOST_POINTS]
    )
    return [
        [round(lat or 0, ROUNDED), round(lon or 0, ROUNDED), STATUS[Status(status)].colour.value, code, title]
        for lat, lon, status, code, title in rows
    ]


def _pointless(filters: Filters, box: Box) -> list[list[Any]]:
    south, west, north, east = box
    facts = reference()
    inside = [
        r.id
        for r in facts.villages()
        if r.lat is not None and r.lon is not None and south <= r.lat <= north and west <= r.lon <= east
    ]
    rows = narrowed(filters).filter(region_id__in=inside, lat__isnull=True).order_by()
    counted = list(rows.values_list("region_id", "status").annotate(n=Count("pk")))
    villages = _sorted_out(counted, facts).villages
    return _rows([(facts.regions[pk], tally) for pk, tally in villages.items()])


def _ground() -> Body:
    """The outlines of the kecamatan where they were imported, otherwise one point for each village."""
    rows = Region.objects.filter(level=Region.Level.DISTRICT, boundary__isnull=False).order_by("code")
    outlines = [
        {"type": "Feature", "properties": {"code": code, "name": name}, "geometry": geometry}
        for code, name, boundary in rows.values_list("code", "name", "boundary")
        if (geometry := _geometry(boundary))
    ]
    return _body({"type": "FeatureCollection", "features": outlines or [_village_points()]})


def _village_points() -> dict[str, Any]:
    points = [[r.lon, r.lat] for r in reference().villages() if r.lat is not None]
    return {"type": "Feature", "properties": {}, "geometry": {"type": "MultiPoint", "coordinates": points}}


def _geometry(boundary: Any) -> Any:
    """The bare geometry of a stored boundary, which may be a Feature around it."""
    if not isinstance(boundary, dict):
        return None
    inner = boundary.get("geometry") if boundary.get("type") == "Feature" else boundary
    return inner if isinstance(inner, dict) and inner.get("type") in {"Polygon", "MultiPolygon"} else None


ground: Snapshot[Body] = Snapshot(_ground, seconds=600)
"""What lies under the marks when there are no map tiles, as GeoJSON."""
