"""The people of the demonstration, one for each role. Never made in production."""

from django.conf import settings
from django.utils.translation import gettext as _

from kanal.agencies.actions import enrol
from kanal.agencies.demo_people import PASSWORD, PEOPLE
from kanal.agencies.models import Agency
from kanal.common.refusal import Refused

__all__ = ["ACCOUNTS", "PASSWORD", "demo_accounts", "refuse_in_production"]

ACCOUNTS = PEOPLE


def refuse_in_production() -> None:
    """Raise Refused where real citizens are served: invented reports and printed passwords have no place there."""
    if settings.PRODUCTION:
        raise Refused(
            _("Data contoh tidak dapat dibuat pada pemasangan yang sungguhan."), status=403, code="production"
        )


def demo_accounts() -> dict[tuple[str, int | None], int]:
    """Make the demo accounts, or find them, and return their keys by role and agency.

    Raises Refused in production, and LookupError when the pack lacks the demo's agency.
    """
    refuse_in_production()
    made = {}
    for account in PEOPLE:
        agency = Agency.objects.filter(code=account.agency_code).first() if account.agency_code else None
        if account.agency_code and agency is None:
            raise LookupError(_("Perangkat daerah %(code)s belum ada.") % {"code": account.agency_code})
        user = enrol(
            email=account.email, name=account.name, role=account.role, agency=agency, password=account.password
        )
        made[account.role, agency.pk if agency else None] = user.pk
    return made
