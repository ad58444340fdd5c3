"""What a tracking code tells: where a report stands, never what it says nor who said it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from kanal.agencies.queries import reference
from kanal.common.calendar import local_date
from kanal.common.obligations import Explanation, allowance_on, due_date
from kanal.reports import policy
from kanal.reports.models import Reason, Report, ReportClock, ReportEvent
from kanal.reports.queries.reference import report_reference
from kanal.reports.workflow import Clock, Kind, Status, StatusInfo, allowance_kind, public_info


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the history that a reader may see. `note` is filled only for the reporter."""

    verb: str
    title: str
    at: datetime
    by_reporter: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """A deadline that is still ahead. `working` shows how it was counted; None while it is only foreseen."""

    kind: Clock
    due_on: date
    days: int
    working: Explanation | None = None
    left: int | None = None
    paused_on: date | None = None


def by_code(code: str) -> Report | None:
    """A report by its code. Whoever holds the code may know where it stands, even a secret one: the reporter does."""
    return Report.objects.defer("body", "public_body").filter(tracking_code=code).first()


def status_of(report: Report) -> StatusInfo:
    """The words and colour of a report's status, as citizens read them."""
    return public_info(Status(report.status), Kind(report.kind))


def answered_after(report: Report) -> int | None:
    """How many working days passed between arrival and answer; None before there is one."""
    if report.answered_at is None:
        return None
    facts = reference()
    start, end = (local_date(moment, facts.tz) for moment in (report.received_at, report.answered_at))
    return facts.calendar.working_days_between(start, end)


def timeline(report: Report, *, private: bool = False) -> list[Step]:
    """The history, oldest first: what the public may see, and for the reporter also their own words and questions.

    Internal notes never come along. By code alone, secret reports and whistle-blowing tell nothing but their arrival.
    """
    events = ReportEvent.objects.filter(report=report)
    if private:
        return [step for event in events if (event.public or _is_own(event)) and (step := _step(event, report, _told))]
    if not policy.is_public(report) and (report.secret or report.kind == Kind.WHISTLEBLOWING):
        events = events.filter(verb="receive")
    return [step for event in events.filter(public=True) if (step := _step(event, report, _nothing))]


def _is_own(event: ReportEvent) -> bool:
    return event.by == ReportEvent.By.REPORTER


def _told(event: ReportEvent) -> str:
    """What the reporter may read of a note: their own words, the question put to them, the reason given to them."""
    if event.verb == "archive":
        return _standard_sentence(event)
    if event.verb == "told":
        return str(event.data.get("text", ""))
    return event.note if _is_own(event) or event.verb in {"ask_info", "decline_reopen"} else ""


def _standard_sentence(event: ReportEvent) -> str:
    """What the standard reason says to the reporter; the note beside it is for staff."""
    chosen = report_reference().reasons.get((Reason.Use.ARCHIVE, event.data.get("reason", "")))
    return (chosen and chosen.sentence) or str(event.data.get("reason_name", ""))


def _nothing(_event: ReportEvent) -> str:
    return ""


def _step(event: ReportEvent, report: Report, note_of: Callable[[ReportEvent], str]) -> Step | None:
    title = _titles(event, report).get(event.verb)
    if not title:
        return None
    return Step(event.verb, title, event.at, _is_own(event), note_of(event))


def _titles(event: ReportEvent, report: Report) -> dict[str, str]:
    confidential = report.kind == Kind.WHISTLEBLOWING
    agency = event.data.get("agency_name") or _("dinas")
    return {
        "receive": _("Diterima Inspektorat") if confidential else _("Diterima"),
        "import": _("Dimasukkan dari berkas SP4N-LAPOR!: %(status)s") % {"status": event.data.get("status_word", "")},
        "assign": _("Diteruskan di Inspektorat")
        if confidential
        else _("Diteruskan ke %(agency)s") % {"agency": agency},
        "start": _("Mulai ditangani"),
        "ask_info": _("Petugas meminta keterangan"),
        "reply": _("Pelapor menambah keterangan"),
        "add_contact": _("Pelapor menambah kontak"),
        "publish_answer": _("Dijawab"),
        "merge": _("Digabung dengan laporan lain"),
        "unmerge": _("Dipisahkan lagi dari laporan lain"),
        "archive": _("Diarsipkan"),
        "withdraw": _("Dicabut pelapor"),
        "ask_reopen": _("Pelapor berkata belum selesai"),
        "reopen": _("Dibuka lagi"),
        "decline_reopen": _("Tetap dinyatakan selesai"),
        "feedback": _("Dinilai pelapor"),
        "close": _("Selesai"),
        "told": event.data.get("heading") or _("Kabar bersama"),
    }


def duties(report: Report) -> list[Duty]:
    """The deadlines still ahead, nearest first, each with its working; the follow-up is foreseen before it runs."""
    facts = reference()
    today = facts.today()
    rows = ReportClock.objects.filter(report=report, met_at=None, voided_at=None).order_by("due_on", "pk")
    found = [
        Duty(
            Clock(row.kind),
            row.due_on,
            row.allowance,
            working=row.explanation(facts.calendar, facts.tz, today),
            left=row.days_left(facts.calendar, today),
            paused_on=row.paused_on,
        )
        for row in rows
        if row.kind != Clock.INFO_WAIT
    ]
    verify = next((duty for duty in found if duty.kind == Clock.VERIFY), None)
    if verify and not any(duty.kind == Clock.FOLLOW_UP for duty in found):
        terms = allowance_on(
            facts.allowances,
            allowance_kind(Clock.FOLLOW_UP, Kind(report.kind), supervision=report.supervision),
            verify.due_on,
        )
        found.append(Duty(Clock.FOLLOW_UP, due_date(facts.calendar, verify.due_on, terms), terms.amount))
    return sorted(found, key=lambda duty: (duty.due_on, duty.kind))
