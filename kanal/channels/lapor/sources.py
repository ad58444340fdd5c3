"""Tables out of files: spreadsheets and CSV behind one face, every failure one sentence."""

import codecs
import csv
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, Protocol

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from kanal.channels.lapor.cells import Cell

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and every password-protected .xlsx
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_HTML = re.compile(rb"\s*(?:<!doctype html|<html|<head|<meta|<table|<\?xml[^>]*>\s*<html)", re.IGNORECASE)
_HEAD_BYTES: Final = 65_536
_CHUNK: Final = 1_048_576
_MAX_UNPACKED: Final = 2 * 1024**3  # a million reports unpack to about 1.5 GiB
_ALWAYS_OPENED: Final = 100 * 1024**2
_MOST_PACKED: Final = 200  # times; real exports unpack to five or twenty times their size, a bomb to a thousand
_MAX_FIELD: Final = 16 * 1024**2  # longest text of one cell; a report of 100,000 characters is far below
_FAR_COLUMN = re.compile(rb'<c r="(?:[A-Z]{3}|[B-Z][A-Z])[0-9]')  # to the right of AZ
BROKEN: Final = "\ufffd"  # stands for a record that the CSV reader gave up on
_DELIMITERS: Final = (",", ";", "\t")
_SAMPLE_ROWS: Final = 200


class NotAnExport(ValueError):  # noqa: N818  # says what the file is; callers print the message as it stands
    """The file cannot be read as an export of SP4N-LAPOR!; the message is a sentence for a person."""


class Table(Protocol):
    """Numbered lines of cells, readable more than once. Numbers are those that a spreadsheet program shows."""

    def lines(self) -> Iterator[tuple[int, list[Cell]]]:
        """Yield (line number from 1, cells) lazily, empty lines included."""

    def estimate(self, header_line: int) -> int:
        """Return about how many lines follow the header."""


@dataclass(frozen=True)
class SheetTable:
    """One sheet of a workbook, held in memory while it is used."""

    sheet: CalamineSheet

    def lines(self) -> Iterator[tuple[int, list[Cell]]]:
        """Yield the sheet's lines."""
        yield from enumerate(self.sheet.iter_rows(), 1)

    def estimate(self, header_line: int) -> int:
        """Return the number of lines below the header."""
        last = self.sheet.end
        return max(0, last[0] + 1 - header_line) if last else 0


@dataclass(frozen=True)
class CsvTable:
    """A delimited text file, read with one guess of its delimiter."""

    path: Path
    encoding: str
    delimiter: str

    def lines(self) -> Iterator[tuple[int, list[Cell]]]:
        """Yield the file's records; one that cannot be read is yielded as BROKEN, and reading goes on after it."""
        csv.field_size_limit(_MAX_FIELD)  # holds for the whole process; the csv module knows no other way
        with self.path.open(encoding=self.encoding, errors="replace", newline="") as file:
            reader = csv.reader(file, delimiter=self.delimiter)
            number = 0
            while True:
                number += 1
                try:
                    yield number, list(next(reader))
                except StopIteration:
                    return
                except csv.Error:
                    yield number, [BROKEN]

    def estimate(self, header_line: int) -> int:
        """Return the number of records from the size of the first ones."""
        sample = list(islice(self.lines(), header_line, header_line + _SAMPLE_ROWS))
        if len(sample) < _SAMPLE_ROWS:
            return len(sample)
        used = sum(len(str(cell).encode("utf-8", "replace")) + 1 for _line, values in sample for cell in values)
        return max(len(sample), round(self.path.stat().st_size * len(sample) / max(used, 1)))


def tables(path: Path) -> Iterator[Table]:
    """Yield the tables that a file may hold one after the other, NotAnExport when it is no table at all."""
    head = _head(path)
    if head.startswith(_ZIP):
        _check_package(path)
    if head.startswith((_ZIP, _OLE)):
        yield from _sheets(path)
        return
    if _HTML.match(head.removeprefix(codecs.BOM_UTF8)):
        raise NotAnExport(
            _("Berkas ini sebenarnya halaman web. Buka dengan Excel atau LibreOffice, lalu simpan sebagai .xlsx.")
        )
    encoding = _encoding(path, head)
    yield from (CsvTable(path, encoding, delimiter) for delimiter in _DELIMITERS)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        raise NotAnExport(_("Berkas %(name)s tidak dapat dibuka.") % {"name": path.name}) from error
    if not head.strip():
        raise NotAnExport(_("Berkas %(name)s kosong.") % {"name": path.name})
    return head


def _encoding(path: Path, head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in head and not any(delimiter.encode() in head for delimiter in _DELIMITERS):
        raise NotAnExport(_("Berkas ini bukan tabel. Unduh kembali dari SP4N-LAPOR! sebagai .xlsx atau .csv."))
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _check_package(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as package:
            members = package.infolist()
            unpacked = sum(member.file_size for member in members)
            if unpacked > max(_ALWAYS_OPENED, _MOST_PACKED * path.stat().st_size):
                raise NotAnExport(
                    _("Isi berkas ini tidak wajar besarnya, jadi tidak dibuka. Unduh kembali dari SP4N-LAPOR!.")
                )
            if unpacked > _MAX_UNPACKED:
                raise NotAnExport(_("Isi berkas ini terlalu besar. Bagi menjadi beberapa berkas menurut periode."))
            for member in members:
                if _is_too_wide(package, member):
                    raise NotAnExport(
                        _("Ada isian jauh di sebelah kanan tabel (setelah kolom AZ). Hapus isian itu, lalu coba lagi.")
                    )
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, OSError, ValueError) as error:
        if isinstance(error, NotAnExport):
            raise
        raise _damaged() from error


def _is_too_wide(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Tell whether a sheet has far cells: a sheet is held as a full grid, so one stray cell could fill the memory.

    Every part is read to its end: one that is longer than it claims breaks its checksum here, before a reader that
    believes nothing but the content unpacks it.
    """
    is_sheet = member.filename.startswith("xl/worksheets/")
    tail = b""
    with package.open(member) as sheet:
        while chunk := sheet.read(_CHUNK):
            if is_sheet and _FAR_COLUMN.search(tail + chunk):
                return True
            tail = chunk[-32:]
    return False


def _sheets(path: Path) -> Iterator[Table]:
    try:
        with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as book:
            visible = [
                position
                for position, sheet in enumerate(book.sheets_metadata)
                if sheet.visible == SheetVisibleEnum.Visible
            ]
            for position in visible:
                yield SheetTable(book.get_sheet_by_index(position))
    except PasswordError as error:
        raise _locked() from error
    except (CalamineError, OSError) as error:
        raise (_locked() if _is_locked(path) else _damaged()) from error
    if not visible:
        raise NotAnExport(_("Berkas ini tidak memuat lembar kerja yang terlihat."))


def _is_locked(path: Path) -> bool:
    content = path.read_bytes()
    return content.startswith(_OLE) and _ENCRYPTED in content


def _locked() -> NotAnExport:
    return NotAnExport(_("Berkas ini dikunci kata sandi. Buka, hapus kata sandinya, simpan, lalu coba lagi."))


def _damaged() -> NotAnExport:
    return NotAnExport(_("Berkas ini rusak atau bukan lembar kerja. Unduh kembali dari SP4N-LAPOR! sebagai .xlsx."))
