import csv
import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from kanal.issues.mining.scoring import scores

_FEWEST = 10


class Command(BaseCommand):
    help = (
        "Groups the texts of a CSV file as `kanal mine` does and prints, as JSON, how well the groups agree with "
        "labels that people gave, beside k-means and NMF on plain TF-IDF."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--input", type=Path, required=True, metavar="FILE", help="CSV with a header, UTF-8")
        parser.add_argument("--text", required=True, metavar="COL", help="column of the texts")
        parser.add_argument(
            "--label", required=True, metavar="COL", help="column of the labels; rows without one are left out"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        rows = _rows(options["input"], options["text"], options["label"])
        if len(rows) < _FEWEST:
            raise CommandError(
                _("Hanya %(count)s baris punya teks dan label; perlu sedikitnya %(least)s.")
                % {"count": len(rows), "least": _FEWEST}
            )
        texts, labels = zip(*rows, strict=True)
        found = {name: asdict(score) for name, score in scores(texts, labels).items()}
        self.stdout.write(json.dumps({"texts": len(texts), "labels": len(set(labels)), **found}, indent=2))


def _rows(path: Path, text: str, label: str) -> list[tuple[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = {text, label} - set(reader.fieldnames or ())
            if missing:
                raise CommandError(_("Kolom tidak ada: %(names)s") % {"names": ", ".join(sorted(missing))})
            rows = [(row[text] or "", (row[label] or "").strip()) for row in reader]
    except OSError as error:
        raise CommandError(_("Berkas %(name)s tidak dapat dibuka.") % {"name": path.name}) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise CommandError(_("Berkas %(name)s tidak bisa dibaca sebagai CSV.") % {"name": path.name}) from error
    return [(words, name) for words, name in rows if words.strip() and name]
