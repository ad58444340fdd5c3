"""Reports as service requests: what the public page shows, and of those not public only where they stand.

Whoever knows the code of a report that is not public yet sees its status on /lacak/ too. Secret reports and
whistle-blowing do not exist here at all.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from kanal.agencies.queries import Reference, reference
from kanal.common.codes import normalise_code
from kanal.common.text import shorten
from kanal.reports import policy
from kanal.reports.models import Answer, ApiClient, ApiFiling, Attachment, Report, ReportClock, ReportEvent
from kanal.reports.open311.answering import Problem
from kanal.reports.open311.asking import MOST, Span, Wanted, end_of
from kanal.reports.open311.services import service_of
from kanal.reports.queries.public_case import public_point, told
from kanal.reports.workflow import NEVER, OPEN_VALUES, STATUS, Clock, Kind, Status

LONGEST = 4000
"""Characters of a description, after GeoReport v2."""

REMOTE_STATUS = {
    Status.RECEIVED: "OPEN",
    Status.ASSIGNED: "INVESTIGATING",
    Status.IN_PROGRESS: "IN_PROGRESS",
    Status.NEEDS_INFO: "INVESTIGATING",
    Status.ANSWERED: "CLOSED",
    Status.CLOSED: "CLOSED",
    Status.MERGED: "DUPLICATE",
    Status.ARCHIVED: "NO_FURTHER_ACTION",
}
"""Our statuses in the words of the two-way updates between Open311 servers."""

Row = dict[str, Any]


def listed(wanted: Wanted) -> list[Row]:
    """The requests of a list, the newest first; three or four queries however many there are."""
    found = _known(wanted.codes) if wanted.codes else _public(wanted)
    return _rows(list(found[wanted.offset : wanted.offset + wanted.limit]))


def one(code: str) -> Row:
    """One request. Raises Problem (404) in the same words for what is hidden and what does not exist."""
    found = list(_known([code]))
    if not found:
        raise Problem(404, _("service_request_id itu tidak ditemukan."))
    return _rows(found)[0]


def _public(wanted: Wanted) -> QuerySet[Report]:
    span = Q(received_at__gte=wanted.span.start, received_at__lte=wanted.span.end)
    found = Report.objects.filter(span, published=True).defer("body").order_by("-received_at", "-id")
    if wanted.is_open is not None:
        of_status = Q(status__in=OPEN_VALUES)
        found = found.filter(of_status if wanted.is_open else ~of_status)
    if wanted.categories is None:
        return found
    known = [pk for pk in wanted.categories if pk is not None]
    chosen = Q(category_id__in=known)
    return found.filter(chosen | Q(category_id=None) if None in wanted.categories else chosen)


def _known(codes: Iterable[str]) -> QuerySet[Report]:
    """Reports by their codes, as people write them."""
    prefix = reference().regency.code_prefix
    written = [code for text in codes if (code := normalise_code(text, prefix))]
    told_of = Report.objects.filter(tracking_code__in=written, secret=False).exclude(kind=Kind.WHISTLEBLOWING)
    return told_of.defer("body").order_by("-received_at", "-id")


@dataclass
class _Around:
    """What stands around the reports of one answer, by report."""

    photos: dict[int, int] = field(default_factory=dict)
    answers: dict[int, str] = field(default_factory=dict)
    due: dict[int, datetime] = field(default_factory=dict)


def _around(reports: Sequence[Report]) -> _Around:
    shown = [report for report in reports if policy.is_public(report)]
    found = _Around()
    clocks = ReportClock.objects.filter(report__in=shown, kind=Clock.SETTLE.value, voided_at=None).order_by("pk")
    for report_id, due_on in clocks.values_list("report_id", "due_on"):
        if due_on != NEVER:
            found.due[report_id] = end_of(due_on)
    pictured = [report for report in shown if report.has_photo]
    if pictured:
        photos = Attachment.objects.filter(report__in=pictured, public=True).order_by("-pk")
        found.photos = dict(photos.values_list("report_id", "pk"))
    answered = [report for report in shown if report.answered_at]
    if answered:
        texts = Answer.objects.filter(report__in=answered, state=Answer.State.PUBLISHED).order_by("pk")
        found.answers = {row.report_id: row.public_text for row in texts.defer("text")}
    return found


def _rows(reports: Sequence[Report]) -> list[Row]:
    facts, around = reference(), _around(reports)
    return [_row(report, facts, around) for report in reports]


def _row(report: Report, facts: Reference, around: _Around) -> Row:
    code, name = service_of(report.category_id)
    row = dict.fromkeys(_COLUMNS)
    row |= {
        "service_request_id": report.tracking_code,
        "status": "open" if report.is_open else "closed",
        "status_notes": str(STATUS[Status(report.status)].word),
        "service_name": name,
        "service_code": code,
        "requested_datetime": report.received_at,
        "updated_datetime": _updated(report),
    }
    return row | _shown(report, facts, around) if policy.is_public(report) else row


def _shown(report: Report, facts: Reference, around: _Around) -> Row:
    """What the public page tells beyond the status."""
    region = facts.regions.get(report.region_id or 0)
    agency = facts.agency_today(report.agency_id)
    point = public_point(report, facts)
    photo = around.photos.get(report.pk)
    shown = {
        "description": shorten(report.public_body, LONGEST),
        "agency_responsible": agency.name if agency else None,
        "expected_datetime": around.due.get(report.pk),
        "address": ", ".join(filter(None, [report.place_text, region.place if region else ""])) or None,
        "address_id": region.code if region else None,
        "lat": point[0] if point else None,
        "long": point[1] if point else None,
        "media_url": _photo_address(report, photo) if photo else None,
    }
    answer = around.answers.get(report.pk)
    return shown | ({"status_notes": shorten(answer, LONGEST)} if answer else {})


_COLUMNS = (
    *("service_request_id", "status", "status_notes", "service_name", "service_code", "description"),
    *("agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime"),
    *("address", "address_id", "zipcode", "lat", "long", "media_url"),
)
"""In the order of the specification, which XML readers may rely on."""


def _updated(report: Report) -> datetime:
    """The last change; of what is done, when it was done."""
    if not report.is_open and (done := report.closed_at or report.answered_at):
        return done
    return max(report.changed_at, report.received_at)


def _photo_address(report: Report, photo: int) -> str:
    return settings.BASE_URL + reverse("reports:photo", args=[report.tracking_code, photo, "besar"])


# --- two-way updates ----------------------------------------------------------------------------------------------


def updates(span: Span, client: ApiClient | None) -> list[Row]:
    """What became publicly known, in this span, about reports that came over Open311; of `client` alone if given."""
    filings = ApiFiling.objects.filter(report__published=True, report__secret=False)
    filings = filings.filter(client=client) if client else filings
    events = ReportEvent.objects.filter(report__in=filings.values("report"), public=True)
    inside = events.filter(at__gte=span.start, at__lte=span.end).exclude(verb="receive")
    known = list(inside.select_related("report").defer("report__body", "note").order_by("at", "pk")[:MOST])
    answers = _answers_at(known)
    return [_update(event, answers, reference()) for event in known]


def _answers_at(events: Sequence[ReportEvent]) -> dict[tuple[int, datetime | None], str]:
    answered = {event.report_id for event in events if event.verb == "publish_answer"}
    found: dict[tuple[int, datetime | None], str] = defaultdict(str)
    if answered:
        texts = Answer.objects.filter(report__in=answered, state=Answer.State.PUBLISHED).defer("text")
        found |= {(row.report_id, row.published_at): row.public_text for row in texts}
    return found


def _update(event: ReportEvent, answers: dict[tuple[int, datetime | None], str], facts: Reference) -> Row:
    status = event.to_status or event.report.status
    words = told({"verb": event.verb, "at": event.at, "data": event.data}, facts)
    return {
        "update_id": str(event.pk),
        "service_request_id": event.report.tracking_code,
        "status": REMOTE_STATUS[Status(status)],
        "updated_datetime": event.at,
        "description": shorten(answers.get((event.report_id, event.at)) or words, LONGEST),
        "media_url": None,
    }
