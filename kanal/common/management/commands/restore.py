from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from kanal.common.backups import archive
from kanal.common.backups.databases import BackupError
from kanal.common.management.commands.backup import progress_bar, steps


class Command(BaseCommand):
    help = "Puts a backup in the place of this installation's database and photos. Stop server and worker first."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", action="store_true", help="even over data, or with other keys")

    def handle(self, *, file: Path, force: bool, **_options: Any) -> None:
        if not file.is_file():
            raise CommandError(f"Berkas {file} tidak ada.")
        if not force and (what := data_here()):
            raise CommandError(
                f"Di sini sudah ada {what}. Pemulihan akan menggantinya seluruhnya. Bila memang itu maksudnya: --force "
                "(This installation is not empty.)"
            )
        try:
            self._restore(file, force=force)
        except BackupError as error:
            raise CommandError(str(error)) from error

    def _restore(self, file: Path, *, force: bool) -> None:
        with progress_bar() as bar:
            step = steps(bar)
            with archive.opened(file.resolve(), step=step) as (manifest, folder):
                if found := archive.objections(manifest):
                    raise CommandError(" ".join(found))
                closed = archive.key_objections(manifest)
                if closed and not force:
                    raise CommandError(
                        " ".join(closed)
                        + " Pasang dulu kunci yang lama (kunci tidak ada di dalam cadangan), atau paksa "
                        "dengan --force. (The keys differ from those of the backup.)"
                    )
                archive.put_back(manifest, folder, step=step)
        self.stdout.write(f"Pulih dari {file}: keadaan {manifest.made_at}, {manifest.photos} foto.")
        for sentence in closed:
            self.stdout.write(self.style.WARNING(sentence))
        self.stdout.write("Jalankan sekarang: kanal migrate, lalu nyalakan server dan pekerja.")


def data_here() -> str:
    """What a restore would overwrite, in words; "" for an installation without reports, people or photos."""
    tables = set(connection.introspection.table_names())
    for table, word in (("reports_report", "laporan"), ("agencies_user", "akun")):
        if table in tables and _has_rows(table):
            return word
    media = Path(settings.MEDIA_ROOT)
    return "foto" if media.is_dir() and any(media.rglob("*.*")) else ""


def _has_rows(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608  # one of two fixed names
        return cursor.fetchone() is not None
