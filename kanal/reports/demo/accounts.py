"""The people of the demonstration, one for each role. Never made in production."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from kanal.agencies.actions import enrol
from kanal.agencies.models import Agency, Membership
from kanal.common.refusal import Refused

PASSWORD = "contoh-kanal-2026"  # noqa: S105  # printed on the demo's sign-in page, and refused in production
AGENCY = "pu-bina-marga"
Role = Membership.Role


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account to try Kanal with."""

    email: str
    name: str
    role: str
    agency_code: str = ""

    @property
    def word(self) -> str:
        """What they are, for people."""
        return str(Role(self.role).label)


ACCOUNTS = (
    DemoAccount("koordinator@contoh.go.id", "Kun Hidayat", Role.COORDINATOR),
    DemoAccount("petugas@contoh.go.id", "Oki Prasetyo", Role.OFFICER, AGENCY),
    DemoAccount("atasan@contoh.go.id", "Heni Wulandari", Role.SUPERVISOR, AGENCY),
    DemoAccount("pimpinan@contoh.go.id", "Laras Kusuma", Role.LEADER),
    DemoAccount("inspektorat@contoh.go.id", "Ida Rahmawati", Role.INSPECTOR),
    DemoAccount("admin@contoh.go.id", "Agus Salim", Role.ADMINISTRATOR),
)


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
    for account in ACCOUNTS:
        agency = Agency.objects.filter(code=account.agency_code).first() if account.agency_code else None
        if account.agency_code and agency is None:
            raise LookupError(_("Perangkat daerah %(code)s belum ada.") % {"code": account.agency_code})
        user = enrol(email=account.email, name=account.name, role=account.role, agency=agency, password=PASSWORD)
        made[account.role, agency.pk if agency else None] = user.pk
    return made
