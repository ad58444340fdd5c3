"""The desk's board in columns, walking from issue to issue, and looking through the reports of one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kanal.agencies.models import Region
from kanal.issues import actions, queries
from kanal.issues.actions import Said
from kanal.issues.models import Issue
from kanal.issues.policy import MACHINE
from kanal.issues.queries.lanes import PER_LANE
from kanal.issues.workflow import Status
from kanal.reports.models import Report
from tests.support.issues import tell
from tests.support.people import People

DESK = "/meja/isu/"
BOARD = "?bentuk=papan"
MakeIssue = Callable[..., Issue]


@pytest.fixture
def kun(client: Client, people: People) -> Client:
    client.force_login(people.kun)
    return client


@pytest.fixture
def make(people: People) -> MakeIssue:
    """An issue of so many reports in a status."""
    made = 0

    def build(title: str, status: Status = Status.CANDIDATE, number: int = 2, **more: Any) -> Issue:
        nonlocal made
        made += 1
        fields = {"received_at": timezone.now() - timedelta(days=2), "agency": people.roads, **more}
        reports = tell(number, first=100 * made, **fields)
        issue = actions.found(said=Said(title=title, agency=people.roads), reports=reports, by=MACHINE)
        Issue.objects.filter(pk=issue.pk).update(status=status)
        issue.refresh_from_db()
        return issue

    return build


def read(client: Client, path: str = "") -> str:
    return client.get(DESK + path).content.decode()


def lane(page: str, status: Status) -> str:
    start = page.index(f'id="lajur-{status.value}"')
    return page[start : page.index("</section>", start)]


def test_every_issue_stands_in_the_column_of_its_status(kun: Client, make: MakeIssue) -> None:
    shown = [one for one in Status if one is not Status.DISMISSED]
    for status in Status:
        make(f"Isu {status.value}", status)
    page = read(kun, BOARD)
    for status in shown:
        assert f">Isu {status.value}</a>" in lane(page, status)
    assert "lajur-dismissed" not in page
    assert page.count('class="lane ') == len(shown)
    assert "Isu dismissed</a>" not in page


def test_the_columns_keep_what_was_asked_for(kun: Client, make: MakeIssue) -> None:
    make("Air keruh")
    make("Lampu mati", Status.PLANNED)
    page = read(kun, f"{BOARD}&cari=air")
    assert "Air keruh</a>" in lane(page, Status.CANDIDATE)
    assert "Lampu mati</a>" not in page
    assert "bentuk=papan&amp;" in page or "&amp;bentuk=papan" in page
    assert 'class="lane ' in read(kun, f"{BOARD}&keadaan=planned")
    assert "Tidak ada isu yang cocok" in read(kun, f"{BOARD}&cari=banjir")


def test_the_loudest_stand_on_top_and_the_rest_is_one_click_away(kun: Client, make: MakeIssue) -> None:
    for turn in range(PER_LANE + 1):
        make(f"Isu kecil {turn}")
    make("Air keruh", number=20)
    column = lane(read(kun, BOARD), Status.CANDIDATE)
    assert column.index("Air keruh") < column.index("Isu kecil")
    assert column.count("<li") == PER_LANE
    assert f"Lihat semua {PER_LANE + 2} isu" in column


def test_more_issues_cost_no_more_queries(kun: Client, make: MakeIssue) -> None:
    def cost() -> int:
        queries.ranking.clear()
        with CaptureQueriesContext(connection) as asked:
            assert kun.get(DESK + BOARD).status_code == 200
        return len(asked)

    make("Isu")
    cost()
    small = cost()
    for turn in range(10):
        make(f"Isu {turn}", list(Status)[turn % 7])
    assert cost() == small <= 20


def test_from_one_issue_to_the_next_by_rank(kun: Client, make: MakeIssue) -> None:
    loud, middle, quiet = make("Air keruh", number=20), make("Lampu mati", number=8), make("Sampah")
    page = read(kun, f"{middle.pk}/")
    assert f'<a href="{DESK}{loud.pk}/" data-key="k"' in page
    assert f'<a href="{DESK}{quiet.pk}/" data-key="j"' in page
    assert 'data-key="k"' not in read(kun, f"{loud.pk}/")
    assert 'data-key="j"' not in read(kun, f"{quiet.pk}/")


def test_the_letters_are_those_of_what_somebody_may(client: Client, people: People, make: MakeIssue) -> None:
    issue = make("Air keruh", Status.CONFIRMED)
    client.force_login(people.kun)
    page = read(client, f"{issue.pk}/")
    assert all(f'data-key="{letter}"' in page for letter in "bsurgtexp")
    assert "<kbd>g</kbd>" in page
    client.force_login(people.heni)
    page = read(client, f"{issue.pk}/")
    assert 'data-key="s"' in page
    assert not any(f'data-key="{letter}"' in page for letter in "burgtexp")
    assert "<kbd>g</kbd>" not in page


def test_the_reports_of_an_issue_are_looked_through_by_word_and_code(kun: Client, make: MakeIssue) -> None:
    issue = make("Air keruh", number=25)
    some = Report.objects.filter(issue_rows__issue=issue).order_by("pk")[3]
    Report.objects.filter(pk=some.pk).update(title="Air berbau karat di Jono")
    for words in ("KARAT jono", some.tracking_code.lower()):
        answer = kun.get(f"{DESK}{issue.pk}/", {"cari": words})
        page = answer.content.decode()
        assert page.count('name="code"') == 1
        assert f'value="{some.tracking_code}"' in page
        assert "25 laporan dapat Anda baca." in page, "the numbers are those of the whole"
    assert "Tidak ada laporan yang cocok." in read(kun, f"{issue.pk}/?cari=banjir")


def test_where_it_comes_from_is_drawn_and_listed(kun: Client, make: MakeIssue) -> None:
    jono = Region.objects.select_related("parent").get(level="desa", name="Jono")
    assert jono.parent
    page = read(kun, f"{make('Air keruh', number=4, region=jono).pk}/")
    assert f"<li>Kec. {jono.parent.name}: 4 suara</li>" in page
    assert "Peta: suara dari tiap kecamatan" in page


def test_a_note_for_everybody_goes_with_a_move(kun: Client, make: MakeIssue) -> None:
    issue = make("Air keruh", Status.CONFIRMED)
    told = {"version": issue.version, "to": "planned", "note": "Masuk anggaran 2027."}
    assert kun.post(f"{DESK}{issue.pk}/pindah/", told).status_code == 302
    assert "Masuk anggaran 2027." in read(kun, f"{issue.pk}/")
