from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from kanal.agencies.queries import reference
from kanal.brief import actions, paper, queries
from kanal.brief.models import Edition
from kanal.brief.policy import REGENCY, About
from kanal.brief.weeks import friday_of, in_words, this_friday
from kanal.common.processes import die_with_parent
from kanal.common.refusal import Refused

Advance = Callable[[int], None]


class Command(BaseCommand):
    help = (
        "Makes the weekly brief of the regency, an agency, a kecamatan, or all of them, and writes it as PDF where "
        "--output says. What was made already stays; stop it whenever you like, it goes on next time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--week", metavar="WEEK", help="ISO week such as 2026-W47 (the last one)")
        about = parser.add_mutually_exclusive_group()
        about.add_argument("--agency", metavar="CODE", help="of one agency")
        about.add_argument("--kecamatan", metavar="CODE", help="of one kecamatan")
        about.add_argument("--all", action="store_true", help="of the regency, every kecamatan and every agency")
        parser.add_argument("--output", type=Path, metavar="DIR", help="where to write the PDF")
        parser.add_argument("--again", action="store_true", help="count a new version of one that is there")

    def handle(self, *_args: Any, **options: Any) -> None:
        die_with_parent()
        try:
            self._make(options)
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        except KeyboardInterrupt as error:
            sentence = _("Dihentikan. Lembar yang sudah dibuat tersimpan; jalankan lagi untuk melanjutkan.")
            raise CommandError(sentence) from error

    def _make(self, options: dict[str, Any]) -> None:
        today, folder = reference().today(), options["output"]
        friday = friday_of(options["week"], today) if options["week"] else this_friday(today)
        if options["all"]:
            made, written = self._all(friday, folder)
        else:
            made, edition = self._one(friday, _about(options), again=options["again"])
            written = self._write([edition], folder, lambda _total: None)
        told = {"week": in_words(friday), "made": made}
        sentence = _("Lembar %(week)s dibuat: %(made)d.") if made else _("Lembar %(week)s sudah ada.")
        self.stdout.write(sentence % told)
        if folder:
            self.stdout.write(_("PDF ditulis ke %(folder)s: %(count)d.") % {"folder": folder, "count": written})

    def _one(self, friday: date, about: About, *, again: bool) -> tuple[int, Edition]:
        known = queries.latest(about, friday)
        if known and not again:
            return 0, known
        return 1, actions.make(about=about, survey=queries.survey(friday))

    def _all(self, friday: date, folder: Path | None) -> tuple[int, int]:
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        made = 0
        with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
            task = bar.add_task(_("Menyusun lembar"), total=None)
            for edition, total in actions.make_missing(friday, lambda: queries.survey(friday)):
                made += edition is not None
                bar.update(task, total=total, advance=1)
            task = bar.add_task(_("Menulis PDF"), total=None, visible=folder is not None)
            written = self._write(
                queries.of_week(friday), folder, lambda total: bar.update(task, total=total, advance=1)
            )
        return made, written

    def _write(self, editions: Iterable[Edition], folder: Path | None, advance: Advance) -> int:
        if folder is None:
            return 0
        wanted = list(editions)
        for edition in wanted:
            paper.write(edition, folder)
            advance(len(wanted))
        return len(wanted)


def _about(options: dict[str, Any]) -> About:
    facts = reference()
    if code := options["agency"]:
        agency = facts.agencies_by_code.get(code)
        if agency is None:
            raise CommandError(_("Tidak ada dinas dengan kode “%(code)s”.") % {"code": code})
        return About(agency_id=agency.id)
    if code := options["kecamatan"]:
        region = facts.regions_by_code.get(code)
        if region is None or region.district_id != region.id:
            raise CommandError(_("Tidak ada kecamatan dengan kode “%(code)s”.") % {"code": code})
        return About(region_id=region.id)
    return REGENCY
