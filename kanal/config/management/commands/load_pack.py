from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from kanal.agencies.pack_files import PackError, known_packs
from kanal.agencies.queries import reference
from kanal.dialogue.actions.packs import load_regency

WORDS = {
    "regions.csv": "wilayah",
    "agencies.csv": "perangkat daerah",
    "allowances.csv": "batas waktu",
    "holidays.csv": "hari libur daerah",
    "categories.csv": "kategori",
    "routing_rules.csv": "aturan disposisi",
    "canned_answers.csv": "jawaban baku",
    "closing_causes.csv": "penyebab",
    "archive_reasons.csv": "alasan mengarsipkan",
    "return_reasons.csv": "alasan mengembalikan",
    "feedback_reasons.csv": "alasan nilai",
    "programmes.csv": "acara dialog",
}
EDITED_BY_PEOPLE = {"routing_rules.csv", "canned_answers.csv", "programmes.csv"}


class Command(BaseCommand):
    help = (
        "Loads a regency pack: places, agencies, allowances, categories, rules, reasons. Loading it again renews the "
        "facts and leaves alone what people changed."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help=f"one of: {', '.join(known_packs())}")

    def handle(self, *, name: str, **_options: Any) -> None:
        try:
            counts = load_regency(name)
        except PackError as error:
            raise CommandError(f"{error} Tidak ada yang diubah. (Nothing was loaded.)") from error
        except (ValueError, DatabaseError) as error:
            raise CommandError(
                f"Paket {name} tidak bisa dimuat: {str(error).strip()} Tidak ada yang diubah. "
                "Bila basis data belum disiapkan: kanal migrate. (Nothing was loaded.)"
            ) from error
        self.stdout.write(f"Paket {name} termuat: {reference().regency.name}.")
        for file, count in counts.items():
            if count or file not in EDITED_BY_PEOPLE:
                self.stdout.write(f"  {count:>5}  {WORDS[file]}")
            else:
                self.stdout.write(f"      -  {WORDS[file]}: dibiarkan seperti yang sudah ada di sini")
