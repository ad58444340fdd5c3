"""All that the page of one case reads, in at most five queries: report with photos, history, clocks, answers, tasks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F

from kanal.agencies.queries import Actor, AgencyFacts, RegionFacts, reference
from kanal.common.masking import Kind as Masked
from kanal.common.masking import masked_spans
from kanal.common.prepared import Prepared
from kanal.reports import policy
from kanal.reports.models import Answer, Attachment, Report, ReportClock, ReportEvent, ReportTask
from kanal.reports.queries.access import one, shown_to
from kanal.reports.queries.reference import CannedFacts, CategoryFacts, report_reference
from kanal.reports.queries.similar import Probe, Similar, similar
from kanal.reports.workflow import KIND_WORDS, STATUS, Kind, Status, StatusInfo

ANSWER_VERBS = frozenset({"draft_answer", "submit_answer", "approve_answer", "publish_answer"})
ALIKE_AT_MOST = 26


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the citizen's words; `hidden` says what the public does not see there, "" for plain text."""

    text: str
    hidden: Masked | str = ""


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo of the report, as a list of thumbnails needs it."""

    id: int
    name: str
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """One line of history as stored; `note` is empty for readers who may not see internal words."""

    verb: str
    at: datetime
    by: str
    name: str
    public: bool
    to_status: str
    note: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One report as one person may see it at the desk.

    `raw`: the person reads the citizen's own words and everything internal; others the masked text and public lines.
    """

    report: Report
    actor: Actor
    raw: bool
    verbs: tuple[str, ...]
    photos: tuple[Photo, ...] = ()
    officer: str = ""
    main_code: str = ""
    events: tuple[Event, ...] = ()
    clocks: tuple[ReportClock, ...] = ()
    answers: tuple[Answer, ...] = ()
    tasks: tuple[ReportTask, ...] = field(default=())

    @property
    def status(self) -> StatusInfo:
        """How the report's status is drawn."""
        return STATUS[Status(self.report.status)]

    @property
    def kind_word(self) -> str:
        """The kind of report, for reading."""
        return str(KIND_WORDS[Kind(self.report.kind)])

    @property
    def agency(self) -> AgencyFacts | None:
        """The agency that has the case, as what it is today."""
        return reference().agency_today(self.report.agency_id)

    @property
    def returned_by(self) -> AgencyFacts | None:
        """The agency that gave it back last."""
        return reference().agencies.get(self.report.returned_by_id or 0)

    @property
    def region(self) -> RegionFacts | None:
        """Where it is, as a place with a name."""
        return reference().regions.get(self.report.region_id or 0)

    @property
    def category(self) -> CategoryFacts | None:
        """What it is about."""
        return report_reference().categories.get(self.report.category_id or 0)

    @property
    def making(self) -> Answer | None:
        """The answer that is not yet out."""
        return next((a for a in self.answers if a.state != Answer.State.PUBLISHED), None)

    @property
    def published(self) -> list[Answer]:
        """The answers that the reporter has read, oldest first."""
        return [a for a in self.answers if a.state == Answer.State.PUBLISHED]

    def may(self, verb: str) -> bool:
        """Whether the verb is this person's to do now."""
        return verb in self.verbs


def report_for(actor: Actor, code: str) -> Report:
    """The report alone, for forms and fragments. Raises Refused (404) as `get_for`."""
    return shown_to(actor, one(Report.objects.filter(tracking_code=code)))


def case_for(actor: Actor, code: str) -> Case:
    """The whole case as this person may see it. Raises Refused (404) alike for hidden, secret and missing ones."""
    report, officer, main_code = _report_and_names(actor, code)
    raw = policy.reads_raw_text(actor, report)
    guest = not policy.capacities(policy.staff(actor), report)
    events = _events(report, raw=raw)
    said = {event.verb for event in events} if raw else None
    return Case(
        report=report,
        actor=actor,
        raw=raw,
        verbs=tuple(policy.verbs_for(actor, report)),
        photos=_photos(actor, report, events),
        officer=officer,
        main_code=main_code,
        events=events,
        clocks=() if guest else tuple(sorted(_clocks(report.pk), key=lambda c: (c.opened_at, c.pk))),
        answers=_answers(report, raw=raw, said=said),
        tasks=_tasks(actor, report, raw=raw, said=said),
    )


def light_case(actor: Actor, report: Report) -> Case:
    """The case without its history, for fragments that show one form or a preview."""
    return Case(
        report=report,
        actor=actor,
        raw=policy.reads_raw_text(actor, report),
        verbs=tuple(policy.verbs_for(actor, report)),
        clocks=tuple(
            sorted(
                ReportClock.objects.filter(report=report, met_at=None, voided_at=None), key=lambda c: (c.due_on, c.pk)
            )
        ),
    )


_by_code: Prepared[Report] = Prepared(
    lambda code: (
        Report.objects.filter(tracking_code=code)
        .annotate(officer_name=F("officer__name"), main_code=F("merged_into__tracking_code"))
        .order_by()
    )
)
_history: Prepared[ReportEvent] = Prepared(
    lambda report: (
        ReportEvent.objects.filter(report_id=report).annotate(user_name=F("user__name")).order_by("-at", "-id")
    )
)
_public_history: Prepared[ReportEvent] = Prepared(
    lambda report: ReportEvent.objects.filter(report_id=report, public=True).defer("note").order_by("-at", "-id")
)
_clocks: Prepared[ReportClock] = Prepared(lambda report: ReportClock.objects.filter(report_id=report).order_by())
_all_answers: Prepared[Answer] = Prepared(
    lambda report: (
        Answer.objects.filter(report_id=report)
        .annotate(author_name=F("author__name"), approver_name=F("approver__name"))
        .order_by()
    )
)


def _report_and_names(actor: Actor, code: str) -> tuple[Report, str, str]:
    """The report, the name of its officer and the code of its main report, in one query."""
    shown = shown_to(actor, next(iter(_by_code(code)), None))
    return shown, shown.__dict__["officer_name"] or "", shown.__dict__["main_code"] or ""


def _photos(actor: Actor, report: Report, events: Sequence[Event]) -> tuple[Photo, ...]:
    """The photos that this person may see; `has_photo` knows only of those that are not for staff alone."""
    if not report.has_photo and all(event.verb != "adopt_photo" for event in events):
        return ()
    rows = Attachment.objects.filter(report=report).order_by().values_list("id", "name", "public", "inside")
    return tuple(
        Photo(pk, name, inside)
        for pk, name, public, inside in sorted(rows)
        if policy.sees_photo(actor, report, public=public)
    )


def _events(report: Report, *, raw: bool) -> tuple[Event, ...]:
    """The history, newest first. Who may not read internal words gets the public lines, without what was written."""
    rows = _history(report.pk) if raw else _public_history(report.pk)
    return tuple(
        Event(
            row.verb,
            row.at,
            row.by,
            (row.__dict__["user_name"] or "") if raw else "",
            row.public,
            row.to_status,
            row.note if raw else "",
            row.data,
        )
        for row in rows
    )


def _answers(report: Report, *, raw: bool, said: set[str] | None) -> tuple[Answer, ...]:
    """Asked for only when there can be any: an answer leaves its mark on the report or in the history."""
    if report.answered_at is None and said is not None and not said & ANSWER_VERBS:
        return ()
    rows = sorted(_all_answers(report.pk), key=lambda answer: answer.pk)
    return tuple(answer for answer in rows if raw or answer.state == Answer.State.PUBLISHED)


def _tasks(actor: Actor, report: Report, *, raw: bool, said: set[str] | None) -> tuple[ReportTask, ...]:
    """The points given away; a guest sees those of their own agencies alone."""
    if said is not None and "split" not in said:
        return ()
    rows = ReportTask.objects.filter(report=report).select_related("answered_by").order_by("pk")
    if raw:
        return tuple(rows)
    if not actor.agencies:
        return ()
    return tuple(rows.filter(agency_id__in=actor.agencies).exclude(state=ReportTask.State.CANCELLED))


def pieces(text: str) -> list[Piece]:
    """The citizen's own words, cut where the public sees a replacement instead."""
    found, position = [], 0
    for span in masked_spans(text):
        if span.start > position:
            found.append(Piece(text[position : span.start]))
        found.append(Piece(text[span.start : span.end], span.kind))
        position = span.end
    if position < len(text):
        found.append(Piece(text[position:]))
    return found


def canned_for(report: Report) -> list[CannedFacts]:
    """The standard answers that fit a report: those of its category and the one above first, then the general ones."""
    ways = report_reference()
    category = ways.categories.get(report.category_id or 0)
    fitting = [category.id, category.parent_id] if category else []
    own = [c for c in ways.canned if c.category_id is not None and c.category_id in fitting]
    own.sort(key=lambda c: fitting.index(c.category_id))
    return own + [c for c in ways.canned if c.category_id is None]


@dataclass(frozen=True, slots=True)
class Alike:
    """Similar reports, and the agency that most of them went to with its share."""

    found: Sequence[Similar]
    agency: AgencyFacts | None = None
    there: int = 0
    routed: int = 0


def alike_for(actor: Actor, report: Report, *, limit: int = 5) -> Alike:
    """Reports like this one among those the person may see.

    Whistle-blowing is compared with nothing: it must not surface beside another report, nor another beside it.
    """
    if report.kind == Kind.WHISTLEBLOWING:
        return Alike(())
    among = Report.objects.filter(policy.queue_filter(actor)).exclude(pk=report.pk).exclude(kind=Kind.WHISTLEBLOWING)
    looks = tuple(report.attachments.exclude(looks="").values_list("looks", flat=True)) if report.has_photo else ()
    probe = Probe(report.public_body, report.region_id, report.lat, report.lon, looks, report.title)
    found = similar(probe, among, limit=ALIKE_AT_MOST)
    routed = [pk for one in found if (pk := reference().id_today(one.report.agency_id))]
    if not routed:
        return Alike(found[:limit])
    most = max(sorted(set(routed)), key=routed.count)
    return Alike(found[:limit], reference().agencies.get(most), routed.count(most), len(routed))
