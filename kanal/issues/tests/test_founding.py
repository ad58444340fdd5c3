"""An issue begun by hand: from the board, from a report, from reports ticked in the queue."""

from typing import Any

import pytest
from django.test import Client

from kanal.issues import queries
from kanal.issues.models import Issue
from kanal.issues.workflow import Status
from kanal.reports.models import Category, Report
from tests.support.issues import tell
from tests.support.people import People

NEW = "/meja/isu/baru/"


@pytest.fixture
def kun(client: Client, people: People) -> Client:
    client.force_login(people.kun)
    return client


@pytest.fixture
def reports(people: People) -> list[Report]:
    """Reports whose codes people could type."""
    told = tell(4, agency=people.roads, category=Category.objects.filter(parent__isnull=False).first())
    for report, code in zip(told, ("7K4M-Q2XD", "7K4M-Q2XE", "7K4M-Q2XF", "7K4M-Q2XG"), strict=True):
        Report.objects.filter(pk=report.pk).update(tracking_code=f"BJN-{code}")
    return list(Report.objects.filter(pk__in=[one.pk for one in told]).order_by("pk"))


def read(client: Client, **query: Any) -> str:
    return client.get(NEW, query).content.decode()


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("kun", 200),
        ("oki", 403),
        ("heni", 403),
        ("dewi", 403),
        ("laras", 403),
        ("rina", 403),
        ("ida", 403),
        ("agus", 403),
    ],
)
def test_only_a_coordinator_begins_an_issue(client: Client, people: People, name: str, status: int) -> None:
    assert client.get(NEW).status_code == 302
    client.force_login(getattr(people, name))
    assert client.get(NEW).status_code == status
    assert client.post(NEW, {"langkah": "buat", "title": ""}).status_code == (400 if status == 200 else status)
    assert ("Buat isu</a>" in client.get("/meja/isu/").content.decode()) is (name == "kun")


def test_from_the_board_with_what_is_typed(kun: Client, reports: list[Report], people: People) -> None:
    told = {
        "langkah": "buat",
        "title": "Jalan berlubang di Jono",
        "summary": "Sejak hujan.",
        "codes": f"{reports[0].tracking_code.lower()}, {reports[1].tracking_code}",
        "agency": people.roads.pk,
    }
    answer = kun.post(NEW, told)
    issue = Issue.objects.get()
    assert answer.headers["Location"] == f"/meja/isu/{issue.pk}/"
    assert (issue.status, issue.source, issue.agency) == (Status.CONFIRMED, "person", people.roads)
    assert set(queries.evidence(issue)) == set(reports[:2])


@pytest.mark.parametrize(
    ("field", "value", "said"), [("title", "", "Tulis judul isu"), ("codes", "X", "Tidak ditemukan: X")]
)
def test_what_was_typed_stays(kun: Client, reports: list[Report], field: str, value: str, said: str) -> None:
    told = {"langkah": "buat", "title": "Jalan", "summary": "Panjang ceritanya", "codes": reports[0].tracking_code}
    answer = kun.post(NEW, {**told, field: value})
    assert answer.status_code == 400
    assert "Panjang ceritanya" in answer.content.decode()
    assert said in answer.content.decode()
    assert not Issue.objects.exists()


def test_from_reports_it_knows_what_they_have_in_common(kun: Client, reports: list[Report], people: People) -> None:
    page = read(kun, laporan=[one.tracking_code for one in reports[:2]])
    assert all(one.tracking_code in page for one in reports[:2])
    assert f'<option value="{people.roads.pk}" selected>' in page
    category = reports[0].category_id
    assert f'<option value="{category}" selected>' in page


def test_from_reports_ticked_in_the_queue(kun: Client, reports: list[Report]) -> None:
    ticked = [f"{one.tracking_code}.{one.version}" for one in reports[:3]]
    page = kun.post(NEW, {"pilih": [*ticked, "aneh", ".3"], "kembali": ""}).content.decode()
    assert all(one.tracking_code in page for one in reports[:3])
    assert not Issue.objects.exists(), "nothing is begun before it has a name"
    assert f'formaction="{NEW}"' in kun.get("/meja/?tampilan=semua").content.decode()


def test_what_is_secret_or_not_theirs_is_left_out(kun: Client, reports: list[Report]) -> None:
    Report.objects.filter(pk=reports[0].pk).update(secret=True)
    page = read(kun, laporan=[one.tracking_code for one in reports[:2]])
    assert f">\n{reports[1].tracking_code}</textarea>" in page
    assert "dilewati" in page
    told = {"langkah": "buat", "title": "Jalan", "codes": reports[0].tracking_code}
    assert kun.post(NEW, told).status_code == 400


def test_the_page_of_a_report_offers_it_beside_those_alike(
    client: Client, people: People, reports: list[Report]
) -> None:
    path = f"/meja/l/{reports[0].tracking_code}/mirip/"
    client.force_login(people.oki)
    assert NEW not in client.get(path).content.decode()
    client.force_login(people.kun)
    assert f"{NEW}?laporan={reports[0].tracking_code}" in client.get(path).content.decode()
    client.post(NEW, {"langkah": "buat", "title": "Jalan Jono", "codes": reports[0].tracking_code})
    assert "Jalan Jono</a>" in client.get(path).content.decode()
    Report.objects.filter(pk=reports[0].pk).update(secret=True)
    assert NEW not in client.get(path).content.decode()
