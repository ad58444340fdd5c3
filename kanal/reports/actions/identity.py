from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.agencies.queries import Actor
from kanal.channels.models import Contact
from kanal.common.refusal import Refused
from kanal.reports.actions import notices
from kanal.reports.actions.deed import Deed
from kanal.reports.actions.notices import Notice
from kanal.reports.models import ContactDeed, Report, ReportEvent
from kanal.reports.policy import Doer, Role
from kanal.reports.queries.person import addresses_seen, missing, reports_seen, sees_contact


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
        _tell_inspectorate(report, by, reason)


def _tell_inspectorate(report: Report, by: Doer, reason: str, key: str = "") -> None:
    notice = Notice(
        "identity_opened",
        gettext_lazy("Identitas pelapor %(code)s dibuka"),
        gettext_lazy("%(name)s membuka identitas pelapor yang dilindungi. Alasan: %(reason)s"),
        name=by.actor.name,
        reason=reason,
    )
    notices.tell_role(report, notice, Role.INSPECTOR, key=key)


def identity_of(report: Report, actor: Actor) -> Identity:
    """The reporter in clear. Callers have just called `open_identity`, or hold a grant of the last 15 minutes.

    Addresses that only reports hidden from this person know stay hidden.
    """
    if report.contact is None:
        return Identity("", ())
    seen = addresses_seen(actor, [report.contact.pk])
    return Identity(report.contact.name, tuple((a.get_medium_display(), a.handle) for a in seen if a.handle))


@transaction.atomic
def open_contact(*, contact: Contact, by: Doer, reason: str, at: datetime | None = None) -> None:
    """Note that somebody opens a contact: on the contact, and on every report of theirs that the person may open.

    The Inspektorat is told once when one of them asked for protection. Raises Refused without a reason, and for a
    contact that does not exist for this person.
    """
    if not sees_contact(by.actor, contact.pk):
        raise missing()
    if not reason.strip():
        raise Refused(_("Tulis alasan membuka identitas."), status=400)
    at = at or timezone.now()
    reports = list(reports_seen(by.actor).filter(contact=contact).order_by("-received_at"))
    ContactDeed.objects.create(
        verb=ContactDeed.Verb.OPENED,
        contact=contact,
        user_id=by.user_id,
        reason=reason,
        at=at,
        in_confidence=by.actor.has(Role.INSPECTOR) and not by.actor.has(Role.COORDINATOR),
    )
    ReportEvent.objects.bulk_create(
        ReportEvent(
            report=report,
            verb="open_identity",
            at=at,
            by=by.by,
            user_id=by.user_id,
            note=reason,
            data={"anonymous": report.anonymous, "secret": report.secret},
        )
        for report in reports
    )
    protected = next((report for report in reports if report.anonymous or report.secret), None)
    if protected:
        _tell_inspectorate(protected, by, reason, key=f"orang-{contact.pk}-{int(at.timestamp())}")
