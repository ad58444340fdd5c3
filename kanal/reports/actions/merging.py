"""Several reports about one matter become one, and several again."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.common.refusal import Refused
from kanal.reports import policy
from kanal.reports.actions import notices
from kanal.reports.actions.deed import Deed
from kanal.reports.actions.disposition import SHOWN, was_shown
from kanal.reports.actions.notices import Notice
from kanal.reports.models import Follower, Report, ReportEvent
from kanal.reports.policy import Doer
from kanal.reports.workflow import Clock, Kind, Status


@transaction.atomic
def merge(
    *, report: Report, into: Report, by: Doer, note: str = "", version: int | None = None, at: datetime | None = None
) -> Report:
    """Join a report with the main report about the same matter. Everybody who followed it follows the main report.

    Raises Refused when the main report is itself merged or put away, is the same report, is hidden from the doer, or
    when one of the two is whistle-blowing and the other not: a secret must not surface through its neighbour.
    """
    # Both in one order: two people who merge two reports crosswise must not wait for one another.
    list(Report.objects.select_for_update().filter(pk__in=[report.pk, into.pk]).order_by("pk").values("pk"))
    with Deed("merge", report=report, by=by, version=version, at=at) as deed:
        main = _main_report(deed.report, into, by)
        deed.report.merged_into = main
        deed.report.closed_at = deed.at
        deed.note, deed.data = note, {"into": main.tracking_code, SHOWN: deed.report.published}
        deed.report.published = False
        deed.clocks.void_all()
        _move_followers(deed.report, main)
        Report.objects.filter(merged_into=deed.report).update(merged_into=main)
        _count_voice(main)
        ReportEvent.objects.create(
            report=main,
            verb="merged_here",
            at=deed.at,
            by=by.by,
            user_id=by.user_id,
            data={"from": deed.report.tracking_code},
        )
    notice = Notice(
        "merged",
        gettext_lazy("Laporan %(code)s digabung"),
        gettext_lazy(
            "Sudah ada laporan lain tentang hal yang sama. Laporan Anda digabung dengan %(main)s; "
            "Anda tetap dikabari sampai selesai."
        ),
        main=into.tracking_code,
    )
    notices.tell_followers(report, notice, public=False)
    return report


def _main_report(report: Report, into: Report, by: Doer) -> Report:
    main = Report.objects.select_for_update().get(pk=into.pk)
    if main.pk == report.pk:
        raise Refused(_("Laporan tidak bisa digabung dengan dirinya sendiri."))
    if not policy.capacities(by, main):
        raise Refused(_("Laporan itu tidak ditemukan. Periksa kodenya."), status=404, code="hidden")
    if main.status in {Status.MERGED, Status.ARCHIVED}:
        raise Refused(
            _("%(code)s sudah digabung atau diarsipkan. Pilih laporan utamanya.") % {"code": main.tracking_code}
        )
    if (main.kind == Kind.WHISTLEBLOWING) != (report.kind == Kind.WHISTLEBLOWING) or (
        report.secret and not main.secret
    ):
        raise Refused(_("Laporan rahasia tidak bisa digabung dengan laporan terbuka."))
    return main


def _move_followers(report: Report, main: Report) -> None:
    """The merged report's people keep their own report's link and hear of the main one too."""
    rows = Follower.objects.filter(report=report, confirmed_at__isnull=False)
    Follower.objects.bulk_create(
        [
            Follower(report=main, address_id=row.address_id, reporter=False, confirmed_at=row.confirmed_at)
            for row in rows
        ],
        ignore_conflicts=True,
    )


def _count_voice(main: Report) -> None:
    main.supporters_count += 1
    main.save(update_fields=["supporters_count", "changed_at"])


@transaction.atomic
def unmerge(
    *, report: Report, by: Doer, note: str = "", version: int | None = None, at: datetime | None = None
) -> Report:
    """Undo a merge: the report stands for itself again, where it stood before, with fresh clocks."""
    with Deed("unmerge", report=report, by=by, version=version, at=at) as deed:
        subject = deed.report
        main = subject.merged_into
        subject.merged_into = None
        subject.closed_at = None
        deed.target = Status.ASSIGNED if subject.agency_id else Status.RECEIVED
        subject.status = deed.target
        subject.published = was_shown(subject, "merge")
        deed.clocks.open(Clock.FOLLOW_UP if subject.agency_id else Clock.VERIFY, agency_id=subject.agency_id)
        deed.clocks.open(Clock.SETTLE)
        deed.note, deed.data = note, {"from": main.tracking_code if main else ""}
        if main:
            Report.objects.filter(pk=main.pk, supporters_count__gt=0).update(supporters_count=F("supporters_count") - 1)
    return report
