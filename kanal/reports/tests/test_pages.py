import base64
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F, IntegerField, QuerySet
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kanal.agencies.models import Regency
from kanal.reports.models import Report
from kanal.reports.queries.pages import Count, Keyset, Page, capped_count

NEWEST = Keyset(("-received_at", "-id"))
MOST_SHARED = Keyset(("-supporters_count", "id"))


@pytest.fixture
def eleven(regency: Regency) -> list[Report]:
    now = timezone.now()
    return Report.objects.bulk_create(
        # Several share a moment, so that only the last field of the order tells them apart.
        Report(
            tracking_code=f"BJN-{n:04}",
            title=str(n),
            body="x",
            received_at=now - timedelta(hours=n // 3),
            supporters_count=n % 3,
        )
        for n in range(11)
    )


def walk(keyset: Keyset, limit: int, *, values: bool = False) -> list[list[int]]:
    everything = Report.objects.all()
    rows: QuerySet[Report, Any] = everything.values("id", "received_at", "supporters_count") if values else everything
    cursor: str | None = None
    pages: list[list[int]] = []
    while True:
        page = keyset.page(rows, cursor, limit=limit)
        pages.append([row["id"] if values else row.pk for row in page.rows])
        if page.next is None:
            return pages
        cursor = page.next


@pytest.mark.parametrize("values", [False, True])
@pytest.mark.parametrize("keyset", [NEWEST, MOST_SHARED, Keyset(("received_at", "-id")), Keyset(("id",))])
@pytest.mark.parametrize("limit", [1, 3, 4, 11, 50])
def test_pages_together_are_the_whole_list_in_order(
    eleven: list[Report], keyset: Keyset, limit: int, *, values: bool
) -> None:
    pages = walk(keyset, limit, values=values)
    assert [pk for page in pages for pk in page] == list(
        Report.objects.order_by(*keyset.fields).values_list("pk", flat=True)
    )
    assert all(len(page) == limit for page in pages[:-1])


def test_the_way_back_is_the_way_there(eleven: list[Report]) -> None:
    first = NEWEST.page(Report.objects.all(), limit=4)
    second = NEWEST.page(Report.objects.all(), first.next, limit=4)
    third = NEWEST.page(Report.objects.all(), second.next, limit=4)
    assert first.previous is None
    assert third.next is None
    again = NEWEST.page(Report.objects.all(), third.previous, limit=4)
    assert again.rows == second.rows
    assert NEWEST.page(Report.objects.all(), again.next, limit=4).rows == third.rows
    start = NEWEST.page(Report.objects.all(), again.previous, limit=4)
    assert start.rows == first.rows
    assert start.previous is None


def test_going_back_to_the_start_shows_a_full_page_even_when_reports_came_in_meanwhile(eleven: list[Report]) -> None:
    second = NEWEST.page(Report.objects.all(), NEWEST.page(Report.objects.all(), limit=4).next, limit=4)
    Report.objects.create(tracking_code="BJN-BARU", title="baru", body="x", received_at=timezone.now())
    start = NEWEST.page(Report.objects.all(), second.previous, limit=4)
    assert start.rows[0].tracking_code != "BJN-BARU"  # exactly four stand before it
    assert NEWEST.page(Report.objects.all(), start.previous, limit=4).rows[0].tracking_code == "BJN-BARU"
    assert len(NEWEST.page(Report.objects.all(), start.previous, limit=4).rows) == 4


def test_an_annotation_can_be_the_order(eleven: list[Report]) -> None:
    rows = Report.objects.annotate(rank=F("supporters_count") * 2)
    keyset = Keyset(("rank", "id"))
    first = keyset.page(rows, limit=5)
    second = keyset.page(rows, first.next, limit=50)
    assert [r.pk for r in [*first.rows, *second.rows]] == [r.pk for r in rows.order_by("rank", "id")]
    assert isinstance(rows.query.annotations["rank"].output_field, IntegerField)


def test_every_page_takes_one_query_and_an_index(eleven: list[Report]) -> None:
    public = Report.objects.filter(published=True)
    Report.objects.update(published=True)
    first = NEWEST.page(public, limit=4)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        NEWEST.page(public, first.next, limit=4)
    assert len(queries) == 1
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {queries[0]['sql']}")
            plan = " ".join(str(row) for row in cursor.fetchall())
        assert "report_public" in plan
        assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize(
    "cursor",
    [
        *("", "x", "WzAsMV0", "é", "W10", "bnVsbA", "====", "a" * 700, "WzAsbnVsbCxudWxsXQ", "W1swXSwxLDJd"),
        "WzAsIjIwMjYtMDEtMDEiLDFd",  # a date without time and zone
        "WzAsIjIwMjYtMDEtMDFUMDA6MDA6MDArMDA6MDAiLDFlNDAwXQ",  # infinity as an id
        "WzAsIjIwMjYtMDEtMDFUMDA6MDA6MDArMDA6MDAiLDk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OV0",  # an id of 26 digits
        "WzAsIjAwMDEtMDEtMDFUMDA6MDA6MDArMTQ6MDAiLDFd",  # in UTC a day before the year 1
        "WzAsIjk5OTktMTItMzFUMjM6NTk6NTktMTI6MDAiLDFd",  # in UTC a day after the year 9999
    ],
)
def test_a_broken_cursor_shows_the_first_page(eleven: list[Report], cursor: str) -> None:
    assert NEWEST.page(Report.objects.all(), cursor, limit=4).rows == NEWEST.page(Report.objects.all(), limit=4).rows


def test_a_cursor_of_another_order_shows_the_first_page(eleven: list[Report]) -> None:
    foreign = MOST_SHARED.page(Report.objects.all(), limit=4).next
    assert NEWEST.page(Report.objects.all(), foreign, limit=4).previous is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(cursor=st.text() | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_no_text_whatever_breaks_a_list(eleven: list[Report], cursor: str) -> None:
    assert len(NEWEST.page(Report.objects.all(), cursor, limit=4).rows) == 4


def test_an_empty_list_is_one_empty_page(regency: Regency) -> None:
    assert NEWEST.page(Report.objects.all()) == Page(rows=[], limit=50)


def test_addresses_keep_the_filters(eleven: list[Report]) -> None:
    params = QueryDict("q=jalan+rusak&hal=alt")
    page = NEWEST.page(Report.objects.all(), limit=4)
    assert page.previous_address(params) is None
    assert page.next_address(params) == f"?q=jalan+rusak&hal={page.next}"


def test_counting_stops_at_the_cap(eleven: list[Report]) -> None:
    assert capped_count(Report.objects.all()) == Count(11)
    assert capped_count(Report.objects.order_by("title"), cap=11) == Count(11)
    assert capped_count(Report.objects.all(), cap=5) == Count(5, more=True)
