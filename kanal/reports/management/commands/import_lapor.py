from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from kanal.agencies.queries import reference
from kanal.channels.lapor import Export, NotAnExport, open_export, write_rejects
from kanal.common.refusal import Refused
from kanal.reports.actions.import_names import Names, read_mapping
from kanal.reports.actions.importing import Importer

_LISTED = 40


class Command(BaseCommand):
    help = "Takes in files from SP4N-LAPOR! (xlsx, xls, csv). The same file twice doubles nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--map", type=Path, metavar="CSV", help="which agency a name means: columns name and code")
        parser.add_argument("--create-agencies", action="store_true", help="make agencies that are not known yet")
        parser.add_argument(
            "--rejects", type=Path, default=Path(), metavar="FOLDER", help="where files of refused lines go"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        exports = [(path, _opened(path)) for path in options["files"]]
        try:
            mapping = read_mapping(options["map"]) if options["map"] else {}
            names = Names(create_agencies=options["create_agencies"], mapping=mapping)
        except Refused as error:
            raise CommandError(error.sentence) from error
        importer = Importer(names)
        for path, export in exports:
            self._take(importer, path, export, options["rejects"])
        self._summary(importer)

    def _take(self, importer: Importer, path: Path, export: Export, folder: Path) -> None:
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        before = len(importer.tally.rejects)
        with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
            task = bar.add_task(path.name, total=export.row_count_estimate)
            importer.progress = lambda count: bar.advance(task, count)
            importer.take(export)
        for sentence in export.notes():
            self.stdout.write(f"{path.name}: {sentence}")
        rejects = importer.tally.rejects[before:]
        if rejects:
            target = folder / f"{path.stem}-ditolak.csv"
            write_rejects(target, rejects)
            self.stdout.write(
                _("%(count)d baris %(name)s ditolak, sebabnya di %(target)s.")
                % {"count": len(rejects), "name": path.name, "target": target}
            )

    def _summary(self, importer: Importer) -> None:
        tally, names = importer.tally, importer.names
        lines = [
            (_("Baris dibaca"), tally.read),
            (_("Laporan masuk"), tally.added),
            (_("Sudah ada, keadaannya diperbarui"), tally.renewed),
            (_("Sudah ada, tidak berubah"), tally.known),
            (_("Sudah ada dan sedang ditangani di sini, dibiarkan"), tally.touched),
            (_("Laporan Kanal sendiri yang ada di LAPOR!"), tally.ours),
            (_("Baris kembar"), tally.repeated),
            (_("Baris ditolak"), len(tally.rejects)),
            (_("Laporan baru tanpa dinas"), tally.without_agency),
            (_("Laporan baru dengan kategori tak dikenal"), names.categories.total()),
            (_("Laporan baru dengan tempat tak dikenal"), names.places.total()),
            (_("Dinas baru dibuat"), len(names.created)),
        ]
        width = max(len(word) for word, _count in lines)
        for word, count in lines:
            self.stdout.write(f"{word:<{width}}  {count:>7}")
        self._unknown(names)

    def _unknown(self, names: Names) -> None:
        if not names.unknown:
            return
        self.stdout.write("")
        self.stdout.write(
            _("%(count)d dinas belum dikenal. Tulis padanannya dalam berkas CSV (name,code) lalu ulangi dengan --map:")
            % {"count": len(names.unknown)}
        )
        listed = sorted(names.unknown.items(), key=lambda item: -item[1].count)
        for name, found in listed[:_LISTED]:
            known = reference().agencies_by_code
            alike = ", ".join(f"{code} ({known[code].name}, {score:.2f})" for code, score in found.candidates)
            self.stdout.write(f"  {found.count:>5}  {name}  →  {alike or found.why}")
        if len(listed) > _LISTED:
            self.stdout.write(_("  … dan %(count)d lagi.") % {"count": len(listed) - _LISTED})


def _opened(path: Path) -> Export:
    try:
        return open_export(path)
    except (NotAnExport, OSError) as error:
        raise CommandError(f"{path.name}: {error}") from error
