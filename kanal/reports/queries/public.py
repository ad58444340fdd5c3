"""The rows of the public list: one query for the reports, everything else from the shared reference data."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Left
from django.http import QueryDict
from django.urls import reverse
from markupsafe import Markup

from kanal.agencies.queries import Reference, reference
from kanal.common.calendar import WorkingCalendar
from kanal.common.indonesian import SearchQuery, query_tokens
from kanal.common.obligations import Unit, days_left
from kanal.reports.models import Report
from kanal.reports.queries.pages import CURSOR, Count, Page, capped_count
from kanal.reports.queries.public_filters import NEWEST, ORDERS, Filters, listed
from kanal.reports.queries.search import matching, search_count, search_page
from kanal.reports.queries.snippets import after_title, marked, snippet
from kanal.reports.workflow import NEVER, STATUS, Status, StatusInfo

PER_PAGE = 20
READ_AHEAD = 3000
"""Characters of a text that are looked through for a found word; the first screen of even a long report."""

_COLUMNS = (
    *("id", "tracking_code", "title", "status", "received_at", "region_id", "place_text", "supporters_count"),
    *("due_on", "has_photo", "beginning"),
)


@dataclass(frozen=True, slots=True)
class PublicRow:
    """One report as the list shows it. `left` is in working days, None when nothing is owed."""

    address: str
    title: Markup
    snippet: Markup
    status: StatusInfo
    received_at: datetime
    place: str
    supporters: int
    has_photo: bool
    due_on: date | None
    left: int | None


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the list and how many there are."""

    rows: list[PublicRow]
    count: Count
    previous: str | None
    next: str | None


class Distances:
    """Working days to a deadline, worked out once for each day: fifty reports share a dozen deadlines."""

    def __init__(self, calendar: WorkingCalendar, today: date) -> None:
        self._calendar = calendar
        self._today = today
        self._known: dict[date, int] = {}

    def __call__(self, due_on: date) -> int:
        """The working days left, negative when late."""
        left = self._known.get(due_on)
        if left is None:
            left = self._known[due_on] = days_left(self._calendar, self._today, due_on, Unit.WORKING_DAYS)
        return left


def listing(filters: Filters, params: QueryDict, *, limit: int = PER_PAGE) -> Listing:
    """The page that an address asks for. A few queries, however many rows."""
    found = listed(filters)
    page: Page[dict[str, Any]] = _page(_drawn(found), filters, params.get(CURSOR), limit)
    query = query_tokens(filters.q) if filters.q else SearchQuery(())
    count = search_count(found, filters.q) if filters.q else capped_count(found)
    return _listing(page, count, QueryDict(filters.parameters().removeprefix("?")), query)


def among(found: QuerySet[Report], params: QueryDict, *, limit: int = PER_PAGE) -> Listing:
    """A page of some public reports, the newest first; `found` are among those that `listed` gives."""
    page: Page[dict[str, Any]] = ORDERS[NEWEST].keyset.page(_drawn(found), params.get(CURSOR), limit=limit)
    return _listing(page, capped_count(found), QueryDict(), SearchQuery(()))


def _drawn(found: QuerySet[Report]) -> QuerySet[Report, Any]:
    rows: QuerySet[Report, Any] = found.annotate(beginning=Left("public_body", READ_AHEAD)).values(*_COLUMNS)
    return rows


def _listing(page: Page[dict[str, Any]], count: Count, kept: QueryDict, query: SearchQuery) -> Listing:
    facts = reference()
    distance = Distances(facts.calendar, facts.today())
    base = reverse("reports:public_list")
    return Listing(
        rows=[_row(row, facts, query=query, distance=distance, base=base) for row in page.rows],
        count=count,
        previous=page.previous_address(kept),
        next=page.next_address(kept),
    )


def _page(rows: QuerySet[Report, Any], filters: Filters, cursor: str | None, limit: int) -> Page[Any]:
    """Found words come in the order of the search index; only there a common word is as quick as a rare one."""
    if not filters.q:
        return filters.order.keyset.page(rows, cursor, limit=limit)
    if filters.urut == NEWEST:
        return search_page(rows, filters.q, cursor, limit=limit)
    return filters.order.keyset.page(matching(rows, filters.q), cursor, limit=limit)


def _row(row: dict[str, Any], facts: Reference, *, query: SearchQuery, distance: Distances, base: str) -> PublicRow:
    region = facts.regions.get(row["region_id"])
    owed = row["due_on"] != NEVER
    return PublicRow(
        address=f"{base}{row['tracking_code']}/",
        title=marked(row["title"], query),
        snippet=snippet(after_title(row["beginning"], row["title"]), query),
        status=STATUS[Status(row["status"])],
        received_at=row["received_at"],
        place=region.place if region else row["place_text"],
        supporters=row["supporters_count"],
        has_photo=row["has_photo"],
        due_on=row["due_on"] if owed else None,
        left=distance(row["due_on"]) if owed else None,
    )


def latest(filters: Filters, limit: int) -> list[Report]:
    """The newest reports that an address asks for, without the citizen's own words."""
    newest = replace(filters, urut=NEWEST)
    return _page(listed(newest).defer("body"), newest, None, limit).rows
