"""What the agency that has a report does with it, short of answering."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.agencies.models import Membership
from kanal.agencies.queries import reference
from kanal.common.refusal import Refused
from kanal.reports.actions import notices
from kanal.reports.actions.deed import Deed
from kanal.reports.actions.notices import Notice
from kanal.reports.models import Report
from kanal.reports.policy import Doer
from kanal.reports.workflow import Clock, Status


@transaction.atomic
def take(*, report: Report, by: Doer, version: int | None = None, at: datetime | None = None) -> Report:
    """An officer puts their own name on a case of their agency."""
    with Deed("take", report=report, by=by, version=version, at=at) as deed:
        deed.report.officer_id = by.user_id
    return report


@transaction.atomic
def start(
    *, report: Report, by: Doer, note: str = "", version: int | None = None, at: datetime | None = None
) -> Report:
    """Work has begun: the first follow-up, which meets the five-day clock. `note` stays inside."""
    with Deed("start", report=report, by=by, version=version, at=at) as deed:
        begin(deed)
        deed.note = note
    agency = reference().agency_today(report.agency_id)
    notice = Notice(
        "started",
        gettext_lazy("Laporan %(code)s mulai ditangani"),
        gettext_lazy("%(agency)s mulai menangani laporan Anda. Paling lambat selesai %(day)s."),
        agency=agency.name if agency else "",
        day=report.due_on,
    )
    notices.tell_followers(report, notice)
    return report


def begin(deed: Deed) -> None:
    """Note the first follow-up inside another deed."""
    deed.report.started_at = deed.report.started_at or deed.at
    if deed.report.officer_id is None and deed.by.actor.agencies.intersection({deed.report.agency_id or 0}):
        deed.report.officer_id = deed.by.user_id
    deed.clocks.meet(Clock.FOLLOW_UP)


@transaction.atomic
def ask_info(
    *, report: Report, by: Doer, question: str, version: int | None = None, at: datetime | None = None
) -> Report:
    """Ask the reporter; every clock stands still until the reply. Without one the report is archived after its term.

    Raises Refused for an empty question, or when the reporter left no way to be asked.
    """
    if not question.strip():
        raise Refused(_("Tulis apa yang ingin ditanyakan kepada pelapor."), status=400)
    with Deed("ask_info", report=report, by=by, version=version, at=at) as deed:
        deed.note = question
        deed.clocks.pause_all()
        deed.clocks.open(Clock.INFO_WAIT)
    notice = Notice(
        "question",
        gettext_lazy("Ada pertanyaan tentang laporan %(code)s"),
        gettext_lazy(
            "Petugas perlu keterangan dari Anda:\n\n%(question)s\n\nHitungan waktu berhenti sampai Anda menjawab."
        ),
        question=question,
    )
    notices.tell_followers(report, notice, public=False)
    return report


@transaction.atomic
def note(
    *,
    report: Report,
    by: Doer,
    text: str,
    version: int | None = None,
    at: datetime | None = None,
    message: int | None = None,
) -> Report:
    """Write an internal note; nobody outside the case ever reads it. `message`: the message that it repeats."""
    if not text.strip():
        raise Refused(_("Catatan masih kosong."), status=400)
    with Deed("note", report=report, by=by, version=version, at=at) as deed:
        deed.note = text
        if message:
            deed.data["message"] = message
    return report


@transaction.atomic
def escalate(
    *,
    report: Report,
    by: Doer,
    note: str = "",
    version: int | None = None,
    at: datetime | None = None,
    spare: Collection[str] = (),
) -> Report:
    """Bring a report before the agency's head; without an agency before the coordinators, in confidence the inspectors.

    `spare` are e-mail addresses that get no message of their own, because the morning letter tells them.
    """
    with Deed("escalate", report=report, by=by, version=version, at=at) as deed:
        deed.report.escalated_at = deed.at
        deed.note = note
    notice = Notice(
        "escalated",
        gettext_lazy("Laporan %(code)s perlu perhatian atasan"),
        note or gettext_lazy("Laporan ini lewat tenggat %(day)s dan belum selesai."),
        day=report.due_on,
    )
    if report.agency_id:
        notices.tell_agency(report, notice, roles=[Membership.Role.SUPERVISOR], spare=spare)
    else:
        notices.tell_role(report, notice, Membership.Role.COORDINATOR, spare=spare)
    return report


@transaction.atomic
def close(
    *, report: Report, by: Doer, cause: str = "", note: str = "", version: int | None = None, at: datetime | None = None
) -> Report:
    """Finish an answered report. `cause` is the code of what made the trouble, for the yearly look at causes."""
    with Deed("close", report=report, by=by, version=version, at=at) as deed:
        finish(deed, cause=cause)
        deed.note = note
    return report


def finish(deed: Deed, *, cause: str = "") -> None:
    """Close inside another deed."""
    deed.report.closed_at = deed.at
    deed.report.closing_cause = cause or deed.report.closing_cause
    deed.target = Status.CLOSED
    deed.clocks.meet(Clock.REPLY)
    deed.clocks.void_all()
