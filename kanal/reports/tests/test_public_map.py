import json

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kanal.agencies.models import Region
from kanal.agencies.queries import reference
from kanal.common.snapshot import Snapshot
from kanal.reports import actions
from kanal.reports.models import Report
from kanal.reports.queries import map_sketch, public_map
from kanal.reports.queries.public_filters import Filters
from kanal.reports.workflow import Colour
from tests.support.people import People

MAP = "/aduan/peta.json"


def region(place: str) -> int:
    return next(r.id for r in reference().regions.values() if r.place == place)


@pytest.fixture
def three(people: People) -> list[Report]:
    """Two in Jono (one started, one with its own point), one in Kauman, and one that names no place."""
    kun, oki = people.doing(people.kun), people.doing(people.oki)
    jono, kauman = region("Jono, Kec. Temayang"), region("Kauman, Kec. Bojonegoro")
    filings = [
        actions.Filing(body="Lampu padam di Jono.", submission="1", region_id=jono, lat=-7.34567, lon=111.91234),
        actions.Filing(body="Jalan rusak di Jono.", submission="2", region_id=jono),
        actions.Filing(body="Sampah di Kauman.", submission="3", region_id=kauman),
        actions.Filing(body="Entah di mana.", submission="4"),
    ]
    reports = [actions.file_report(filing) for filing in filings]
    for report in reports:
        actions.assign(report=report, agency=people.roads, by=kun)
    actions.start(report=reports[1], by=oki)
    return reports


def test_reports_are_counted_per_village_and_kecamatan_by_colour(client: Client, three: list[Report]) -> None:
    data = client.get(MAP).json()
    by_name = {row[1]: row[4:] for row in data["districts"] + data["places"]}
    assert by_name == {
        "Kec. Temayang": [1, 1, 0],
        "Kec. Bojonegoro": [1, 0, 0],
        "Jono, Kec. Temayang": [1, 1, 0],
        "Kauman, Kec. Bojonegoro": [1, 0, 0],
    }
    assert data["unplaced"] == 1
    assert data["total"] == 4


def test_the_filters_of_the_list_hold_for_the_map(client: Client, three: list[Report]) -> None:
    assert client.get(f"{MAP}?warna=kuning").json()["total"] == 1
    assert client.get(f"{MAP}?q=sampah").json()["total"] == 1
    assert client.get(f"{MAP}?q=sampah&warna=kuning").json()["total"] == 0


def test_the_map_tells_no_more_than_the_list(client: Client, three: list[Report]) -> None:
    answer = client.get(f"{MAP}?kotak=-7.4,111.85,-7.3,111.95")
    assert answer.json()["points"] == [[-7.346, 111.912, "red", three[0].tracking_code, "Lampu padam di Jono"]]
    assert b"7.34567" not in answer.content


def test_a_close_look_shows_reports_without_a_point_in_the_middle_of_their_village(
    client: Client, three: list[Report]
) -> None:
    jono = reference().regions[region("Jono, Kec. Temayang")]
    assert jono.lat is not None
    assert jono.lon is not None
    corners = (jono.lat - 0.01, jono.lon - 0.01, jono.lat + 0.01, jono.lon + 0.01)
    data = client.get(MAP, {"kotak": ",".join(map(str, corners))}).json()
    assert data["places"] == [[jono.code, "Jono, Kec. Temayang", jono.lat, jono.lon, 0, 1, 0]]


@pytest.mark.parametrize(
    "box", ["", "x", "1,2,3", "1,2,3,4,5", "nan,1,2,3", "-91,0,0,0", "5,5,1,1", "-8,111,-7,112", "1e999,0,0,0"]
)
def test_a_box_that_is_none_or_too_wide_shows_places(client: Client, three: list[Report], box: str) -> None:
    assert "places" in client.get(MAP, {"kotak": box}).json()


def test_boxes_are_widened_to_a_grid_so_that_neighbours_share_an_answer() -> None:
    assert public_map.read_box("-7.3456,111.9012,-7.3401,111.9099") == (-7.36, 111.9, -7.34, 111.92)
    assert public_map.read_box("-7.3457,111.9015,-7.3402,111.9098") == (-7.36, 111.9, -7.34, 111.92)


def test_it_may_be_kept_a_minute_and_is_not_sent_twice(client: Client, three: list[Report]) -> None:
    first = client.get(MAP)
    assert "max-age=60" in first["Cache-Control"]
    assert "public" in first["Cache-Control"]
    assert not first.cookies
    again = client.get(MAP, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304


def test_counting_anew_takes_one_query_and_remembering_none(
    three: list[Report], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    reference()
    cache.clear()
    with django_assert_num_queries(1):
        public_map.map_figures(Filters())
    with django_assert_num_queries(0):
        public_map.map_figures(Filters())


def test_without_outlines_the_ground_is_a_dot_for_each_village(client: Client, regency: object) -> None:
    data = client.get("/aduan/peta-dasar.json").json()
    assert data["features"][0]["geometry"]["type"] == "MultiPoint"
    assert len(data["features"][0]["geometry"]["coordinates"]) == 430
    assert map_sketch.sketch().land == ""


@pytest.mark.parametrize("wrapped", [False, True])
def test_imported_outlines_are_drawn(client: Client, regency: object, *, wrapped: bool) -> None:
    shape = {"type": "Polygon", "coordinates": [[[111.8, -7.2], [111.9, -7.2], [111.9, -7.3], [111.8, -7.2]]]}
    boundary = {"type": "Feature", "properties": {}, "geometry": shape} if wrapped else shape
    Region.objects.filter(level="kecamatan", name="Temayang").update(boundary=boundary)
    Region.objects.filter(level="kecamatan", name="Malo").update(boundary={"type": "Nonsense"})
    Snapshot.clear_all()
    data = client.get("/aduan/peta-dasar.json").json()
    assert [feature["properties"]["name"] for feature in data["features"]] == ["Temayang"]
    assert map_sketch.sketch().land.startswith("M")
    assert 'class="land"' in client.get("/aduan/peta/").content.decode()


def test_without_script_there_is_a_drawing_and_a_table(client: Client, three: list[Report]) -> None:
    page = client.get("/aduan/peta/").content.decode()
    assert 'role="img"' in page
    assert ">Temayang</a></th>" in page
    assert "1 tanpa desa, jadi tidak ada di peta." in page
    temayang = next(r.code for r in reference().districts() if r.name == "Temayang")
    assert f"/aduan/?kecamatan={temayang}" in page


def test_an_empty_map_offers_a_way_on(client: Client, regency: object) -> None:
    page = client.get("/aduan/peta/?q=kuda").content.decode()
    assert "Tidak ada laporan untuk dipetakan" in page


def test_the_mark_of_a_place_shows_what_most_of_its_reports_are() -> None:
    tally = public_map.Tally()
    tally.add(Colour.GREEN, 3)
    tally.add(Colour.RED, 3)
    tally.add(Colour.NONE, 9)
    assert tally.leading is Colour.RED
    assert tally.total == 6


def test_names_on_the_drawing_never_lie_on_one_another(three: list[Report]) -> None:
    everywhere = [
        public_map.District(r, public_map.Tally({Colour.RED: n, Colour.YELLOW: 0, Colour.GREEN: 0}))
        for n, r in enumerate(reference().districts(), start=1)
    ]
    drawn = map_sketch.marks(everywhere)
    assert len(drawn) == 28
    labels = [(mark.label, mark.name) for mark in drawn if mark.label]
    assert len(labels) >= 12
    for at, (one, name) in enumerate(labels):
        for other, second in labels[at + 1 :]:
            assert abs(one[1] - other[1]) >= 13 or abs(one[0] - other[0]) >= (len(name) + len(second)) * 3


def test_a_regency_without_points_still_has_a_map(client: Client, regency: object) -> None:
    Region.objects.update(lat=None, lon=None)
    Snapshot.clear_all()
    assert client.get("/aduan/peta/").status_code == 200
    assert client.get("/aduan/").status_code == 200
    assert json.loads(client.get("/aduan/peta-dasar.json").content)["features"]


def test_figures_say_when_they_were_counted(client: Client, three: list[Report]) -> None:
    assert client.get(MAP).json()["at"].startswith(str(timezone.now().year))
