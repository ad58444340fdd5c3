"""From a pin or a typed name to a village: by boundary, else by the nearest centre; doubtful names are asked back."""

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kanal.agencies import places
from kanal.agencies.models import Regency, Region
from kanal.agencies.queries import reference
from kanal.common.snapshot import Snapshot


def _square(lat: float, lon: float, half: float) -> dict[str, object]:
    west, east, south, north = lon - half, lon + half, lat - half, lat + half
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "MultiPolygon", "coordinates": [[ring]]}


def test_every_village_centre_lies_in_its_village(regency: Regency) -> None:
    wrong = [
        v.place for v in reference().villages() if v.lat and v.lon and places.locate(v.lat, v.lon).region_id != v.id
    ]
    assert wrong == []


def test_a_boundary_beats_the_nearest_centre(regency: Regency) -> None:
    jono, kauman = places.named("Jono, Kec. Temayang")[0], places.named("Kauman, Kec. Baureno")[0]
    Region.objects.filter(pk=kauman.id).update(boundary=_square(jono.lat or 0, jono.lon or 0, 0.001))
    Snapshot.clear_all()
    assert places.locate(jono.lat or 0, jono.lon or 0).region_id == kauman.id


def test_a_hole_in_a_boundary_is_outside(regency: Regency) -> None:
    outer, inner = _square(-7.3, 111.9, 0.1), _square(-7.3, 111.9, 0.01)
    shape = {"type": "Polygon", "coordinates": [outer["coordinates"][0][0], inner["coordinates"][0][0]]}  # type: ignore[index]  # plain GeoJSON
    outline = places.outline_of(1, {"type": "Feature", "geometry": shape})
    assert outline is not None
    assert outline.holds(-7.35, 111.9)
    assert not outline.holds(-7.3, 111.9)


@pytest.mark.parametrize("shape", [None, {}, [], "x", {"type": "Point", "coordinates": [1, 2]}, {"geometry": None}])
def test_what_is_no_area_has_no_outline(shape: object) -> None:
    assert places.outline_of(1, shape) is None


@pytest.mark.parametrize(("lat", "lon"), [(-6.2, 106.8), (0, 0), (-90, 180), (-7.0, 112.15)])
def test_elsewhere_is_outside(regency: Regency, lat: float, lon: float) -> None:
    assert not places.locate(lat, lon).inside


def test_a_name_that_is_a_village_and_a_kecamatan_is_asked_back(regency: Regency) -> None:
    found = {region.place for region in places.named("Kapas")}
    assert found == {"Kapas, Kec. Kapas", "Kec. Kapas"}


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60))
def test_any_text_as_a_name_is_answered(regency: Regency, text: str) -> None:
    assert isinstance(places.named(text), list)


def test_the_map_has_names_to_draw_without_any_tile_server(client: Client, regency: Regency) -> None:
    answer = client.get("/lapor/desa/?peta")
    drawn = answer.json()
    assert len(drawn["villages"]) == 430
    assert len(drawn["districts"]) == 28
    assert "max-age" in answer["Cache-Control"]
