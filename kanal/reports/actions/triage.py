"""What the coordinator (for whistle-blowing: the Inspektorat) decides: where a report goes, or that it goes nowhere."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from kanal.agencies.models import Agency, Membership
from kanal.agencies.queries import reference
from kanal.common import formats
from kanal.common.refusal import Refused
from kanal.reports import policy
from kanal.reports.actions import indexing, notices
from kanal.reports.actions.deed import Deed
from kanal.reports.models import Follower, Reason, Report, ReportEvent
from kanal.reports.policy import Doer
from kanal.reports.queries import report_reference
from kanal.reports.workflow import Clock, Kind, Status

SHOWN = "shown"
"""In the line of history of what puts a report away: whether the public read it until then."""


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
    at: datetime | None = None,
) -> Report:
    """Hand a report to an agency (disposisi); this verifies it and, unless told otherwise, makes it public.

    `note` is for the agency alone; `why` says which rule or which judgement chose it; `category_id` sorts the report on
    the same occasion (None leaves what it has).
    Raises Refused for an agency that is no longer active, or one that has the report already; whistle-blowing for any
    but the Inspektorat.
    """
    if not agency.active:
        raise Refused(_("%(agency)s sudah tidak aktif. Pilih perangkat daerah lain.") % {"agency": agency.name})
    with Deed("assign", report=report, by=by, version=version, at=at) as deed:
        subject = deed.report
        policy.stay_in_confidence(subject, agency)
        if subject.agency_id == agency.pk and subject.status != Status.RECEIVED:
            raise Refused(_("Laporan ini sudah di %(agency)s.") % {"agency": agency.short_name}, code="same_agency")
        first = subject.verified_at is None
        subject.agency, subject.officer, subject.returned_by = agency, None, None
        subject.verified_at = subject.verified_at or deed.at
        subject.started_at = None if first else subject.started_at
        if first:
            subject.published = publish and not subject.secret and subject.kind != Kind.WHISTLEBLOWING
        deed.clocks.resume_all()
        deed.clocks.meet(Clock.VERIFY)
        deed.clocks.void(Clock.INFO_WAIT, Clock.REPLY)
        deed.clocks.open(Clock.FOLLOW_UP, agency_id=agency.pk)
        deed.note, deed.data = note, {"agency": agency.pk, "agency_name": agency.name, "why": why}
        sorted_anew = category_id is not None and category_id != subject.category_id
        if sorted_anew:
            deed.data["category"] = {"before": subject.category_id, "after": category_id}
            subject.category_id = category_id
    if sorted_anew:
        reindex(report)
    _tell_of_assignment(report, agency)
    return report


def _was_shown(report: Report, verb: str) -> bool:
    """Whether the public could read the report before this verb put it away; one the reporter withdrew stays hidden."""
    last = report.events.filter(verb__in=["withdraw", verb]).order_by("-id").first()
    return bool(last and last.verb == verb and last.data.get(SHOWN)) and not report.secret


def _tell_of_assignment(report: Report, agency: Agency) -> None:
    due = formats.day(report.due_on)
    notices.tell_followers(
        report,
        purpose="assigned",
        subject=_("Laporan %(code)s diteruskan") % {"code": report.tracking_code},
        text=_("Laporan Anda sudah diteruskan ke %(agency)s. Paling lambat mulai ditangani %(day)s.")
        % {"agency": agency.name, "day": due},
    )
    notices.tell_agency(
        report,
        purpose="new_case",
        subject=_("Laporan baru %(code)s, tenggat %(day)s") % {"code": report.tracking_code, "day": due},
        text=_("Ada laporan baru untuk %(agency)s. Paling lambat mulai ditangani %(day)s.")
        % {"agency": agency.name, "day": due},
        roles=[Membership.Role.OFFICER],
    )


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
        deed.data = {"reason": chosen.code, "reason_name": chosen.name, "agency": subject.agency_id}
        deed.note = note
        subject.returned_by, subject.agency, subject.officer = subject.agency, None, None
        deed.clocks.resume_all()
        deed.clocks.void(Clock.FOLLOW_UP, Clock.INFO_WAIT)
        deed.clocks.open(Clock.VERIFY)
    notices.tell_role(
        report,
        Membership.Role.COORDINATOR,
        purpose="returned",
        subject=_("Laporan %(code)s dikembalikan") % {"code": report.tracking_code},
        text=_("%(agency)s mengembalikan laporan ini: %(reason)s.")
        % {"agency": report.returned_by.name if report.returned_by else "", "reason": chosen.name},
    )
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
    notices.tell_followers(
        report,
        purpose="archived",
        subject=_("Laporan %(code)s tidak dilanjutkan") % {"code": report.tracking_code},
        text=chosen.sentence or _("Laporan Anda tidak dapat kami lanjutkan: %(reason)s.") % {"reason": chosen.name},
        public=False,
    )
    return report


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
    notices.tell_followers(
        report,
        purpose="merged",
        subject=_("Laporan %(code)s digabung") % {"code": report.tracking_code},
        text=_(
            "Sudah ada laporan lain tentang hal yang sama. Laporan Anda digabung dengan %(main)s; "
            "Anda tetap dikabari sampai selesai."
        )
        % {"main": into.tracking_code},
        public=False,
    )
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
        subject.published = _was_shown(subject, "merge")
        deed.clocks.open(Clock.FOLLOW_UP if subject.agency_id else Clock.VERIFY, agency_id=subject.agency_id)
        deed.clocks.open(Clock.SETTLE)
        deed.note, deed.data = note, {"from": main.tracking_code if main else ""}
        if main:
            Report.objects.filter(pk=main.pk, supporters_count__gt=0).update(supporters_count=F("supporters_count") - 1)
    return report


@transaction.atomic
def reopen(
    *, report: Report, by: Doer, note: str = "", version: int | None = None, at: datetime | None = None
) -> Report:
    """Open a finished report again, with new clocks; one without an agency goes to the coordinator's queue."""
    with Deed("reopen", report=report, by=by, version=version, at=at) as deed:
        subject = deed.report
        if subject.status == Status.ARCHIVED:
            subject.published = _was_shown(subject, "archive")
        subject.reopen_asked_at = subject.closed_at = None
        subject.archive_reason = subject.closing_cause = ""
        if not subject.agency_id and subject.kind != Kind.WHISTLEBLOWING:
            deed.target = Status.RECEIVED
        subject.status = deed.target or subject.status
        deed.clocks.void(Clock.REPLY)
        deed.clocks.open(Clock.FOLLOW_UP if subject.agency_id else Clock.VERIFY, agency_id=subject.agency_id)
        deed.clocks.open(Clock.SETTLE)
        deed.note = note
    notices.tell_followers(
        report,
        purpose="reopened",
        subject=_("Laporan %(code)s dibuka lagi") % {"code": report.tracking_code},
        text=_("Laporan Anda dibuka lagi. Paling lambat ditangani %(day)s.") % {"day": formats.day(report.due_on)},
    )
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
    notices.tell_followers(
        report,
        purpose="reopen_declined",
        subject=_("Laporan %(code)s tetap selesai") % {"code": report.tracking_code},
        text=note,
        public=False,
    )
    return report


@transaction.atomic
def classify(
    *,
    report: Report,
    by: Doer,
    kind: Kind,
    supervision: bool,
    category_id: int | None,
    region_id: int | None,
    place_text: str,
    version: int | None = None,
    at: datetime | None = None,
) -> Report:
    """Correct what a report is and where. A changed kind changes how long settling may take, counted from the start.

    Whistle-blowing stays what it is and nothing else becomes it here: that would move a secret between desks.
    """
    with Deed("classify", report=report, by=by, version=version, at=at) as deed:
        subject = deed.report
        if Kind.WHISTLEBLOWING in {Kind(subject.kind), kind} and subject.kind != kind:
            raise Refused(_("Jenis laporan pengawasan tidak bisa diubah di sini."))
        before = {
            "kind": subject.kind,
            "category": subject.category_id,
            "region": subject.region_id,
            "place": subject.place_text,
        }
        subject.kind, subject.supervision = kind, supervision
        subject.category_id, subject.region_id, subject.place_text = category_id, region_id, place_text
        deed.clocks.retime(Clock.SETTLE)
        deed.data = {"before": before}
    reindex(report)
    return report


def reindex(report: Report) -> None:
    """Write the report's search words anew."""
    region = reference().regions.get(report.region_id or 0)
    category = report_reference().categories.get(report.category_id or 0)
    indexing.index(
        [(report.pk, indexing.words_of(report, region.place if region else "", category.name if category else ""))]
    )


@transaction.atomic
def edit_public_text(
    *,
    report: Report,
    by: Doer,
    title: str,
    public_body: str,
    published: bool,
    version: int | None = None,
    at: datetime | None = None,
) -> Report:
    """Set by hand what everybody may read. Raises Refused for publishing what is secret or was put away."""
    with Deed("edit_public_text", report=report, by=by, version=version, at=at) as deed:
        subject = deed.report
        if published and (subject.secret or subject.kind == Kind.WHISTLEBLOWING):
            raise Refused(_("Laporan rahasia tidak bisa ditampilkan untuk umum."))
        if published and subject.status in {Status.MERGED, Status.ARCHIVED}:
            raise Refused(_("Laporan yang digabung, dicabut, atau diarsipkan tidak tampil untuk umum. Buka lagi dulu."))
        deed.data = {"published": [subject.published, published], "title": subject.title}
        subject.title, subject.public_body, subject.published = title, public_body, published
    reindex(report)
    return report


@transaction.atomic
def flag_rapid(
    *, report: Report, by: Doer, reason: str, version: int | None = None, at: datetime | None = None
) -> Report:
    """Put a report above all others (Unit Reaksi Cepat) and tell its agency's people and the coordinators at once."""
    with Deed("flag_rapid", report=report, by=by, version=version, at=at) as deed:
        deed.report.urgency, deed.report.rapid_reason = 0, reason[:160] or _("ditandai petugas")
        deed.note = reason
    notice = {
        "subject": _("REAKSI CEPAT: laporan %(code)s") % {"code": report.tracking_code},
        "text": _("Perlu ditangani sekarang: %(reason)s.") % {"reason": report.rapid_reason},
    }
    notices.tell_agency(report, purpose="rapid", roles=[Membership.Role.OFFICER, Membership.Role.SUPERVISOR], **notice)
    notices.tell_role(report, Membership.Role.COORDINATOR, purpose="rapid", **notice)
    return report


def unflag_rapid(
    *, report: Report, by: Doer, note: str = "", version: int | None = None, at: datetime | None = None
) -> Report:
    """Take the rapid mark off again."""
    with Deed("unflag_rapid", report=report, by=by, version=version, at=at) as deed:
        deed.report.urgency, deed.report.rapid_reason = 1, ""
        deed.note = note
    return report


def _reason(use: str, code: str) -> Reason:
    found = report_reference().reasons.get((use, code))
    if found is None or not found.active:
        raise Refused(_("Pilih salah satu alasan dari daftar."), status=400, code="reason")
    return found
