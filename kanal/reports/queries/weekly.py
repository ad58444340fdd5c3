"""What the weekly brief asks of reports. Only what `policy.counted_openly`; words only of what everybody may read."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from kanal.reports.models import Report, ReportClock, ReportEvent
from kanal.reports.policy import counted_openly, quotable
from kanal.reports.queries.overdue import OWED
from kanal.reports.queries.voices import voice
from kanal.reports.workflow import OPEN_VALUES


class Told(NamedTuple):
    """A report as it is counted; `voice` says whose it is."""

    voice: int
    category_id: int | None
    region_id: int | None
    agency_id: int | None
    received_at: datetime


class Late(NamedTuple):
    """A report with a duty past its day, and whose duty that is. The title is empty unless everybody may read it."""

    id: int
    code: str
    title: str
    agency_id: int | None
    region_id: int | None
    category_id: int | None
    due_on: date


class Word(NamedTuple):
    """The masked text of a report that everybody may read, and where it lies."""

    report_id: int
    region_id: int | None
    agency_id: int | None
    text: str


def told_between(start: datetime, end: datetime) -> Iterator[Told]:
    """Every report received in [start, end) that may be counted."""
    rows = Report.objects.filter(counted_openly(), received_at__gte=start, received_at__lt=end).order_by()
    told = rows.values_list(voice(), "category_id", "region_id", "agency_id", "received_at")
    return (Told(*row) for row in told.iterator(chunk_size=5000))


def overdue_cases(today: date) -> list[Late]:
    """The overdue reports that may be counted openly, each once, the longest late first."""
    rows = (
        ReportClock.objects.filter(
            Q(paused_on=None) | Q(paused_on__gt=F("due_on")),
            counted_openly("report__"),
            kind__in=OWED,
            met_at=None,
            voided_at=None,
            due_on__lt=today,
            report__status__in=OPEN_VALUES,
        )
        .annotate(
            doer=Coalesce("agency_id", "report__agency_id"),
            open_title=Case(When(report__published=True, then="report__title"), default=Value("")),
        )
        .order_by("due_on", "report_id")
        .values_list(
            *("report_id", "report__tracking_code", "open_title", "doer"),
            *("report__region_id", "report__category_id", "due_on"),
        )
    )
    found: dict[int, Late] = {}
    for row in rows.iterator(chunk_size=5000):
        found.setdefault(row[0], Late(*row))
    return list(found.values())


def open_by_place() -> Counter[tuple[int | None, int | None]]:
    """How many reports that may be counted openly wait for somebody, by (agency, region)."""
    rows = Report.objects.filter(counted_openly(), status__in=OPEN_VALUES).order_by()
    return Counter(rows.values_list("agency_id", "region_id").iterator(chunk_size=5000))


def returned_between(start: datetime, end: datetime) -> Counter[tuple[int, str]]:
    """How often agencies gave reports back in [start, end), by (agency, reason)."""
    rows = ReportEvent.objects.filter(counted_openly("report__"), verb="return_", at__gte=start, at__lt=end)
    told = rows.order_by().values_list("data", flat=True)
    return Counter((data["agency"], data.get("reason_name", "")) for data in told if data.get("agency"))


def words(reports: QuerySet[Report], most: int) -> Sequence[Word]:
    """The newest of these reports that everybody may read, at most `most`."""
    rows = reports.filter(quotable()).exclude(public_body="").order_by("-received_at", "-id")
    return [Word(*row) for row in rows.values_list("pk", "region_id", "agency_id", "public_body")[:most]]


def still_said(report_ids: Collection[int]) -> dict[int, str]:
    """The masked texts of those reports that may still be quoted."""
    rows = Report.objects.filter(quotable(), pk__in=report_ids) if report_ids else Report.objects.none()
    return dict(rows.values_list("pk", "public_body"))


def still_titled(codes: Collection[str]) -> dict[str, str]:
    """The titles of those reports that are not secret; empty for one that may not be told any more."""
    rows = Report.objects.filter(tracking_code__in=codes, secret=False) if codes else Report.objects.none()
    told = Case(When(quotable(), then="title"), default=Value(""))
    return dict(rows.annotate(told=told).values_list("tracking_code", "told"))


def words_of_category(category_ids: Sequence[int], since: datetime, most: int) -> Sequence[Word]:
    """The same of the newest reports of some categories."""
    return words(Report.objects.filter(category_id__in=category_ids, received_at__gte=since), most)
