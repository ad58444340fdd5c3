"""Open311 GeoReport v2, reading: what other programs see is what everybody sees, in the asked form."""

import io
import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as st
from PIL import Image
from pytest_django import Settings

from kanal.agencies.models import Regency
from kanal.channels.web import limits
from kanal.common.images import sanitise
from kanal.common.snapshot import Snapshot
from kanal.reports import actions
from kanal.reports.models import Category, Report, ServiceAttribute
from kanal.reports.open311.answering import Document, as_xml
from kanal.reports.workflow import Kind
from tests.support.people import People

V2 = "/open311/v2"


def got(client: Client, address: str, expected: int = 200, /, **params: str) -> Any:
    answer = client.get(f"{V2}/{address}", params)
    assert answer.status_code == expected, answer.content
    return json.loads(answer.content)


def xml(client: Client, address: str, **params: str) -> ET.Element:
    answer = client.get(f"{V2}/{address}", params)
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    assert answer.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    return ET.fromstring(answer.content)  # our own answer


def filed(people: People, key: str, **more: Any) -> Report:
    """File a report and pass it on, which makes it public."""
    told = {"body": "Lubang di depan pasar. Hubungi 081234567890.", "submission": key, **more}
    report = actions.file_report(actions.Filing(**told))
    return actions.assign(report=report, agency=people.roads, by=people.doing(people.kun))


@pytest.fixture
def shown(people: People, sari_reports: Report) -> Report:
    return actions.assign(report=sari_reports, agency=people.roads, by=people.doing(people.kun))


# --- discovery and services -------------------------------------------------------------------------------------------


def test_discovery_tells_both_forms_where_the_api_is(client: Client, regency: Regency, settings: Settings) -> None:
    told = json.loads(client.get("/open311/discovery.json").content)
    root = ET.fromstring(client.get("/open311/discovery.xml").content)  # our own answer
    assert set(told) == {"changeset", "contact", "key_service", "endpoints"}
    place = told["endpoints"][0]
    assert place["url"] == f"{settings.BASE_URL}/open311/v2"
    assert place["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert place["formats"] == ["text/xml", "application/json"]
    assert place["type"] == "test"
    assert root.findtext("contact") == told["contact"]
    assert [one.text for one in root.findall("endpoints/endpoint/formats/format")] == place["formats"]
    assert datetime.fromisoformat(told["changeset"]).tzinfo


def test_services_are_the_categories_and_two_more(client: Client, regency: Regency) -> None:
    listed = got(client, "services.json")
    assert isinstance(listed, list)
    codes = {one["service_code"]: one for one in listed}
    assert len(codes) == len(listed) == Category.objects.filter(active=True).count() + 2
    assert codes["jalan-berlubang"]["group"] == "Jalan dan jembatan"
    assert codes["jalan-berlubang"]["type"] == "realtime"
    assert codes["jalan-berlubang"]["metadata"] is False
    assert codes["pengawasan"]["type"] == "blackbox"
    root = xml(client, "services.xml")
    assert root.tag == "services"
    assert [one.findtext("service_code") for one in root.findall("service")] == list(codes)
    assert {one.findtext("metadata") for one in root.findall("service")} == {"false"}


def test_a_service_tells_its_questions(client: Client, regency: Regency) -> None:
    assert got(client, "services/trotoar.json") == {"service_code": "trotoar", "attributes": []}
    road = Category.objects.get(code="jalan-berlubang")
    ServiceAttribute.objects.create(
        category=road, code="dalam", description="Sedalam apa?", datatype="singlevaluelist", options=["Jari", "Lutut"]
    )
    assert got(client, "services/jalan-berlubang.json")["attributes"] == [
        {
            "variable": True,
            "code": "dalam",
            "datatype": "singlevaluelist",
            "required": False,
            "datatype_description": None,
            "order": 1,
            "description": "Sedalam apa?",
            "values": [{"key": "jari", "name": "Jari"}, {"key": "lutut", "name": "Lutut"}],
        }
    ]
    root = xml(client, "services/jalan-berlubang.xml")
    assert [one.text for one in root.findall("attributes/attribute/values/value/key")] == ["jari", "lutut"]
    assert {one["service_code"] for one in got(client, "services.json") if one["metadata"]} == {"jalan-berlubang"}


@pytest.mark.parametrize(
    ("address", "params", "status"),
    [
        ("services/tidak-ada", {}, 404),
        ("requests/BJN-2222-2222", {}, 404),
        ("requests/%20", {}, 404),
        ("tokens/tidak-ada", {}, 404),
        ("services", {"jurisdiction_id": "sfgov.org"}, 404),
        ("requests", {"service_code": "tidak-ada"}, 404),
        ("requests", {"start_date": "kemarin"}, 400),
        ("requests", {"start_date": "0001-01-01T00:00:00Z"}, 400),
        ("requests", {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"}, 400),
        ("requests", {"start_date": "2026-06-02T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"}, 400),
        ("requests", {"status": "baru"}, 400),
        ("requests", {"page_size": "1001"}, 400),
        ("requests", {"page": "-1"}, 400),
        ("requests", {"page": "99999", "page_size": "1000"}, 400),
        ("servicerequestupdates", {"api_key": "salah"}, 403),
    ],
)
def test_what_cannot_be_answered_is_refused_in_the_asked_form(
    client: Client, regency: Regency, address: str, params: dict[str, str], status: int
) -> None:
    errors = got(client, f"{address}.json", status, **params)
    assert [set(one) for one in errors] == [{"code", "description"}]
    assert errors[0]["code"] == status
    root = xml(client, f"{address}.xml", **params)
    assert (root.tag, root[0].tag, root.findtext("error/code")) == ("errors", "error", str(status))
    assert root.findtext("error/description") == errors[0]["description"]


def test_other_addresses_and_methods_get_errors_too(client: Client, regency: Regency) -> None:
    for address in ("", "services", "services.yaml", "requests.html", "tidak/ada"):
        assert xml(client, address).findtext("error/code") == "404"
    answer = client.delete(f"{V2}/requests.json")
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, POST, HEAD, OPTIONS"
    assert json.loads(answer.content)[0]["code"] == 405


@pytest.mark.parametrize("given", ["", "bojonegorokab.go.id", "35.22"])
def test_the_jurisdiction_may_be_named_or_left_out(client: Client, regency: Regency, given: str) -> None:
    Regency.objects.update(website="https://www.bojonegorokab.go.id/")
    Snapshot.clear_all()
    assert got(client, "services.json", jurisdiction_id=given)


# --- requests -------------------------------------------------------------------------------------------------------


def test_a_request_is_what_the_public_page_shows(client: Client, people: People, shown: Report) -> None:
    listed = got(client, "requests.json")
    assert listed == got(client, f"requests/{shown.tracking_code}.json")
    one = listed[0]
    assert one["service_request_id"] == shown.tracking_code
    assert one["status"] == "open"
    assert one["service_code"] == "umum"
    assert "[nomor HP disembunyikan]" in one["description"]
    assert one["agency_responsible"] == people.roads.name
    assert one["address"] == "Jono, Kec. Temayang"
    assert one["address_id"].startswith("35.22")
    assert datetime.fromisoformat(one["requested_datetime"]).utcoffset() == timedelta(hours=7)
    assert datetime.fromisoformat(one["expected_datetime"]) > datetime.fromisoformat(one["requested_datetime"])
    assert (one["zipcode"], one["service_notice"], one["media_url"]) == (None, None, None)
    root = xml(client, "requests.xml")
    assert (root.tag, root[0].tag) == ("service_requests", "request")
    assert {part.tag: part.text or None for part in root[0]}.keys() == one.keys()
    for secret in ("081234567890", "Sari", "sari@contoh.id"):
        assert secret not in json.dumps(one)


def test_its_point_is_rounded(client: Client, people: People) -> None:
    filed(people, "p", lat=-7.123456, lon=111.987654)
    one = got(client, "requests.json")[0]
    assert (one["lat"], one["long"]) == (-7.123, 111.988)


def test_before_verification_a_code_tells_the_status_and_no_word(client: Client, sari_reports: Report) -> None:
    assert got(client, "requests.json") == []
    one = got(client, f"requests/{sari_reports.tracking_code}.json")[0]
    assert (one["status"], one["status_notes"]) == ("open", "Belum ditindaklanjuti")
    told = {name for name, value in one.items() if value is not None}
    assert told == {
        *("service_request_id", "status", "status_notes", "service_name", "service_code"),
        *("requested_datetime", "updated_datetime"),
    }


@pytest.mark.parametrize("how", [{"secret": True}, {"kind": Kind.WHISTLEBLOWING}])
def test_the_secret_do_not_exist(client: Client, people: People, how: dict[str, Any]) -> None:
    hidden = actions.file_report(actions.Filing(body="Ada pungutan.", submission="s", **how))
    if hidden.kind != Kind.WHISTLEBLOWING:
        actions.assign(report=hidden, agency=people.roads, by=people.doing(people.kun))
    code = hidden.tracking_code
    unknown = got(client, "requests/BJN-2222-2222.json", 404)
    assert got(client, f"requests/{code}.json", 404) == unknown
    assert got(client, "requests.json", service_request_id=code) == []
    assert got(client, "requests.json") == got(client, "servicerequestupdates.json") == []


def test_answered_is_closed_and_says_the_answer(client: Client, people: People, shown: Report) -> None:
    oki, heni = people.doing(people.oki), people.doing(people.heni)
    actions.draft_answer(report=shown, by=oki, text="Sudah ditambal. Tanya 081298765432.")
    actions.submit_answer(report=shown, by=oki)
    actions.approve_answer(report=shown, by=heni)
    assert "ditambal" not in str(got(client, "requests.json"))
    actions.publish_answer(report=shown, by=oki)
    one = got(client, "requests.json", status="closed")[0]
    assert one["status"] == "closed"
    assert one["status_notes"].startswith("Sudah ditambal")
    assert "081298765432" not in one["status_notes"]
    assert got(client, "requests.json", status="open") == []


def test_lists_are_narrowed(client: Client, people: People, shown: Report) -> None:
    road = Category.objects.get(code="jalan-berlubang")
    pit = filed(people, "pit", category_id=road.pk)
    both, one = {shown.tracking_code, pit.tracking_code}, {pit.tracking_code}

    def codes(**params: str) -> set[str]:
        return {row["service_request_id"] for row in got(client, "requests.json", **params)}

    assert codes() == codes(status="open,closed") == codes(service_code="umum,jalan-berlubang") == both
    assert codes(status="", service_code="", start_date="", jurisdiction_id="", page="") == both
    assert codes(service_code="jalan-berlubang") == one
    assert codes(service_code="pengawasan") == codes(service_code="jalan") == set()
    assert codes(service_request_id=f"{pit.tracking_code.lower()}, BJN-2222-2222", status="closed") == one
    assert codes(page_size="1") != codes(page_size="1", page="2")
    assert codes(page="3", page_size="1") == set()


def test_the_newest_ninety_days_unless_asked(client: Client, people: People, shown: Report) -> None:
    old = filed(people, "old")
    Report.objects.filter(pk=old.pk).update(received_at=old.received_at - timedelta(days=100))
    assert [row["service_request_id"] for row in got(client, "requests.json")] == [shown.tracking_code]
    day = timedelta(days=1)
    start = (old.received_at - 101 * day).isoformat()  # its "+" arrives as a space when it is not encoded
    end = (old.received_at - 99 * day).isoformat().replace("+00:00", "Z")
    answer = client.get(f"{V2}/requests.json?start_date={start}&end_date={end}")
    assert [row["service_request_id"] for row in json.loads(answer.content)] == [old.tracking_code]
    assert got(client, "requests.json", end_date=end)[0]["service_request_id"] == old.tracking_code
    assert got(client, "requests.json", start_date=(old.received_at - 9 * day).date().isoformat())


def test_a_photo_has_its_address(client: Client, people: People, settings: Settings) -> None:
    report = filed(people, "photo", photos=(_photo(),))
    found = got(client, "requests.json")[0]["media_url"]
    assert found.startswith(settings.BASE_URL)
    assert client.get(found.removeprefix(settings.BASE_URL)).status_code == 200
    report.attachments.update(public=False)
    assert got(client, "requests.json")[0]["media_url"] is None


def _photo() -> Any:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "sienna").save(drawn, "JPEG")
    return sanitise(drawn.getvalue(), name="jalan.jpg")


# --- how it is served -------------------------------------------------------------------------------------------------


def test_an_answer_is_kept_a_minute_and_asked_for_again_cheaply(client: Client, shown: Report) -> None:
    answer = client.get(f"{V2}/requests.json")
    assert answer["Cache-Control"] == "public, max-age=60"
    assert "Cookie" not in answer.get("Vary", "")
    again = client.get(f"{V2}/requests.json", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "no-store" in client.get(f"{V2}/requests/x.json")["Cache-Control"]


def test_scripts_of_other_sites_may_read_and_not_write(client: Client, regency: Regency) -> None:
    assert client.get(f"{V2}/services.json")["Access-Control-Allow-Origin"] == "*"
    asked = client.options(f"{V2}/requests.json")
    assert (asked.status_code, asked["Access-Control-Allow-Methods"]) == (204, "GET, HEAD")
    assert "Access-Control-Allow-Origin" not in client.post(f"{V2}/requests.json")


def test_the_reader_s_language_changes_nothing(client: Client, regency: Regency) -> None:
    before = client.get(f"{V2}/services.json").content
    client.cookies["bahasa"] = "en"
    after = client.get(f"{V2}/services.json")
    assert (after.content, after["Content-Language"]) == (before, "id")


def test_too_many_calls_are_asked_to_wait(client: Client, regency: Regency, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.MORE, "open311", (2, 600))
    assert [client.get(f"{V2}/services.json").status_code for _ in range(3)] == [200, 200, 429]


def test_letters_that_xml_does_not_know_are_left_out() -> None:
    assert as_xml(Document("errors", [{"code": 1, "description": "a\x01<b>&\uffff"}])).endswith(
        "<errors><error><code>1</code><description>a&lt;b&gt;&amp;</description></error></errors>"
    )


def test_a_list_costs_the_same_queries_however_long(client: Client, people: People) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert got(client, "requests.json")
        return len(seen)

    filed(people, "0", photos=(_photo(),))
    cost()
    few = cost()
    for number in range(1, 12):
        filed(people, str(number))
    assert cost() == few <= 4


_WORDS = st.text(max_size=30) | st.sampled_from(["open", "2026-02-30", "9999-12-31T23:59:59+14:00", "1e999", "0", "-1"])
_NAMES = ("service_request_id", "service_code", "start_date", "end_date", "status", "page", "page_size", "api_key")


@rules(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.sampled_from([*_NAMES, "jurisdiction_id", "api_key"]), _WORDS), st.sampled_from(["xml", "json"])
)
def test_nothing_that_is_asked_is_a_fault(client: Client, regency: Regency, params: dict[str, str], form: str) -> None:
    cache.clear()
    for address in ("requests", "servicerequestupdates", "services"):
        query = urlencode({name: value.encode("utf-8", "surrogatepass") for name, value in params.items()})
        assert client.get(f"{V2}/{address}.{form}?{query}").status_code in {200, 400, 403, 404}
