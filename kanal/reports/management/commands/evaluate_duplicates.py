import csv
import json
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from kanal.reports.likeness import SAME, evaluate


class Command(BaseCommand):
    help = "States as JSON how well copies of one complaint are told from others, on the texts of a CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--input", type=Path, required=True, metavar="FILE")
        parser.add_argument("--text", required=True, metavar="COL", help="the column that holds the texts")
        parser.add_argument("--seed", type=int, default=1, help="of the edited copies that are added (default: 1)")

    def handle(self, *_args: Any, **options: Any) -> None:
        texts = self._texts(options["input"], options["text"])
        start = time.process_time()
        verdict = evaluate(texts, seed=options["seed"])
        result = {
            "texts": verdict.texts,
            "distinct": verdict.distinct,
            "edited_copies_added": verdict.edited,
            "seed": options["seed"],
            "threshold": SAME,
            "pairs_of_copies": verdict.pairs,
            "pairs_found": verdict.found,
            "recall": round(verdict.recall, 4),
            "precision": round(verdict.precision, 4),
            "seconds": round(time.process_time() - start, 1),
        }
        self.stdout.write(json.dumps(result, indent=1))

    def _texts(self, path: Path, column: str) -> list[str]:
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                rows = csv.DictReader(file)
                if column not in (rows.fieldnames or ()):
                    raise CommandError(_("Kolom “%(name)s” tidak ada dalam berkas itu.") % {"name": column})
                return [row[column] or "" for row in rows]
        except OSError as error:
            raise CommandError(_("Berkas %(name)s tidak dapat dibuka.") % {"name": path.name}) from error
        except (UnicodeDecodeError, csv.Error) as error:
            raise CommandError(_("Berkas %(name)s tidak bisa dibaca sebagai CSV.") % {"name": path.name}) from error
