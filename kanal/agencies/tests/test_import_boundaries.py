import json
import math
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from kanal.agencies.models import Region
from kanal.agencies.outlines import BadOutline, Outline, read_outlines, simplify

SQUARE = [[111.0, -7.0], [111.1, -7.0], [111.1, -7.1], [111.0, -7.1], [111.0, -7.0]]


def a_feature(code: str, coordinates: Any, *, kind: str = "Polygon", name: str = "kode") -> dict[str, Any]:
    return {"type": "Feature", "properties": {name: code}, "geometry": {"type": kind, "coordinates": coordinates}}


def a_file(folder: Path, *features: dict[str, Any], **more: Any) -> Path:
    path = folder / "batas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **more}), encoding="utf-8")
    return path


@pytest.mark.usefixtures("regency")
def test_a_boundary_is_kept_with_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Region.objects.filter(code="35.22.21.2002").update(lat=None, lon=None)
    centre = Region.objects.get(code="35.22.21.2001").lat
    path = a_file(
        tmp_path,
        a_feature("35.22.21.2001", [SQUARE]),
        a_feature("35.22.21.2002", [[SQUARE]], kind="MultiPolygon", name="code"),
        a_feature("35.23.01", [SQUARE]),
        crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}},
    )
    call_command("import_boundaries", str(path))
    first, second = Region.objects.filter(code__in=["35.22.21.2001", "35.22.21.2002"])
    assert first.boundary
    ring = first.boundary["coordinates"][0]
    assert first.boundary["type"] == "Polygon"
    assert ring[0] == ring[-1]
    assert sorted(ring[:-1]) == sorted(SQUARE[:-1])
    assert first.lat == centre, "a known centre stays"
    assert second.lat == pytest.approx(-7.05)
    assert second.lon == pytest.approx(111.05)
    said = capsys.readouterr().out
    assert "2 batas dimuat" in said
    assert "35.23.01" in said


@pytest.mark.parametrize(
    ("feature", "why"),
    [
        (a_feature("35.22", [111.0, -7.0], kind="Point"), "Bentuknya Point"),
        (a_feature("35.22", [SQUARE[:-1]]), "tidak tertutup"),
        (a_feature("35.22", [[[y, x] for x, y in SQUARE]]), "tertukar"),
        (a_feature("35.22", [[[5.0, 52.0], [5.1, 52.0], [5.1, 52.1], [5.0, 52.0]]]), "di luar Indonesia"),
        (a_feature("35.22", [[SQUARE[0]] * 4]), "tidak melingkupi"),
        (a_feature("35.22", [["a", "b", "c", "a"]]), "rusak"),
        (a_feature("35.22", []), "kosong"),
        (a_feature("", [SQUARE]), "Tidak ada kode"),
        ({"type": "Feature", "properties": {"kode": "35.22"}, "geometry": None}, "kosong"),
        ({}, "Tidak ada kode"),
    ],
)
def test_a_feature_that_is_no_outline_says_why(tmp_path: Path, feature: dict[str, Any], why: str) -> None:
    found = list(read_outlines(a_file(tmp_path, feature, a_feature("35.22.01", [SQUARE]))))
    assert isinstance(found[0], BadOutline)
    assert why in str(found[0])
    assert isinstance(found[1], Outline), "the others are used all the same"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("bukan json", "tidak bisa dibaca"),
        ("[]", "bukan GeoJSON"),
        ('{"type": "Topology"}', "bukan GeoJSON"),
        ('{"type": "FeatureCollection", "features": []}', "tidak berisi"),
        ('{"type": "Feature", "crs": {"properties": {"name": "EPSG:32749"}}}', "EPSG:32749"),
        ('{"type": "Feature", "properties": {"kode": "1"}, "geometry": NaN}', "bukan angka"),
        ("[" * 100_000, "tidak bisa dibaca"),
    ],
)
@pytest.mark.usefixtures("regency")
def test_a_file_that_is_no_map_is_refused(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "peta.geojson"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match=why):
        call_command("import_boundaries", str(path))


def wavy(y: float, start: float, end: float) -> list[tuple[float, float]]:
    """A border that wiggles by about 30 metres every 100."""
    steps = 200
    return [
        (start + (end - start) * n / steps, y + (0.00027 * math.sin(n) if 0 < n < steps else 0.0))
        for n in range(steps + 1)
    ]


def test_neighbours_still_fit_after_simplifying() -> None:
    border = wavy(-7.05, 111.0, 111.1)
    north = Outline("1", [[[*border, (111.1, -7.0), (111.0, -7.0)]]])
    south = Outline("2", [[[*border[::-1], (111.0, -7.1), (111.1, -7.1)]]])
    before = north.points()
    simplify([north, south], 100)
    assert north.points() < before / 10
    shared = set(north.polygons[0][0]) & set(south.polygons[0][0])
    assert {(111.0, -7.05), (111.1, -7.05)} <= shared
    inner = [p for p in north.polygons[0][0] if -7.06 < p[1] < -7.04]
    assert set(inner) == {p for p in south.polygons[0][0] if -7.06 < p[1] < -7.04}


def test_fine_detail_stays_when_asked() -> None:
    border = wavy(-7.05, 111.0, 111.1)
    place = Outline("1", [[[*border, (111.1, -7.0), (111.0, -7.0)]]])
    count = place.points()
    simplify([place], 0.5)
    assert place.points() > count * 0.9


def test_an_island_smaller_than_the_tolerance_stays_when_it_is_all_there_is() -> None:
    tiny = [(111.0, -7.0), (111.0001, -7.0), (111.0001, -7.0001), (111.0, -7.0001)]
    alone, islet = Outline("1", [[list(tiny)]]), [(x + 1, y) for x, y in tiny]
    simplify([alone], 500)
    assert alone.points() >= 3
    large = Outline("2", [[[(x * 1.0, y) for x, y in map(tuple, SQUARE[:-1])]], [islet]])
    simplify([large], 500)
    assert len(large.polygons) == 1


@given(
    st.lists(
        st.tuples(st.floats(111, 112), st.floats(-8, -7)).map(lambda p: (round(p[0], 4), round(p[1], 4))),
        min_size=3,
        max_size=40,
        unique=True,
    ),
    st.floats(0.1, 5000),
)
def test_simplifying_never_invents_a_point_nor_breaks_a_ring(points: list[tuple[float, float]], metres: float) -> None:
    place = Outline("1", [[list(points)]])
    simplify([place], metres)
    ring = place.polygons[0][0]
    assert len(ring) >= 3
    assert set(ring) <= set(points)
    assert place.geometry()["type"] == "Polygon"
    lon, lat = place.centre()
    assert math.isfinite(lon)
    assert math.isfinite(lat)


def test_the_centre_is_that_of_the_largest_part() -> None:
    large, small = (
        [(111.0, -7.0), (111.2, -7.0), (111.2, -7.2), (111.0, -7.2)],
        [(112.0, -7.0), (112.01, -7.0), (112.0, -7.01)],
    )
    assert Outline("1", [[small], [large]]).centre() == pytest.approx((111.1, -7.1))
