"""Our answers are what our document of GeoReport v2 says they are, and what the published schemas ask for.

The published JSON schemas are not part of the repository: OPEN311_SCHEMAS names the folder of a copy to be held to too.
"""

import json
import os
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import pytest
from django.test import Client

from kanal.agencies.models import Regency
from kanal.reports import actions
from kanal.reports.models import Category, Report, ServiceAttribute
from kanal.reports.open311 import schema
from tests.support.people import People

pytestmark = pytest.mark.django_db
OURS = {"service": schema.Service, "service-definition": schema.Definition, "request": schema.Request}
PUBLISHED = os.environ.get("OPEN311_SCHEMAS")


def got(client: Client, address: str) -> Any:
    answer = client.get(f"/open311/v2/{address}.json")
    assert answer.status_code == 200
    return json.loads(answer.content)


def faults(name: str, told: Any) -> list[str]:
    rules = [msgspec.json.schema(OURS[name])]
    if PUBLISHED:
        rules.append(json.loads((Path(PUBLISHED) / f"{name}.json").read_text()))
    checks = [jsonschema_rs.validator_for(each, validate_formats=True) for each in rules]
    found = [fault for check in checks for fault in check.iter_errors(told)]
    return [f"{'.'.join(map(str, fault.instance_path))}: {fault.message}" for fault in found]


def test_services_and_their_questions(client: Client, regency: Regency) -> None:
    road = Category.objects.get(code="jalan-berlubang")
    for number, kind in enumerate(ServiceAttribute.Datatype.values):
        options = ["Jari", "Lutut"] if kind.endswith("list") else []
        more = {"code": f"t{number}", "description": "Sedalam apa?", "datatype": kind, "options": options}
        ServiceAttribute.objects.create(category=road, **more)
    services = got(client, "services")
    assert len(services) > 100
    assert [fault for one in services for fault in faults("service", one)] == []
    for code in ("jalan-berlubang", "trotoar"):
        assert faults("service-definition", got(client, f"services/{code}")) == []


def test_requests_in_every_state(client: Client, people: People, sari_reports: Report) -> None:
    lamp = actions.Filing(body="Lampu jalan mati sejak Senin.", submission="two", lat=-7.15, lon=111.88)
    other = actions.file_report(lamp)
    new = actions.file_report(actions.Filing(body="Saluran air mampet sejak hujan.", submission="three"))
    kun, oki, heni = (people.doing(user) for user in (people.kun, people.oki, people.heni))
    for report in (sari_reports, other):
        actions.assign(report=report, agency=people.roads, by=kun)
    actions.draft_answer(report=other, by=oki, text="Lampunya sudah menyala.")
    actions.submit_answer(report=other, by=oki)
    actions.approve_answer(report=other, by=heni)
    actions.publish_answer(report=other, by=oki)
    listed = got(client, "requests")
    assert {one["status"] for one in listed} == {"open", "closed"}
    alone = [got(client, f"requests/{report.tracking_code}") for report in (sari_reports, other, new)]
    assert [len(one) for one in alone] == [1, 1, 1]
    for one in [*listed, *(row for rows in alone for row in rows)]:
        assert faults("request", one) == []
