"""Tables for spreadsheets: CSV as a stream, XLSX in constant memory, both safe against formula injection."""

import csv
import datetime as dt
import io
import math
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any, cast

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.common.text import drop_surrogates

BOM = "\ufeff"  # Excel takes a CSV for UTF-8 only with it

_STARTERS = frozenset("=+-@\N{MINUS SIGN}")
_RAW_STARTERS = ("\t", "\r", "\n")
# An Indonesian Excel splits lines at ";" and ends a row at a line break, whatever the quotes say: the piece after
# either one can become a cell of its own.
_INNER_STARTER = re.compile(r"([;\t\r\n][^\S\r\n]*)(?=[=+@\-＝＋＠－])")
_GUARD = "'"

_MAX_CELL = 32_767  # characters, Excel's limit
_MAX_ROWS = 1_048_576  # rows of a sheet, header included
_EXACT_INTEGER = 10**15  # Excel keeps 15 digits
_MAX_SHEET_NAME = 31
_FIRST_YEAR = 1900  # Excel knows no day before
_NARROWEST, _WIDEST = 8, 60
_FORBIDDEN_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def safe_cell(value: object) -> object:
    """Return `value` so that no spreadsheet program takes it for a formula.

    A text whose first visible character is = + - @ (also full-width or after blanks), or that begins with a tab
    or a line break, gets a leading apostrophe. Numbers, dates and truth values stay what they are. Source: OWASP,
    CSV Injection.
    """
    if not isinstance(value, str):
        return value
    text = drop_surrogates(value)
    if text.startswith(_RAW_STARTERS) or _first_visible(text) in _STARTERS:
        return _GUARD + text
    return text


def csv_rows(header: Sequence[str], rows: Iterable[Sequence[object]], *, delimiter: str = ",") -> Iterator[str]:
    """Yield a CSV file line by line, beginning with the UTF-8 mark; `rows` may be a generator of any length."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL)
    yield BOM + _line(buffer, writer, header)
    for row in rows:
        yield _line(buffer, writer, row)


def xlsx_file(header: Sequence[str], rows: Iterable[Sequence[object]], title: str) -> IO[bytes]:
    """Return an XLSX workbook as an open temporary file, at its beginning; closing it deletes it.

    Memory does not grow with the number of rows; more rows than a sheet holds go on in a further sheet. Texts
    stay texts: no formulas, no links. Times are written in the current time zone. A text longer than a cell may
    be (32,767 characters) ends in a note that says so.
    """
    target = cast("IO[bytes]", tempfile.TemporaryFile(prefix="kanal-", suffix=".xlsx"))  # noqa: SIM115  # handed over open
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
    with xlsxwriter.Workbook(target, options) as book:
        _Sheets(book, header, title).write_all(rows)
    target.seek(0)
    return target


class _Sheets:
    """One table over as many sheets as it needs."""

    def __init__(self, book: xlsxwriter.Workbook, header: Sequence[str], title: str) -> None:
        self.book = book
        self.header = header
        self.title = title
        self.count = 0
        self.bold = book.add_format({"bold": True, "bottom": 1})
        self.formats = {
            dt.datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            dt.date: book.add_format({"num_format": "yyyy-mm-dd"}),
            dt.time: book.add_format({"num_format": "hh:mm"}),
        }
        self._open()

    def write_all(self, rows: Iterable[Sequence[object]]) -> None:
        for row in rows:
            if self.line == _MAX_ROWS:
                self._close()
                self._open()
            self._write(row)
        self._close()

    def _open(self) -> None:
        self.count += 1
        self.sheet = self.book.add_worksheet(_sheet_name(self.title, self.count))
        self.sheet.freeze_panes(1, 0)
        self.widths = [_NARROWEST] * len(self.header)
        self.line = 0
        self._write(self.header, self.bold)

    def _close(self) -> None:
        for column, width in enumerate(self.widths):
            self.sheet.set_column(column, column, width)

    def _write(self, row: Sequence[object], style: object = None) -> None:
        for column, raw in enumerate(row):
            value = _excel_value(raw)
            if column < len(self.widths):
                self.widths[column] = min(_WIDEST, max(self.widths[column], _width(value)))
            self._write_cell(column, value, style)
        self.line += 1

    def _write_cell(self, column: int, value: object, style: object) -> None:
        if isinstance(value, str):
            self.sheet.write_string(self.line, column, value, style)
        elif isinstance(value, bool):
            self.sheet.write_boolean(self.line, column, value, style)
        elif isinstance(value, dt.datetime | dt.date | dt.time):
            self.sheet.write_datetime(self.line, column, value, style or self.formats[type(value)])
        elif value is not None:
            self.sheet.write_number(self.line, column, value, style)


def _first_visible(text: str) -> str:
    """Return the first character that is neither blank nor invisible, in its plain width; "" when there is none."""
    for char in text:
        if not char.isspace() and unicodedata.category(char)[0] not in {"C", "Z"}:
            return unicodedata.normalize("NFKC", char)[:1]
    return ""


def _line(buffer: io.StringIO, writer: Any, row: Sequence[object]) -> str:
    writer.writerow([_csv_value(value) for value in row])
    line = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return line


def _csv_value(value: object) -> object:
    if isinstance(value, dt.datetime):
        return _local(value).isoformat(sep=" ", timespec="minutes")
    if value is None or isinstance(value, bool | int | float | dt.date | dt.time):
        return value
    return _INNER_STARTER.sub(r"\1'", str(safe_cell(str(value))).replace("\0", ""))


def _excel_value(value: object) -> object:
    """Return `value` as something a cell can hold: text, truth value, finite number, date, time or None."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, dt.datetime):
        return _excel_moment(_local(value))
    if isinstance(value, dt.time):
        return dt.time(value.hour, value.minute, value.second, value.microsecond)
    if isinstance(value, dt.date):
        return dt.date(value.year, value.month, value.day) if value.year >= _FIRST_YEAR else value.isoformat()
    if isinstance(value, int | float) and _is_exact(value):
        return value
    return _fitting(str(safe_cell(str(value))))


def _excel_moment(value: dt.datetime) -> object:
    plain = value.replace(tzinfo=None)
    return plain if plain.year >= _FIRST_YEAR else plain.isoformat(sep=" ", timespec="minutes")


def _is_exact(value: float) -> bool:
    """Say whether Excel shows the number as it is; an identity number of 16 digits would lose its last ones."""
    return abs(value) < _EXACT_INTEGER if isinstance(value, int) else math.isfinite(value)


def _fitting(text: str) -> str:
    if len(text.encode("utf-16-le")) <= 2 * _MAX_CELL:
        return text
    note = " … " + _("[terpotong: teks lengkap ada di Kanal]")
    return text[: _MAX_CELL // 2 - len(note)] + note


def _local(value: dt.datetime) -> dt.datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def _width(value: object) -> int:
    """Return the width of a column that shows `value`, in characters; of several lines the longest counts."""
    if isinstance(value, str):
        return max(map(len, value[: 10 * _WIDEST].split("\n"))) + 2
    return len("2026-11-25 08:30") + 1 if isinstance(value, dt.datetime) else len(str(value)) + 2


def _sheet_name(title: str, number: int) -> str:
    """Return `title` as Excel accepts it for a sheet; the second and further sheets carry their number."""
    suffix = f" ({number})" if number > 1 else ""
    cleaned = _FORBIDDEN_IN_SHEET_NAME.sub(" ", drop_surrogates(title)).strip(" '")
    # Excel counts UTF-16 units, and reserves one name for itself.
    while len(cleaned.encode("utf-16-le")) // 2 > _MAX_SHEET_NAME - len(suffix):
        cleaned = cleaned[:-1]
    cleaned = cleaned.strip(" '")
    return ("Data" if cleaned.casefold() in {"", "history"} else cleaned) + suffix
