"""What a report is, what the public reads of it, and how much it presses."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kanal.agencies.queries import reference
from kanal.common.refusal import Refused
from kanal.reports.actions import indexing, notices
from kanal.reports.actions.deed import Deed
from kanal.reports.models import Report
from kanal.reports.policy import Doer
from kanal.reports.queries import report_reference
from kanal.reports.queries.fit_for_all import without_secrets
from kanal.reports.workflow import Clock, Kind, Status

MARKED = gettext_noop("ditandai petugas")
"""Why a report is rapid when nobody said why; kept with the report, so in Indonesian."""


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
        subject.title, subject.public_body = without_secrets(title, subject), without_secrets(public_body, subject)
        subject.published = published
    reindex(report)
    return report


@transaction.atomic
def flag_rapid(
    *, report: Report, by: Doer, reason: str, version: int | None = None, at: datetime | None = None
) -> Report:
    """Put a report above all others (Unit Reaksi Cepat) and tell its agency's people and the coordinators at once."""
    with Deed("flag_rapid", report=report, by=by, version=version, at=at) as deed:
        deed.report.urgency, deed.report.rapid_reason = 0, reason[:160] or MARKED
        deed.note = reason
    notices.call_unit(report, report.agency_id)
    return report


@transaction.atomic
def unflag_rapid(
    *, report: Report, by: Doer, note: str = "", version: int | None = None, at: datetime | None = None
) -> Report:
    """Take the rapid mark off again."""
    with Deed("unflag_rapid", report=report, by=by, version=version, at=at) as deed:
        deed.report.urgency, deed.report.rapid_reason = 1, ""
        deed.note = note
    return report
