"""Finished reports that their reporter wants opened again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.common.refusal import Refused
from kanal.reports.actions import notices
from kanal.reports.actions.deed import Deed
from kanal.reports.actions.disposition import was_shown
from kanal.reports.actions.notices import Notice
from kanal.reports.models import Report
from kanal.reports.policy import Doer
from kanal.reports.workflow import Clock, Kind, Status


@transaction.atomic
def reopen(
    *, report: Report, by: Doer, note: str = "", version: int | None = None, at: datetime | None = None
) -> Report:
    """Open a finished report again, with new clocks; one without an agency goes to the coordinator's queue."""
    with Deed("reopen", report=report, by=by, version=version, at=at) as deed:
        subject = deed.report
        if subject.status == Status.ARCHIVED:
            subject.published = was_shown(subject, "archive")
        subject.reopen_asked_at = subject.closed_at = None
        subject.archive_reason = subject.closing_cause = ""
        if not subject.agency_id and subject.kind != Kind.WHISTLEBLOWING:
            deed.target = Status.RECEIVED
        subject.status = deed.target or subject.status
        deed.clocks.void(Clock.REPLY)
        deed.clocks.open(Clock.FOLLOW_UP if subject.agency_id else Clock.VERIFY, agency_id=subject.agency_id)
        deed.clocks.open(Clock.SETTLE)
        deed.note = note
    notice = Notice(
        "reopened",
        gettext_lazy("Laporan %(code)s dibuka lagi"),
        gettext_lazy("Laporan Anda dibuka lagi. Paling lambat ditangani %(day)s."),
        day=report.due_on,
    )
    notices.tell_followers(report, notice)
    return report


@transaction.atomic
def decline_reopen(
    *, report: Report, by: Doer, note: str, version: int | None = None, at: datetime | None = None
) -> Report:
    """Leave a report finished although its reporter asked to open it; `note` is the reason, told to the reporter.

    Raises Refused when nobody asked or no reason is given.
    """
    if not note.strip():
        raise Refused(_("Tulis alasannya: kalimat ini dikirim kepada pelapor."), status=400)
    with Deed("decline_reopen", report=report, by=by, version=version, at=at) as deed:
        if deed.report.reopen_asked_at is None:
            raise Refused(_("Tidak ada permintaan membuka lagi laporan ini."))
        deed.report.reopen_asked_at = None
        deed.note = note
    notice = Notice("reopen_declined", gettext_lazy("Laporan %(code)s tetap selesai"), note)
    notices.tell_followers(report, notice, public=False)
    return report
