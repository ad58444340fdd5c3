from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kanal.common.text import one_line
from kanal.reports.open311.actions import issue_key

LONGEST_NAME = 120


class Command(BaseCommand):
    help = "Makes an Open311 API key for a program. The key is shown once and kept only as a hash."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="the program, as staff will read it")
        parser.add_argument("--contact", default="", help="who answers for it: name, e-mail, telephone")
        parser.add_argument("--batch", action="store_true", help="give codes only after a coordinator's first look")
        parser.add_argument("--renew", action="store_true", help="replace the key of a known program")

    def handle(self, *, name: str, contact: str, batch: bool, renew: bool, **_options: Any) -> None:
        name = one_line(name)
        if not 0 < len(name) <= LONGEST_NAME:
            raise CommandError(f"Nama aplikasi 1 sampai {LONGEST_NAME} huruf.")
        try:
            key = issue_key(name=name, contact=one_line(contact)[:200], batch=batch, renew=renew)
        except ValueError:
            way = "belum ada. Hilangkan --renew" if renew else "sudah ada. Untuk mengganti kuncinya tambahkan --renew"
            raise CommandError(f"Aplikasi “{name}” {way}.") from None
        self.stdout.write(f"Kunci untuk “{name}”, hanya ditampilkan sekali ini:")
        self.stdout.write(key)
