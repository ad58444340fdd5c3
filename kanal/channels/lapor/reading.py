"""Opening an export: where its header is, which columns it has, what its banner says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from kanal.channels.lapor import cells
from kanal.channels.lapor.cells import Cell
from kanal.channels.lapor.rows import LaporRow, Reject, RowOptions, RowReader
from kanal.channels.lapor.sources import NotAnExport, Table, tables
from kanal.channels.lapor.words import BANNER_LABELS, COLUMNS, FIELD_OF, TEXT_FIELDS, plain

__all__ = ["Banner", "Export", "NotAnExport", "open_export"]

_HEADER_WITHIN: Final = 40  # lines; the official layout has its header in line 11


@dataclass(frozen=True, slots=True)
class Banner:
    """What the lines above the header say, as written; empty where they say nothing."""

    agency_name: str = ""
    period: str = ""
    generated: str = ""
    manager: str = ""


@dataclass(frozen=True, slots=True)
class _Header:
    """One line taken as the header: its names, and the place of each known field."""

    line: int
    names: tuple[str, ...]
    columns: dict[str, int]

    @property
    def missing(self) -> list[str]:
        absent = [] if "tracking_id" in self.columns else [COLUMNS["tracking_id"][0]]
        if not any(name in self.columns for name in TEXT_FIELDS):
            absent.append(_("%(title)s atau %(body)s") % {"title": "Judul Laporan", "body": "Isi Laporan Awal"})
        return absent


class Export:
    """One opened export. Reading may be repeated; every pass starts anew."""

    def __init__(self, path: Path, table: Table, header: _Header, banner: Banner) -> None:
        self.path = path
        self.banner = banner
        self.header = header.names
        self.columns = header.columns
        self.identical_duplicates = 0
        self._table = table
        self._header_line = header.line

    @cached_property
    def row_count_estimate(self) -> int:
        """About how many rows follow: exact for spreadsheets, from a sample for CSV."""
        return self._table.estimate(self._header_line)

    def notes(self) -> list[str]:
        """Return sentences on what the file does not say and what is assumed instead."""
        assumed = {
            "received_on": _("Tidak ada kolom tanggal masuk: tanggal pengganti harus diberikan."),
            "received_time": _("Tidak ada kolom waktu masuk: laporan dianggap masuk pada awal hari."),
            "privacy": _("Tidak ada kolom tipe laporan: semua laporan dianggap anonim dan rahasia."),
            "status": _("Tidak ada kolom status: semua laporan dianggap baru masuk."),
            "kind": _("Tidak ada kolom klasifikasi: semua laporan dianggap pengaduan."),
        }
        return [sentence for name, sentence in assumed.items() if name not in self.columns]

    def rows(self, options: RowOptions) -> Iterator[LaporRow | Reject]:
        """Yield every line as a row or a reject; counts identical repeats in ``identical_duplicates``."""
        reader = RowReader(self.header, self.columns, options)
        for result in reader.read(islice(self._table.lines(), self._header_line, None)):
            self.identical_duplicates = reader.identical_duplicates
            yield result
        self.identical_duplicates = reader.identical_duplicates


def open_export(path: Path) -> Export:
    """Open an .xlsx, .xls or .csv export and find its header by name; NotAnExport says why it cannot be read."""
    best: _Header | None = None
    for table in tables(path):
        top = list(islice(table.lines(), _HEADER_WITHIN))
        header = _best_header(top)
        if not header.missing:
            return Export(path, table, header, _banner(top[: header.line - 1]))
        if best is None or len(header.columns) > len(best.columns):
            best = header
    raise NotAnExport(_explain(best))


def _best_header(top: Sequence[tuple[int, list[Cell]]]) -> _Header:
    best = _Header(0, (), {})
    for line, values in top:
        header = _header(line, values)
        if (not header.missing, len(header.columns)) > (not best.missing, len(best.columns)):
            best = header
    return best


def _header(line: int, values: list[Cell]) -> _Header:
    names = [cells.label(value) for value in values]
    while names and not names[-1]:
        names.pop()
    columns: dict[str, int] = {}
    for place, name in enumerate(names):
        field = FIELD_OF.get(plain(name))
        if field:
            columns.setdefault(field, place)
    return _Header(line, tuple(names), columns)


def _banner(above: Sequence[tuple[int, list[Cell]]]) -> Banner:
    facts: dict[str, str] = {}
    for _line, values in above:
        told = [word for value in values if (word := cells.label(value))]
        if len(told) == 1:
            told = [part.strip() for part in told[0].split(":", 1)]
        if len(told) > 1 and (name := BANNER_LABELS.get(plain(told[0]))):
            facts.setdefault(name, told[1].lstrip(": "))
    return Banner(**facts)


def _explain(best: _Header | None) -> str:
    if best is None or not best.columns:
        return _(
            "Baris judul tabel tidak ditemukan dalam %(lines)d baris pertama. "
            "Pastikan berkas ini unduhan “Laporan Ringkas” dari SP4N-LAPOR!."
        ) % {"lines": _HEADER_WITHIN}
    found = [best.names[place] for place in sorted(best.columns.values())]
    return _("Kolom wajib tidak ada: %(missing)s. Kolom yang ditemukan: %(found)s.") % {
        "missing": "; ".join(best.missing),
        "found": ", ".join(found),
    }
