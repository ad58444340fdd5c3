"""The front page: figures only when they say something, and the road to reporting and tracking."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kanal.agencies.models import Regency
from kanal.common.snapshot import Snapshot
from kanal.reports import actions
from kanal.reports.queries.week import last_seven_days
from kanal.reports.workflow import Kind
from tests.support.people import People


def _file(count: int, *, days_ago: int = 2, kind: Kind = Kind.COMPLAINT, name: str = "r") -> None:
    at = timezone.now() - timedelta(days=days_ago)
    for number in range(count):
        actions.file_report(
            actions.Filing(body="Lampu jalan padam di depan pasar", submission=f"{name}{number}", kind=kind), at=at
        )
    Snapshot.clear_all()


def test_a_quiet_regency_says_so_instead_of_showing_figures(client: Client, regency: Regency) -> None:
    page = client.get("/").content.decode()
    assert "Belum ada laporan dalam tujuh hari ini." in page
    assert "Belum ada laporan yang selesai" in page
    _file(9)
    assert "Baru 9 laporan masuk." in client.get("/").content.decode()


def test_from_ten_reports_on_figures_are_shown(client: Client, people: People) -> None:
    _file(11)
    _file(3, days_ago=9, name="old")
    _file(2, kind=Kind.WHISTLEBLOWING, name="w")
    week = last_seven_days()
    assert (week.received, week.untouched, week.forwarded_after) == (11, 11, None)
    page = client.get("/").content.decode()
    assert "Laporan masuk" in page
    assert "belum ditindaklanjuti" in page


@pytest.mark.parametrize("reports", [1, 30])
def test_the_page_costs_the_same_for_few_and_many(
    client: Client, regency: Regency, reports: int, django_assert_max_num_queries: object
) -> None:
    _file(reports)
    client.get("/lacak/")
    last_seven_days.clear()
    with django_assert_max_num_queries(6):  # type: ignore[operator]  # the plugin's fixture
        client.get("/")


def test_it_leads_to_reporting_and_tracking(client: Client, regency: Regency) -> None:
    page = client.get("/").content.decode()
    assert 'href="/lapor/"' in page
    assert 'action="/lacak/"' in page
    assert 'href="tel:112"' in page
