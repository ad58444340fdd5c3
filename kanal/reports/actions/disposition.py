"""Where a report goes: to an agency, back from one that it does not belong to, or into the archive."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.agencies.models import Agency, Membership
from kanal.agencies.queries import check_stands, reference
from kanal.common.refusal import Refused
from kanal.reports import policy
from kanal.reports.actions import notices
from kanal.reports.actions.deed import Deed
from kanal.reports.actions.notices import Notice
from kanal.reports.actions.sorting import reindex
from kanal.reports.models import Reason, Report
from kanal.reports.policy import Doer
from kanal.reports.queries import report_reference
from kanal.reports.workflow import Clock, Kind, Status

SHOWN = "shown"
"""In the line of history of what puts a report away: whether the public read it until then."""

BY_MACHINE = "by_machine"
"""In the line of history of a disposition that no person decided: how sure Kanal was."""


@transaction.atomic
def assign(
    *,
    report: Report,
    agency: Agency,
    by: Doer,
    note: str = "",
    publish: bool = True,
    category_id: int | None = None,
    version: int | None = None,
    why: str = "",
    chance: float | None = None,
    at: datetime | None = None,
) -> Report:
    """Hand a report to an agency (disposisi); this verifies it and, unless told otherwise, makes it public.

    `note` is for the agency alone; `why` says which rule or which judgement chose it; `category_id` sorts the report on
    the same occasion (None leaves what it has); `chance` is how sure Kanal was that handed it on by itself.
    Raises Refused for an agency that is no more, or one that has the report already, be it as what was merged into
    it; whistle-blowing for any but the Inspektorat.
    """
    check_stands(agency)
    with Deed("assign", report=report, by=by, version=version, at=at) as deed:
        subject = deed.report
        _refuse_unfit(subject, agency)
        first = subject.verified_at is None
        subject.agency, subject.officer, subject.returned_by = agency, None, None
        if first:
            subject.verified_at, subject.started_at = deed.at, None
            subject.published = publish and not subject.secret and subject.kind != Kind.WHISTLEBLOWING
        deed.clocks.resume_all()
        deed.clocks.meet(Clock.VERIFY)
        deed.clocks.void(Clock.INFO_WAIT, Clock.REPLY)
        deed.clocks.open(Clock.FOLLOW_UP, agency_id=agency.pk)
        deed.note, deed.data = note, _handed_to(agency, why, chance)
        sorted_anew = _sort(deed, category_id)
    if sorted_anew:
        reindex(report)
    _tell_of_assignment(report, agency)
    return report


def _handed_to(agency: Agency, why: str, chance: float | None) -> dict[str, object]:
    by_machine = {} if chance is None else {BY_MACHINE: round(chance, 4)}
    return {"agency": agency.pk, "agency_name": agency.name, "why": why, **by_machine}


def _refuse_unfit(report: Report, agency: Agency) -> None:
    policy.stay_in_confidence(report, agency)
    if reference().one_today(report.agency_id, agency.pk) and report.status != Status.RECEIVED:
        raise Refused(_("Laporan ini sudah di %(agency)s.") % {"agency": agency.short_name}, code="same_agency")


def _sort(deed: Deed, category_id: int | None) -> bool:
    """Whether the category is another one now."""
    before = deed.report.category_id
    if category_id in {None, before}:
        return False
    deed.data["category"] = {"before": before, "after": category_id}
    deed.report.category_id = category_id
    return True


def _tell_of_assignment(report: Report, agency: Agency) -> None:
    passed_on = Notice(
        "assigned",
        gettext_lazy("Laporan %(code)s diteruskan"),
        gettext_lazy("Laporan Anda sudah diteruskan ke %(agency)s. Paling lambat mulai ditangani %(day)s."),
        agency=agency.name,
        day=report.due_on,
    )
    notices.tell_followers(report, passed_on)
    new_case = Notice(
        "new_case",
        gettext_lazy("Laporan baru %(code)s, tenggat %(day)s"),
        gettext_lazy("Ada laporan baru untuk %(agency)s. Paling lambat mulai ditangani %(day)s."),
        agency=agency.name,
        day=report.due_on,
    )
    notices.tell_agency(report, new_case, roles=[Membership.Role.OFFICER])


@transaction.atomic
def return_(
    *, report: Report, by: Doer, reason: str, note: str = "", version: int | None = None, at: datetime | None = None
) -> Report:
    """Give a report back to the coordinator as not ours (bukan wewenang). The reason teaches routing.

    `reason` is the code of a standard reason. Raises Refused for an unknown one.
    """
    chosen = _reason(Reason.Use.RETURN, reason)
    with Deed("return_", report=report, by=by, version=version, at=at) as deed:
        subject = deed.report
        left = reference().id_today(subject.agency_id)
        deed.data = {"reason": chosen.code, "reason_name": chosen.name, "agency": left}
        deed.note = note
        subject.returned_by_id, subject.agency, subject.officer = left, None, None
        deed.clocks.resume_all()
        deed.clocks.void(Clock.FOLLOW_UP, Clock.INFO_WAIT)
        deed.clocks.open(Clock.VERIFY)
    notice = Notice(
        "returned",
        gettext_lazy("Laporan %(code)s dikembalikan"),
        gettext_lazy("%(agency)s mengembalikan laporan ini: %(reason)s."),
        agency=report.returned_by.name if report.returned_by else "",
        reason=chosen.name,
    )
    notices.tell_role(report, notice, Membership.Role.COORDINATOR)
    return report


@transaction.atomic
def recall(
    *, report: Report, by: Doer, note: str = "", version: int | None = None, at: datetime | None = None
) -> Report:
    """Take a report back from its agency before anybody there began: it waits for the coordinator again.

    It teaches routing like a return: that agency was wrong.
    """
    with Deed("recall", report=report, by=by, version=version, at=at) as deed:
        subject = deed.report
        agency = reference().agency_today(subject.agency_id)
        left = agency.id if agency else None
        deed.data = {"agency": left, "agency_name": agency.name if agency else ""}
        deed.note = note
        subject.agency, subject.officer = None, None
        deed.clocks.resume_all()
        deed.clocks.void(Clock.FOLLOW_UP, Clock.INFO_WAIT)
        deed.clocks.open(Clock.VERIFY)
    gone = Notice(
        "recalled",
        gettext_lazy("Laporan %(code)s ditarik kembali"),
        gettext_lazy("Koordinator menarik laporan ini kembali. Tidak ada yang perlu dikerjakan."),
    )
    notices.tell_agency(report, gone, roles=[Membership.Role.OFFICER], agency_id=left)
    return report


@transaction.atomic
def archive(
    *, report: Report, by: Doer, reason: str, note: str = "", version: int | None = None, at: datetime | None = None
) -> Report:
    """Put a report away unanswered, with a standard reason that the reporter is told kindly.

    Raises Refused for an unknown reason.
    """
    chosen = _reason(Reason.Use.ARCHIVE, reason)
    with Deed("archive", report=report, by=by, version=version, at=at) as deed:
        deed.report.archive_reason = chosen.code
        deed.report.closed_at = deed.at
        deed.note, deed.data = note, {"reason": chosen.code, "reason_name": chosen.name, SHOWN: deed.report.published}
        deed.report.published = False
        deed.clocks.void_all()
    notice = Notice(
        "archived",
        gettext_lazy("Laporan %(code)s tidak dilanjutkan"),
        chosen.sentence or gettext_lazy("Laporan Anda tidak dapat kami lanjutkan: %(reason)s."),
        reason=chosen.name,
    )
    notices.tell_followers(report, notice, public=False)
    return report


def was_shown(report: Report, verb: str) -> bool:
    """Whether the public could read the report before this verb put it away; one the reporter withdrew stays hidden."""
    last = report.events.filter(verb__in=["withdraw", verb]).order_by("-id").first()
    return bool(last and last.verb == verb and last.data.get(SHOWN)) and not report.secret


def _reason(use: str, code: str) -> Reason:
    found = report_reference().reasons.get((use, code))
    if found is None or not found.active:
        raise Refused(_("Pilih salah satu alasan dari daftar."), status=400, code="reason")
    return found
