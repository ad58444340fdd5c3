"""The desk's queue: which reports, in which order, a page at a time; and what arrived since one last looked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from kanal.agencies.models import Membership
from kanal.agencies.queries import Actor, reference
from kanal.reports.models import Answer, Report, ReportClock, ReportTask
from kanal.reports.queries.access import find_for
from kanal.reports.queries.desk_views import OPEN, VIEWS, Scope
from kanal.reports.queries.pages import Keyset, Page
from kanal.reports.queries.reference import report_reference
from kanal.reports.queries.search import matching, search_page
from kanal.reports.workflow import NEVER, Clock, Kind

PAGE = 50
EVERY_STATUS = "semua"

ORDERS: dict[str, Keyset] = {
    "tenggat": Keyset(("urgency", "due_on", "id")),
    "terbaru": Keyset(("-received_at", "-id")),
    "terlama": Keyset(("received_at", "id")),
}

ROW = (
    *("id", "tracking_code", "version", "title", "region_id", "place_text", "status", "kind", "agency_id"),
    *("returned_by_id", "urgency", "due_on", "due_clock", "medium", "received_at", "secret", "reopen_asked_at"),
)
"""What a line of the queue needs; nothing encrypted, nothing long."""
PROPOSED = ("proposal__agency_id", "proposal__chance", "proposal__sure")
"""What Kanal would do with a report that waits for the coordinator."""

EXPORTED = (
    *("tracking_code", "kind", "title", "public_body", "category_id", "region_id", "place_text", "medium", "status"),
    *("agency_id", "urgency", "secret", "due_on", "received_at", "verified_at", "answered_at", "closed_at"),
)

# Written out: building it as a Subquery on every request takes longer than running it, and only with the constant in
# its text does SQLite use the small unique index over answers in the making.
_IN_THE_MAKING = RawSQL(
    "SELECT state FROM reports_answer WHERE report_id = reports_report.id AND NOT (state = 'published')",
    (),
    output_field=Answer._meta.get_field("state"),  # noqa: SLF001  # Django's documented _meta API
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a person asked the queue for. `view` is a built-in view; without one a search also finds finished cases."""

    view: str = ""
    text: str = ""
    status: str = ""
    agency_id: int | None = None
    district_id: int | None = None
    category_id: int | None = None
    medium: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None
    order: str = ""

    @property
    def only_open(self) -> bool:
        """Whether finished cases are left out: by default yes, unless one searches or names a status."""
        if self.status:
            return False
        return VIEWS[self.view].only_open if self.view else not self.text

    @property
    def ordering(self) -> str:
        """The order: as chosen, otherwise the newest first for a search and the most pressing first for a queue."""
        return self.order or ("tenggat" if self.only_open or self.view else "terbaru")

    @property
    def plain(self) -> bool:
        """Whether a built-in view is looked at as it is, so that its count in the rail is the count of the list."""
        return self in {Filters(view=self.view), Filters(view=self.view, order=self.order)}


def in_queue(actor: Actor, filters: Filters) -> QuerySet[Report]:
    """The reports of a person's queues that fit all but the words one searches for, in no particular order."""
    reports = find_for(actor)
    if filters.only_open:
        reports = reports.filter(OPEN)
    if filters.view:
        reports = reports.filter(VIEWS[filters.view].where(Scope(actor, reference().today())))
    if filters.status and filters.status != EVERY_STATUS:
        reports = reports.filter(status=filters.status)
    wanted = _plain_conditions(filters)
    return reports.filter(**wanted) if wanted else reports


def queue(actor: Actor, filters: Filters) -> QuerySet[Report]:
    """The reports of a person's queues that fit, in no particular order. A search gathers every match first."""
    reports = in_queue(actor, filters)
    return matching(reports, filters.text) if filters.text else reports


def _plain_conditions(filters: Filters) -> dict[str, Any]:
    tz = reference().tz
    wanted: dict[str, Any] = {
        "agency_id__in": sorted(reference().with_past(filters.agency_id)) if filters.agency_id else None,
        "medium": filters.medium or None,
        "kind": filters.kind or None,
        "region_id__in": reference().within(filters.district_id) if filters.district_id else None,
        "category_id__in": _with_children(filters.category_id) if filters.category_id else None,
        "received_at__gte": datetime.combine(filters.since, time.min, tz) if filters.since else None,
        "received_at__lt": datetime.combine(filters.until + timedelta(days=1), time.min, tz) if filters.until else None,
    }
    return {name: value for name, value in wanted.items() if value is not None}


def _with_children(category_id: int) -> list[int]:
    children = (row.id for row in report_reference().categories.values() if row.parent_id == category_id)
    return [category_id, *children]


def page_of(actor: Actor, filters: Filters, cursor: str | None) -> Page[Any]:
    """One page of the queue: rows with the fields of ROW and the state of an answer in the making.

    One query; two for a search.
    """
    reports = in_queue(actor, filters).annotate(answer_state=_IN_THE_MAKING)
    rows = reports.values_list(*ROW, *PROPOSED, "answer_state", named=True)
    if not filters.text:
        return ORDERS[filters.ordering].page(rows, cursor, limit=PAGE)
    if filters.ordering == "terbaru":
        return search_page(rows, filters.text, cursor, limit=PAGE)
    return ORDERS[filters.ordering].page(matching(rows, filters.text), cursor, limit=PAGE)


def exported(actor: Actor, filters: Filters, limit: int) -> Iterator[Any]:
    """The same list for a spreadsheet: masked texts, no identities, at most `limit` rows, read a thousand at a time."""
    rows = queue(actor, filters).order_by(*ORDERS[filters.ordering].fields)
    return rows.values_list(*EXPORTED, named=True)[:limit].iterator(chunk_size=1000)


def count_new(actor: Actor, since: datetime) -> int:
    """How many open reports came onto somebody's desk after a moment: just in, or just handed to their agencies."""
    reports = find_for(actor).filter(OPEN)
    if actor.has(Membership.Role.COORDINATOR) or not actor.agencies:
        return reports.filter(received_at__gt=since).count()
    handed = ReportClock.objects.filter(
        report=OuterRef("pk"), kind=Clock.FOLLOW_UP, agency_id__in=sorted(actor.agencies), opened_at__gt=since
    )
    return reports.filter(Q(received_at__gt=since) | (Q(changed_at__gt=since) & Exists(handed))).count()


def recorded_by(actor: Actor, code: str) -> Report | None:
    """A report that this person wrote down for somebody, even when it is now on another desk; None for any other."""
    return Report.objects.filter(tracking_code=code, events__verb="receive", events__user_id=actor.user_id or 0).first()


def next_due(actor: Actor) -> tuple[date, int] | None:
    """The next day after today on which something in a person's queues falls due, and how many reports; or None."""
    coming = find_for(actor).filter(OPEN).filter(due_on__gt=reference().today(), due_on__lt=NEVER)
    days = coming.order_by("due_on").values_list("due_on", flat=True)[:1]
    return next(((day, coming.filter(due_on=day).count()) for day in days), None)


TASK_ORDER = Keyset(("due_on", "id"))
TASK = (
    *("id", "instruction", "state", "due_on", "unit", "agency_id", "partner_name", "report__tracking_code"),
    *("report__title", "report__secret", "report__region_id", "report__place_text"),
)


def tasks_of(actor: Actor, *, answered: bool, cursor: str | None) -> Page[Any]:
    """The open or the answered tasks of a person's agencies (for a coordinator, of all), nearest deadline first."""
    state = ReportTask.State.ANSWERED if answered else ReportTask.State.OPEN
    tasks = ReportTask.objects.filter(state=state).exclude(report__kind=Kind.WHISTLEBLOWING)
    if not actor.has(Membership.Role.COORDINATOR):
        tasks = tasks.filter(agency_id__in=sorted(actor.agencies))
    return TASK_ORDER.page(tasks.values_list(*TASK, named=True), cursor, limit=PAGE)


def among(actor: Actor, codes: list[str]) -> list[Any]:
    """Code, title, place and arrival of those of some reports that are in a person's queues, the oldest first."""
    rows = find_for(actor).filter(tracking_code__in=codes).order_by("received_at", "id")
    return list(rows.values_list("tracking_code", "title", "region_id", "received_at", named=True))
