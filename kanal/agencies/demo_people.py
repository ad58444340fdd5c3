"""The accounts of the demonstration, one for each role. They exist only where invented reports are shown."""

from dataclasses import dataclass

from django.conf import settings

from kanal.agencies.models import Membership, User

PASSWORD = "contoh-kanal-2026"  # noqa: S105  # printed on the demo's sign-in page, and refused in production
AGENCY = "pu-bina-marga"
Role = Membership.Role


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """An account to try Kanal with."""

    email: str
    name: str
    role: str
    agency_code: str = ""
    password: str = PASSWORD

    @property
    def word(self) -> str:
        """What they are, for people."""
        return str(Role(self.role).label)


PEOPLE = (
    DemoPerson("koordinator@contoh.go.id", "Kun Hidayat", Role.COORDINATOR),
    DemoPerson("petugas@contoh.go.id", "Oki Prasetyo", Role.OFFICER, AGENCY),
    DemoPerson("atasan@contoh.go.id", "Heni Wulandari", Role.SUPERVISOR, AGENCY),
    DemoPerson("pimpinan@contoh.go.id", "Laras Kusuma", Role.LEADER),
    DemoPerson("inspektorat@contoh.go.id", "Ida Rahmawati", Role.INSPECTOR),
    DemoPerson("admin@contoh.go.id", "Agus Salim", Role.ADMINISTRATOR),
    DemoPerson("penyiar@contoh.go.id", "Rina Anggraini", Role.ANNOUNCER),
)


def demo_accounts() -> list[DemoPerson]:
    """The demo's people as the sign-in page offers them: none in production, and only those who exist."""
    if not settings.DEMO or settings.PRODUCTION:
        return []
    there = set(
        User.objects.filter(email__in=[p.email for p in PEOPLE], is_active=True).values_list("email", flat=True)
    )
    return [person for person in PEOPLE if person.email in there]
