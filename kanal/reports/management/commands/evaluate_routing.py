import json
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from kanal.reports.learning.measuring import measure
from kanal.reports.learning.tables import BadTable, read_rows
from kanal.reports.learning.training import TooLittle


class Command(BaseCommand):
    help = (
        "Measures routing: learns from one labelled table, tests on another, prints the figures as JSON, beside "
        "those of a linear machine on plain TF-IDF of the text that learned from the same rows."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--train", type=Path, required=True, metavar="FILE", help="CSV or XLSX to learn from")
        parser.add_argument("--test", type=Path, required=True, metavar="FILE", help="CSV or XLSX to be tested on")
        parser.add_argument("--text", nargs="+", required=True, metavar="COL", help="what the citizen wrote")
        parser.add_argument("--label", required=True, metavar="COL", help="where it belonged")
        parser.add_argument("--place", nargs="+", default=[], metavar="COL", help="where it happened")
        parser.add_argument("--least", type=int, default=1, metavar="N", help="leave out labels with fewer rows than N")

    def handle(self, *_args: Any, **options: Any) -> None:
        columns = {"text": options["text"], "label": options["label"], "places": options["place"]}
        try:
            train, test = (read_rows(options[name], **columns) for name in ("train", "test"))
            counts = Counter(row.label for row in [*train, *test])
            train, test = ([row for row in rows if counts[row.label] >= options["least"]] for rows in (train, test))
            found = measure(train, test)
        except BadTable as error:
            raise CommandError(str(error)) from error
        except TooLittle as error:
            raise CommandError(_("Baris untuk belajar terlalu sedikit: perlu paling sedikit dua label.")) from error
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
