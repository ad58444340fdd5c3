from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import DatabaseError
from django.urls import reverse

from kanal.agencies.actions import enrol
from kanal.agencies.models import Agency, Membership, User
from kanal.agencies.queries import reference

Role = Membership.Role
IN_AN_AGENCY = {Role.OFFICER, Role.SUPERVISOR}
LONGEST_NAME = 120
_SHOWN = 12


class Command(BaseCommand):
    help = "Makes an account for a person of the government, or gives an existing one a name and one more role."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--name", required=True, help="full name, shown to colleagues")
        parser.add_argument("--role", required=True, help=", ".join(Role.values))
        parser.add_argument("--agency", default="", metavar="CODE", help="for an officer or a supervisor")

    def handle(self, *, email: str, name: str, role: str, agency: str, **_options: Any) -> None:
        try:
            self._enrol(_address(email), _full_name(name), _role(role), agency)
        except DatabaseError as error:
            raise CommandError(
                f"Basis data menolak ({str(error).strip()}). Sudah menjalankan kanal migrate?"
            ) from error

    def _enrol(self, email: str, name: str, role: Role, code: str) -> None:
        agency = _agency(role, code)
        known = User.objects.filter(email=email).first()
        if known and not known.is_active:
            raise CommandError(f"Akun {email} sudah ditutup. Bila memang perlu, aktifkan dulu di admin: Orang.")
        enrol(email=email, name=name, role=role, agency=agency)
        what = "sudah ada; nama dan perannya dipastikan" if known else "dibuat"
        self.stdout.write(f"Akun {email} {what}: {name}, {role.label}{f', {agency.name}' if agency else ''}.")
        self.stdout.write(
            f"Cara masuk: buka {settings.BASE_URL}{reverse('account_request_login_code')}, tulis alamat e-mail itu, "
            "lalu masukkan kode yang dikirim ke sana. Kata sandi tidak diperlukan."
        )
        if settings.SECOND_FACTOR_REQUIRED:
            self.stdout.write("Sesudah masuk pertama kali, halaman berikutnya membantu memasang pengaman kedua.")
        if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
            self.stdout.write(
                self.style.WARNING("E-mail belum dikirim (KANAL_EMAIL_BACKEND): kodenya hanya ada di catatan server.")
            )


def _address(text: str) -> str:
    email = text.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise CommandError(f"{text!r} bukan alamat e-mail. Contoh: nama@contoh.go.id") from error
    return email


def _full_name(text: str) -> str:
    name = " ".join(text.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise CommandError(f"Namanya harus 1 sampai {LONGEST_NAME} huruf.")
    return name


def _role(text: str) -> Role:
    if text not in Role.values:
        known = "\n".join(f"  {role.value:<14}{role.label}" for role in Role)
        raise CommandError(f"Peran {text!r} tidak dikenal. Pilih salah satu:\n{known}")
    return Role(text)


def _agency(role: Role, code: str) -> Agency | None:
    """The agency of an officer or a supervisor; every other role is held for the whole regency."""
    if role not in IN_AN_AGENCY:
        if code:
            raise CommandError(f"Peran {role.label} berlaku untuk seluruh kabupaten: hapus --agency.")
        return None
    if not code:
        raise CommandError(f"Peran {role.label} butuh perangkat daerah: tambahkan --agency KODE.")
    agency = Agency.objects.filter(code=code).first()
    now = reference().agency_today(agency.pk) if agency else None
    if now and now.active and now.code != code:
        raise CommandError(f"Perangkat daerah {code!r} sudah bergabung: pakai --agency {now.code}.")
    if agency is None or not agency.active:
        raise CommandError(f"Perangkat daerah {code!r} tidak ada.{_near(code)}")
    return agency


def _near(code: str) -> str:
    """Codes that the typed one may have meant, or where to look when there are none."""
    active = Agency.objects.filter(active=True)
    near = list(active.filter(code__startswith=code.partition("-")[0]).values_list("code", flat=True)[:_SHOWN])
    if near:
        return f" Maksudnya: {', '.join(near)}?"
    some = list(active.order_by("code").values_list("code", flat=True)[:_SHOWN])
    if not some:
        return f" Muat dulu data daerah: kanal load-pack {settings.CANONICAL_PACK}"
    return f" Misalnya: {', '.join(some)}, … (lengkapnya di admin: Perangkat daerah)."
