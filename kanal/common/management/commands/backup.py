from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress

from kanal.common.backups import archive
from kanal.common.backups.databases import BackupError


class Command(BaseCommand):
    help = "Writes database and photos into one file, while Kanal runs. The keys are NOT in it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the new file: …tar, …tar.gz or …tgz")

    def handle(self, *, file: Path, **_options: Any) -> None:
        if not file.name.endswith((".tar", ".tar.gz", ".tgz")):
            raise CommandError("Nama cadangan harus berakhir .tar, .tar.gz atau .tgz.")
        if not file.parent.is_dir():
            raise CommandError(f"Map {file.parent} tidak ada.")
        with progress_bar() as bar:
            try:
                manifest = archive.make(file.resolve(), step=steps(bar))
            except BackupError as error:
                raise CommandError(str(error)) from error
        self.stdout.write(f"{file}: basis data {manifest.engine} dan {manifest.photos} foto.")
        self.stdout.write(
            self.style.WARNING(
                "KUNCI TIDAK IKUT di cadangan ini. Simpan KANAL_SECRET_KEY, KANAL_SALT_KEY dan KANAL_LOOKUP_KEY "
                "(di luar produksi: berkas *.key di folder data) di tempat lain yang aman. Tanpa kunci itu, isi "
                "laporan dan nama pelapor tidak bisa dibuka lagi. "
                f"Sidik kunci: {manifest.writing_key} dan {manifest.lookup_key}. "
                "(The keys are NOT in this backup: keep them elsewhere; without them it cannot be read.)"
            )
        )


def progress_bar() -> Progress:
    """Bars with the time still needed, for a person; silent in a log."""
    console = Console(stderr=True)
    return Progress(console=console, transient=True, disable=not console.is_terminal)


def steps(bar: Progress) -> archive.Step:
    """Draw each named step as a line of its own, with the time it still needs."""
    lines: dict[str, Any] = {}

    def step(name: str, share: float) -> None:
        if name not in lines:
            lines[name] = bar.add_task(name, total=1.0)
        bar.update(lines[name], completed=share)

    return step
