"""The list of an event as a spreadsheet: to print and write on, to fill on a computer, and to read again."""

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

import xlsxwriter
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from kanal.agencies.queries import reference
from kanal.common.export import safe_cell
from kanal.common.formats import day
from kanal.common.indonesian import mended
from kanal.common.refusal import Refused
from kanal.common.text import one_line
from kanal.reports.actions import Typed
from kanal.reports.forms.gathering_rows import HEADS, LABELS, category_names, kept, kind_names
from kanal.reports.models import Gathering
from kanal.reports.queries.gatherings import COLUMNS, is_blank

LINES: Final = 60
"""Empty lines on the printed list: four pages."""
MEGABYTE: Final = 1024 * 1024
LARGEST: Final = 5 * MEGABYTE
UNPACKED: Final = 40 * MEGABYTE
MOST_LINES: Final = 2_000
_WIDTHS: Final = {"name": 20, "phone": 15, "village": 17, "words": 52, "category": 16, "kind": 13}
_SEARCHED: Final = 30  # lines from the top in which the header is looked for
_LEAST_HEADS: Final = 2
_CHUNK: Final = 1 << 16
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Z]{0,3})([0-9]+)["']""")
_LAST_LINE: Final = 20_000  # a sheet is read as a full table: one stray cell far away could fill the memory
_TROUBLE = (
    zipfile.BadZipFile,
    zlib.error,
    CalamineError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    EOFError,
)


# To print and fill --------------------------------------------------------------------------------------------------


def blank_sheet(gathering: Gathering) -> bytes:
    """The list of an event as an XLSX workbook, ruled for handwriting, with drop-down lists for who types.

    Villagers read it, so it is Indonesian whatever the language of the desk.
    """
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with translation.override(settings.LANGUAGE_CODE), xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet(_("Suara warga"))
        lists = book.add_worksheet(_("Pilihan"))
        top = _title(book, sheet, gathering)
        _rule(book, sheet, top)
        _offer(sheet, lists, top)
        _paper(sheet, top)
    return target.getvalue()


def _title(book: Any, sheet: Any, gathering: Gathering) -> int:
    """The heading lines; returns the line of the column names."""
    region = reference().regions.get(gathering.region_id or 0)
    where = ", ".join(filter(None, (gathering.place_text, region.place if region else "")))
    told = [str(gathering.get_kind_display()), day(gathering.held_on), where, gathering.officials]
    sheet.write_string(0, 0, str(safe_cell(gathering.title)), book.add_format({"bold": True, "font_size": 16}))
    sheet.write_string(1, 0, str(safe_cell(" · ".join(filter(None, told)))))
    sheet.write_string(2, 0, _("Satu orang satu baris. Tulis masalahnya, letaknya, dan sejak kapan."))
    return 4


def _rule(book: Any, sheet: Any, top: int) -> None:
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#E8EDF5", "text_wrap": True, "valign": "vcenter"})
    line = book.add_format({"border": 1, "text_wrap": True, "valign": "top", "num_format": "@"})
    number = book.add_format({"border": 1, "valign": "top", "align": "right"})
    sheet.write_string(top, 0, _("No."), head)
    sheet.set_column(0, 0, 5)
    for at, name in enumerate(COLUMNS, 1):
        sheet.write_string(top, at, str(LABELS[name]), head)
        sheet.set_column(at, at, _WIDTHS[name])
    for at in range(1, LINES + 1):
        sheet.set_row(top + at, 34)
        sheet.write_number(top + at, 0, at, number)
        for column in range(1, len(COLUMNS) + 1):
            sheet.write_blank(top + at, column, None, line)


def _offer(sheet: Any, lists: Any, top: int) -> None:
    """Drop-down lists. They suggest: another text may stand there, and is asked about when the sheet is read."""
    villages = sorted(region.place for region in reference().villages())
    offers = {"village": villages, "category": list(category_names()), "kind": kind_names()}
    for at, (name, words) in enumerate(offers.items()):
        lists.write_string(0, at, str(LABELS[name]))
        lists.set_column(at, at, 34)
        lists.write_column(1, at, [str(safe_cell(word)) for word in words])
        letter, column = "ABC"[at], COLUMNS.index(name) + 1
        source = f"='{lists.get_name()}'!${letter}$2:${letter}${len(words) + 1}"
        rule = {"validate": "list", "source": source, "error_type": "warning"}
        rule |= {"error_title": _("Tidak ada di daftar"), "error_message": _("Pilih dari daftar, atau biarkan kosong.")}
        sheet.data_validation(top + 1, column, top + LINES, column, rule)


def _paper(sheet: Any, top: int) -> None:
    sheet.freeze_panes(top + 1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)
    sheet.set_footer(_("Isi laporan dan nomor HP dijaga kerahasiaannya.").replace("&", "&&") + "&R&P/&N")


# To read ------------------------------------------------------------------------------------------------------------


def read_sheet(raw: bytes) -> list[Typed]:
    """The rows of a filled list, wherever its header stands, in any order of columns. Raises Refused with a sentence.

    A row is named after its line and its words: the same file read twice is the same rows. Formulas are never worked
    out: what counts is the value that was last seen, as text.
    """
    _look_inside(raw)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(raw)) as book:
            for name in book.sheet_names:
                if found := _header(book.get_sheet_by_name(name).iter_rows()):
                    start, columns = found
                    return list(_rows(book.get_sheet_by_name(name).iter_rows(), start, columns))
    except _TROUBLE as error:
        raise _damaged() from error
    raise Refused(
        _("Baris judul tidak ditemukan. Lembar ini perlu kolom “Nama” dan “Yang disampaikan”."), code="no_header"
    )


def _look_inside(raw: bytes) -> None:
    """Refuse what would fill the memory before anything reads it as a table."""
    if len(raw) > LARGEST:
        raise Refused(
            _("Berkas itu lebih dari %(most)d MB. Hapus gambar di dalamnya, lalu unggah lagi.")
            % {"most": LARGEST // MEGABYTE},
            status=413,
            code="too_large",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            members = package.infolist()
            if "xl/workbook.xml" not in package.namelist():
                raise _damaged()
            if sum(member.file_size for member in members) > UNPACKED:
                raise _too_wide()
            for member in members:
                _measure(package, member)
    except _TROUBLE as error:
        raise _damaged() from error


def _measure(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Read a part to its end: one longer than it claims breaks its checksum, and cells may not lie far out."""
    is_sheet = member.filename.startswith("xl/worksheets/")
    tail = b""
    with package.open(member) as sheet:
        while chunk := sheet.read(_CHUNK):
            for column, line in _PLACE.findall(tail + chunk) if is_sheet else ():
                if len(column) > 2 or len(line) > 6 or int(line) > _LAST_LINE:  # noqa: PLR2004  # beyond ZZ; digits of a line
                    raise _too_wide()
            tail = chunk[-32:]


def _header(lines: Iterable[list[Any]]) -> tuple[int, dict[int, str]] | None:
    """The line of the column names and the columns they name, within the first lines; None without one."""
    for at, line in enumerate(lines):
        if at >= _SEARCHED:
            return None
        names = [HEADS.get(one_line(str(cell))[:40].casefold().rstrip(" :*")) for cell in line]
        columns = {place: name for place, name in enumerate(names) if name and name not in names[:place]}
        if "words" in columns.values() and len(columns) >= _LEAST_HEADS:
            return at, columns
    return None


def _rows(lines: Iterable[list[Any]], start: int, columns: Mapping[int, str]) -> Iterator[Typed]:
    for at, line in enumerate(lines):
        if at <= start:
            continue
        if at > start + MOST_LINES:
            return
        cells = dict.fromkeys(COLUMNS, "")
        cells |= {name: kept(_as_text(line[place])) for place, name in columns.items() if place < len(line)}
        if not is_blank(cells):
            digest = hashlib.sha256(repr((at, sorted(cells.items()))).encode()).hexdigest()
            yield Typed(f"lembar-{digest[:24]}", cells)


def _as_text(value: object) -> str:
    """A cell as a person reads it: a telephone number that the program took for a number has no decimals."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return mended(str(value)).strip()


def _damaged() -> Refused:
    return Refused(_("Berkas itu bukan lembar .xlsx yang utuh. Simpan lagi sebagai .xlsx, lalu unggah."), code="broken")


def _too_wide() -> Refused:
    return Refused(
        _("Isi berkas itu terlalu banyak. Pakai lembar acara ini saja, tanpa isian jauh di luar tabelnya."),
        status=413,
        code="too_wide",
    )
