from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.agencies.models import Membership
from kanal.common.refusal import Refused
from kanal.reports.actions import notices
from kanal.reports.actions.deed import Deed
from kanal.reports.actions.notices import Notice
from kanal.reports.models import Report
from kanal.reports.policy import Doer


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the reporter is, in clear. Never kept in a template, a log or a session."""

    name: str
    handles: tuple[tuple[str, str], ...]


@transaction.atomic
def open_identity(*, report: Report, by: Doer, reason: str, at: datetime | None = None) -> None:
    """Note that somebody opens the identity, and tell the Inspektorat when the reporter asked for protection.

    Raises Refused without a reason, or for one who may not (nobody of the agency, when the reporter is anonymous).
    """
    if not reason.strip():
        raise Refused(_("Tulis alasan membuka identitas."), status=400)
    with Deed("open_identity", report=report, by=by, at=at) as deed:
        deed.note = reason
        deed.data = {"anonymous": deed.report.anonymous, "secret": deed.report.secret}
    if report.anonymous or report.secret:
        notice = Notice(
            "identity_opened",
            gettext_lazy("Identitas pelapor %(code)s dibuka"),
            gettext_lazy("%(name)s membuka identitas pelapor yang dilindungi. Alasan: %(reason)s"),
            name=by.actor.name,
            reason=reason,
        )
        notices.tell_role(report, notice, Membership.Role.INSPECTOR)


def identity_of(report: Report) -> Identity:
    """The reporter in clear. Callers have just called `open_identity`, or hold a grant of the last 15 minutes."""
    if report.contact is None:
        return Identity("", ())
    return Identity(
        report.contact.name, tuple((a.get_medium_display(), a.handle) for a in report.contact.addresses.all())
    )
