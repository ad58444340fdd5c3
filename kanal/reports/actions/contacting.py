from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kanal.channels.actions import add_address, address_for, hash_of
from kanal.channels.models import Medium
from kanal.common.refusal import Refused
from kanal.reports.actions.deed import Deed
from kanal.reports.actions.intake import keep_informed
from kanal.reports.models import Follower, Report
from kanal.reports.policy import REPORTER


@transaction.atomic
def add_contact(
    *, report: Report, email: str = "", phone: str = "", name: str = "", at: datetime | None = None
) -> Report:
    """The reporter leaves a way to be told after all; from now on every notice of this report goes there too.

    Handles are in their normal form (kanal.channels.actions.hash_of). Raises Refused when both are empty, or
    when the reporter is told there already (`code` "repeated").
    """
    wanted = [(medium, handle) for medium, handle in ((Medium.EMAIL, email), (Medium.PHONE, phone)) if handle]
    if not wanted:
        raise Refused(_("Isi e-mail atau nomor HP, salah satu cukup."), status=400)
    with Deed("add_contact", report=report, by=REPORTER, at=at) as deed:
        if all(_reached(deed.report, medium, handle) for medium, handle in wanted):
            raise Refused(_("Sudah kami terima."), code="repeated")
        subject, addresses = deed.report, []
        for medium, handle in wanted:
            if subject.contact is None:
                addresses.append(address_for(medium=medium, handle=handle, name=name))
                subject.contact = addresses[0].contact
            else:
                addresses.append(add_address(contact=subject.contact, medium=medium, handle=handle))
        keep_informed(subject, addresses)
        deed.data = {"media": [address.medium for address in addresses]}
    return report


def _reached(report: Report, medium: str, handle: str) -> bool:
    """Whether the reporter is told there already."""
    known = Follower.objects.filter(report=report, reporter=True, address__medium=medium)
    return known.filter(address__handle_hash=hash_of(medium, handle)).exists()
