"""What a page of the queue may cost: the number of queries does not grow with the number of reports."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kanal.agencies.models import Agency
from kanal.agencies.queries import reference
from kanal.channels.queries import pending
from kanal.common.codes import new_code
from kanal.reports.models import Report, SavedView
from kanal.reports.queries.desk import Filters, in_queue
from kanal.reports.queries.desk_views import OPEN, forget_counts
from kanal.reports.queries.signs import forget_signs
from tests.support.people import People


def many(number: int, agency: Agency) -> None:
    """Reports as they lie about: half of them with the agency, every fourth one secret, some finished."""
    villages = [village.id for village in reference().villages()]
    now = timezone.now()
    Report.objects.bulk_create(
        Report(
            tracking_code=new_code("BJN"),
            title=f"Laporan nomor {at}",
            body="x",
            region_id=villages[at % len(villages)],
            status=("received", "assigned", "closed")[at % 3],
            agency=agency if at % 3 else None,
            answered_at=now if at % 3 == 2 else None,
            secret=at % 4 == 0,
            due_on=reference().today(),
            due_clock="verify",
            received_at=now,
        )
        for at in range(number)
    )


@pytest.mark.parametrize("number", [10, 300])
@pytest.mark.parametrize(
    ("who", "query"), [("kun", ""), ("oki", ""), ("heni", "?tampilan=lewat"), ("laras", ""), ("kun", "?urut=terbaru")]
)
def test_six_queries_for_a_page_at_any_size(people: People, client: Client, number: int, who: str, query: str) -> None:
    many(number, people.roads)
    user = getattr(people, who)
    SavedView.objects.create(user=user, name="Milik saya", query="status=closed")
    client.force_login(user)
    client.get("/meja/")  # the shared copy of agencies, places and categories is loaded by whoever comes first
    cache.clear()
    with CaptureQueriesContext(connection) as counting:
        assert client.get(f"/meja/{query}").status_code == 200
    assert len(counting) <= 6, "the numbers of the menu are counted along with those of the rail"
    with CaptureQueriesContext(connection) as again:
        client.get(f"/meja/{query}")
    assert len(again) <= 5, "the counts of the rail are kept for a while"


def test_six_queries_whichever_of_the_numbers_is_too_old(people: People, client: Client) -> None:
    many(10, people.roads)
    client.force_login(people.kun)
    client.get("/meja/")
    forgetting: tuple[Callable[[], None], ...] = (partial(forget_counts, people.doing(people.kun).actor), forget_signs)
    for forget in (*forgetting, cache.clear):
        forget()
        with CaptureQueriesContext(connection) as counting:
            client.get("/meja/")
        assert len(counting) <= 6


@pytest.mark.parametrize("number", [10, 300])
def test_asking_for_what_is_new_is_cheap(people: People, client: Client, number: int) -> None:
    many(number, people.roads)
    client.force_login(people.kun)
    client.get("/meja/")
    with CaptureQueriesContext(connection) as counting:
        client.get("/meja/?baru=1")
    assert len(counting) <= 4


@pytest.mark.parametrize("number", [10, 300])
def test_a_file_takes_as_many_queries_for_many_rows(people: People, client: Client, number: int) -> None:
    many(number, people.roads)
    client.force_login(people.kun)
    client.get("/meja/")
    with CaptureQueriesContext(connection) as counting:
        response: Any = client.get("/meja/ekspor.csv")
        assert b"".join(response.streaming_content)
    assert len(counting) <= 6


@pytest.fixture
def plan(people: People) -> Callable[[str], str]:
    """How the database means to walk a person's queue."""

    def explain(who: str) -> str:
        actor = people.doing(getattr(people, who)).actor
        rows = in_queue(actor, Filters()).order_by("urgency", "due_on", "id")[:50]
        return str(rows.explain())

    return explain


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's planner reads small tables whole")
@pytest.mark.parametrize(("who", "index"), [("kun", "report_queue"), ("oki", "report_agency_queue")])
def test_the_queue_walks_its_own_index(plan: Callable[[str], str], who: str, index: str) -> None:
    said = plan(who)
    assert index in said
    assert "TEMP B-TREE" not in said


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's planner reads small tables whole")
def test_the_numbers_of_the_menu_walk_their_small_indexes(people: People) -> None:
    with CaptureQueriesContext(connection) as counting:
        pending()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {counting[0]['sql']}")
        said = str(cursor.fetchall())
    assert "inbound_waiting" in said
    assert "delivery_failed" in said


def test_the_open_part_is_written_out_for_the_index(people: People) -> None:
    sql, _values = Report.objects.filter(OPEN).query.sql_with_params()
    assert "('received')" in sql
