"""What `kanal check-deploy` looks at. Each look gives findings: what is wrong, how bad, and what to do about it."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from kanal.agencies.models import Membership, Regency, Region, User
from kanal.agencies.queries import reference
from kanal.channels.models import Contact, Outbound
from kanal.common import calendar_words
from kanal.common.actions import failed_tasks, workers_alive
from kanal.common.secrets import cipher
from kanal.config.security_txt import contact_uri, contacts
from kanal.reports.demo.accounts import ACCOUNTS
from kanal.reports.models import Category, Report

SECRETS = ("KANAL_SECRET_KEY", "KANAL_SALT_KEY", "KANAL_LOOKUP_KEY")
SHORTEST_SECRET = 32
LITTLE_SPACE, TOO_LITTLE_SPACE = 2 << 30, 200 << 20
"""Bytes free on the disk of the data folder: below the first it is said, below the second it is an error."""


class Level(StrEnum):
    """How bad a finding is."""

    GOOD = "baik"
    HINT = "perhatian"
    WRONG = "salah"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `remedy` says what to do; it is empty for what is good."""

    level: Level
    what: str
    remedy: str = ""


def _good(what: str) -> Finding:
    return Finding(Level.GOOD, what)


def _hint(what: str, remedy: str) -> Finding:
    return Finding(Level.HINT, what, remedy)


def _wrong(what: str, remedy: str) -> Finding:
    return Finding(Level.WRONG, what, remedy)


def production() -> Iterator[Finding]:
    """The switch that makes cookies safe, HTTPS a must and a second factor mandatory; and no debugging."""
    if settings.PRODUCTION:
        yield _good("Mode produksi menyala.")
    else:
        yield _wrong("Mode produksi mati: kuki, HTTPS dan pengaman kedua tidak dipaksakan.", "Isi KANAL_PRODUCTION=1.")
    if settings.DEBUG:
        yield _wrong("Mode debug menyala dan memperlihatkan isi program kepada siapa saja.", "Hapus KANAL_DEBUG.")
    if not settings.SECOND_FACTOR_REQUIRED:
        yield _wrong("Petugas tidak wajib memakai pengaman kedua.", "Hapus KANAL_SECOND_FACTOR atau isi 1.")


def django_checks() -> Iterator[Finding]:
    """Django's own deployment checks."""
    for found in checks.run_checks(include_deployment_checks=True):
        if not found.is_silenced():
            make = _wrong if found.is_serious(checks.ERROR) or str(found.id).startswith("security") else _hint
            yield make(f"{found.id}: {found.msg}", found.hint or "Lihat dokumentasi Django untuk kode itu.")


def secrets() -> Iterator[Finding]:
    """Keys come from the environment, are long enough and differ."""
    given = [name for name in SECRETS if os.environ.get(name) or os.environ.get(f"{name}_FILE")]
    for name in SECRETS:
        if name not in given:
            yield _wrong(
                f"{name} tidak datang dari lingkungan; kuncinya tergeletak di folder data.",
                "Buat kunci, simpan di tempat aman, berikan lewat lingkungan (docs/operate.md).",
            )
    values = (settings.SECRET_KEY, settings.SALT_KEY[0], settings.LOOKUP_KEY)
    if min(map(len, values)) < SHORTEST_SECRET:
        yield _wrong(f"Ada kunci yang lebih pendek dari {SHORTEST_SECRET} karakter.", "Buat kunci baru yang panjang.")
    if len(set(values)) < len(values):
        yield _wrong("Ada kunci yang sama.", "Buat tiga kunci yang berbeda.")
    if len(given) == len(SECRETS):
        yield _good("Ketiga kunci datang dari lingkungan.")


def canary() -> Iterator[Finding]:
    """What was encrypted before can be opened with the keys of now."""
    if cipher().decrypt(cipher().encrypt(b"kanal")) != b"kanal":
        yield _wrong("Enkripsi tidak bekerja.", "Periksa kunci.")
    try:
        Contact.objects.exclude(name="").order_by("pk").first()
        Report.objects.order_by("pk").first()
        Report.objects.order_by("-pk").first()
    except InvalidToken:
        yield _wrong(
            "Data lama tidak terbuka dengan kunci yang ada.",
            "Kembalikan kunci lama lewat KANAL_SECRET_KEY_FALLBACKS atau KANAL_SALT_KEY_FALLBACKS.",
        )
    else:
        yield _good("Data terenkripsi terbuka dengan kunci yang ada.")


def addresses() -> Iterator[Finding]:
    """The names under which the site is reached."""
    local = {"localhost", "127.0.0.1", "[::1]", "testserver"}
    if "*" in settings.ALLOWED_HOSTS:
        yield _wrong("KANAL_ALLOWED_HOSTS menerima nama apa saja.", "Sebut nama situs yang sebenarnya.")
    elif not set(settings.ALLOWED_HOSTS) - local:
        yield _wrong("KANAL_ALLOWED_HOSTS belum menyebut nama situs.", "Isi nama situs, misalnya kanal.contoh.go.id.")
    if not settings.BASE_URL.startswith("https://"):
        yield _wrong(f"KANAL_BASE_URL ({settings.BASE_URL}) bukan https.", "Tautan dalam pesan harus https.")


def mail() -> Iterator[Finding]:
    """Messages leave the house."""
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        yield _wrong(
            "E-mail tidak dikirim ke mana pun.",
            "Isi KANAL_EMAIL_BACKEND=django.core.mail.backends.smtp.EmailBackend dan server suratnya.",
        )
    if "localhost" in settings.DEFAULT_FROM_EMAIL:
        yield _wrong("Alamat pengirim e-mail masih contoh.", "Isi KANAL_EMAIL_FROM.")
    failed = Outbound.objects.filter(state=Outbound.State.FAILED).count()
    if failed:
        yield _hint(f"{failed} pesan gagal terkirim.", "Lihat /meja/kiriman/ dan kirim ulang.")


def database() -> Iterator[Finding]:
    """The tables are those of this version."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        yield _wrong(f"{len(waiting)} langkah migrasi belum dijalankan.", "Jalankan kanal migrate.")
    else:
        yield _good(f"Basis data {connection.vendor} sesuai dengan versi ini.")


def worker() -> Iterator[Finding]:
    """Somebody does the background work."""
    alive = workers_alive()
    if alive:
        memory = max(int(str(facts.get("rss", 0))) for facts in alive.values()) >> 20
        yield _good(f"{len(alive)} pekerja berjalan, paling besar {memory} MB.")
    else:
        yield _wrong("Tidak ada pekerja yang berjalan: pesan dan tenggat diam.", "Nyalakan kanal worker.")
    if failed := failed_tasks():
        yield _hint(f"{failed} pekerjaan latar gagal.", "Lihat sebabnya di catatan pekerja (journalctl).")


def calendar() -> Iterator[Finding]:
    """Holidays are known for this year and the next."""
    facts = reference()
    year = facts.today().year
    for number in (year, year + 1):
        if warning := calendar_words.warning(facts.calendar, number):
            yield _hint(warning, "Tambahkan tanggal resminya di admin: Hari libur daerah.")
        else:
            yield _good(f"Hari libur {number} diketahui.")


def regency() -> Iterator[Finding]:
    """Places, outlines and people are there."""
    load = f"Jalankan kanal load-pack {settings.CANONICAL_PACK} (paket lain: ganti namanya)."
    if not Regency.objects.exists() or not Region.objects.exists():
        yield _wrong("Data daerah belum dimuat.", load)
    elif not Category.objects.exists():
        yield _wrong("Kategori dan alasan baku belum dimuat.", load)
    else:
        yield from _outlines()
    yield from _people()


def _outlines() -> Iterator[Finding]:
    if not Region.objects.exclude(boundary=None).exists():
        yield _hint("Batas wilayah belum ada; peta memakai titik tengah.", "kanal import-boundaries BERKAS.geojson")
    if not settings.TILE_URL:
        yield _hint("Tidak ada peta dasar.", "Boleh begitu; bila perlu isi KANAL_TILE_URL.")


def _people() -> Iterator[Finding]:
    for role in (Membership.Role.COORDINATOR, Membership.Role.ADMINISTRATOR):
        if not Membership.objects.filter(role=role, user__is_active=True).exists():
            command = f'kanal enrol nama@instansi.go.id --name "Nama Lengkap" --role {role.value}'
            yield _wrong(f"Belum ada {role.label}.", f"Jalankan {command}")
    demo = User.objects.filter(email__in=[account.email for account in ACCOUNTS], is_active=True).count()
    if demo and settings.PRODUCTION:
        yield _wrong(f"{demo} akun contoh dengan kata sandi yang tercetak masih aktif.", "Hapus akun @contoh.go.id.")


def security_contact() -> Iterator[Finding]:
    """Whoever finds a weakness is told whom to write to."""
    if wrong := [text for text in settings.SECURITY_CONTACT if contact_uri(text) is None]:
        yield _wrong(
            f"KANAL_SECURITY_CONTACT tidak dapat dipakai: {', '.join(wrong)}",
            "Isi alamat e-mail, atau alamat yang dimulai dengan https://, mailto: atau tel:.",
        )
    if contacts():
        yield _good("Alamat untuk laporan celah keamanan ada (/.well-known/security.txt).")
    else:
        yield _hint(
            "Penemu celah keamanan tidak tahu harus menulis ke mana; /.well-known/security.txt dijawab 404.",
            "Isi KANAL_SECURITY_CONTACT, atau e-mail kabupaten di admin: Kabupaten.",
        )


def disk() -> Iterator[Finding]:
    """There is room for photos, and the static files were collected."""
    folder = Path(settings.DATA_DIR)
    free = shutil.disk_usage(folder if folder.exists() else folder.parent).free
    if free < TOO_LITTLE_SPACE:
        yield _wrong(f"Sisa ruang disk {free >> 20} MB.", "Kosongkan disk; laporan akan ditolak bila penuh.")
    elif free < LITTLE_SPACE:
        yield _hint(f"Sisa ruang disk {free >> 20} MB.", "Siapkan ruang lebih.")
    else:
        yield _good(f"Sisa ruang disk {free >> 30} GB.")
    if settings.PRODUCTION and not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        yield _wrong("Berkas statis belum dikumpulkan.", "Jalankan kanal collectstatic --noinput.")


LOOKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    *(production, django_checks, secrets, addresses, mail, database, canary, worker, calendar, regency),
    *(security_contact, disk),
)


def inspect() -> Iterator[Finding]:
    """Every finding of every look. A look that the database refuses is a finding, not the end."""
    for look in LOOKS:
        try:
            yield from look()
        except DatabaseError as fault:
            yield _wrong(f"Basis data menolak ({str(fault).strip()}).", "Periksa KANAL_DATABASE_URL dan kanal migrate.")
