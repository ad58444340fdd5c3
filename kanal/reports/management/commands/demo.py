import argparse
from contextlib import suppress
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from kanal.agencies.demo_people import PASSWORD, PEOPLE
from kanal.agencies.queries import reference
from kanal.common.refusal import Refused
from kanal.reports.demo.generator import DAYS_BACK
from kanal.reports.demo.run import assist, run

MOST = 1_000_000
MOST_DAYS = 3650


def _count(text: str) -> int:
    count = int(text)
    if not 0 < count <= MOST:
        raise argparse.ArgumentTypeError(f"between 1 and {MOST}")
    return count


def _days(text: str) -> int:
    days = int(text)
    if not 0 < days <= MOST_DAYS:
        raise argparse.ArgumentTypeError(f"between 1 and {MOST_DAYS}")
    return days


class Command(BaseCommand):
    help = (
        "Fills Kanal with invented reports, their histories and answers, and accounts to try it with. Not for real use."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--reports", type=_count, default=300, metavar="N", help="how many reports (1 to 1,000,000)"
        )
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="the same number gives the same reports")
        parser.add_argument(
            "--today", type=date.fromisoformat, metavar="DATE", help="last day of the story, such as 2026-11-20"
        )
        parser.add_argument(
            "--days", type=_days, default=DAYS_BACK, metavar="D", help="how many days the story takes (1 to 3650)"
        )
        parser.add_argument("--assist", action="store_true", help=argparse.SUPPRESS)

    def handle(self, *_args: Any, **options: Any) -> None:
        story = {name: options[name] for name in ("seed", "days")}
        story |= {"total": options["reports"], "today": options["today"] or reference().today()}
        if options["assist"]:
            with suppress(KeyboardInterrupt):  # the terminal tells both processes; the first one speaks
                assist(**story)
            return
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        try:
            with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
                task = bar.add_task(_("Membuat laporan contoh"), total=story["total"])
                outcome = run(**story, progress=lambda count: bar.advance(task, count))
        except (Refused, LookupError, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("Laporan contoh dibuat: %(count)d.") % {"count": outcome.made})
        if outcome.known:
            self.stdout.write(_("Sudah ada dari sebelumnya: %(count)d.") % {"count": outcome.known})
        self.stdout.write(_("Akun untuk mencoba, semuanya dengan kata sandi %(password)s:") % {"password": PASSWORD})
        for account in PEOPLE:
            self.stdout.write(f"  {account.email:<28} {account.word}")
