"""A program that somebody else wrote (georeport, from PyPI) reads our services and requests over a running server."""

from typing import Any

import pytest
from georeport import GeoReport

from kanal.reports import actions
from kanal.reports.models import Category, Report
from tests.support.people import People


@pytest.fixture
def program(live_url: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("NO_PROXY", "*")

    def speaking(form: str, jurisdiction: str | None = None) -> Any:
        return GeoReport(f"{live_url}/open311/v2", jurisdiction=jurisdiction, output_format=form)

    return speaking


@pytest.fixture
def shown(people: People, sari_reports: Report) -> Report:
    return actions.assign(report=sari_reports, agency=people.roads, by=people.doing(people.kun))


@pytest.mark.parametrize("form", ["json", "xml"])
def test_it_lists_and_reads(program: Any, form: str, people: People, shown: Report) -> None:
    other = actions.file_report(actions.Filing(body="Lampu jalan mati sejak Senin.", submission="two"))
    actions.assign(report=other, agency=people.roads, by=people.doing(people.kun))
    reader = program(form, "35.22")
    services = reader.get_service_list()
    assert len(services) == Category.objects.filter(active=True).count() + 2
    assert reader.get_service_definition(services[0]["service_code"])["service_code"] == services[0]["service_code"]
    codes = [shown.tracking_code, other.tracking_code]
    listed = reader.get_service_requests(status="open")
    assert sorted(one["service_request_id"] for one in listed) == sorted(codes)
    assert len(reader.get_service_requests(service_request_id=",".join(codes))) == len(codes)
    one = reader.get_service_request(shown.tracking_code)
    assert (one["status"], one["address"]) == ("open", "Jono, Kec. Temayang")


def test_it_is_told_what_does_not_exist(program: Any, shown: Report) -> None:
    with pytest.raises(OSError, match="404"):
        program("json").get_service_request("BJN-2222-2222")
    with pytest.raises(OSError, match="404"):
        program("xml").get_service_definition("tidak-ada")
    with pytest.raises(OSError, match="404"):
        program("json", "sfgov.org").get_service_list()
    assert program("json").get_service_requests(status="closed") == []
