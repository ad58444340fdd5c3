"""A picture that came with a message becomes a photo of the report to which the message belongs."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kanal.channels.models import InboundFile
from kanal.common.refusal import Refused
from kanal.reports.actions.attachments import MOST, attach, picture_in
from kanal.reports.actions.deed import Deed
from kanal.reports.models import Report
from kanal.reports.policy import Doer
from kanal.reports.queries.messages import report_of


@transaction.atomic
def adopt_photo(*, file: InboundFile, report: Report, inside: bool, by: Doer, at: datetime | None = None) -> Report:
    """Take a picture over as a photo of the report; `inside` for the staff of the case alone.

    Raises Refused for a picture of a message that is not the report's or that cannot be shown, for one too many, and
    for one that is there already (`code` "repeated").
    """
    photo = picture_in(file)
    with Deed("adopt_photo", report=report, by=by, at=at) as deed:
        if report_of(file.inbound) != deed.report or photo is None:
            raise Refused(_("Berkas itu tidak bisa dibuka."), status=404, code="hidden")
        if deed.report.attachments.filter(sha256=photo.sha256).exists():
            raise Refused(_("Foto itu sudah menjadi lampiran laporan ini."), code="repeated")
        if deed.report.attachments.count() >= 2 * MOST:
            raise Refused(_("Sudah terlalu banyak foto pada laporan ini."))
        attach(report=deed.report, photos=[photo], inside=inside)
        deed.report.has_photo = deed.report.has_photo or not inside
        deed.data = {"message": file.inbound_id, "file": file.pk, "inside": inside}
    return report
