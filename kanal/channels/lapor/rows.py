"""One line of an export becomes a typed row, or a reject with the reason in a sentence."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from django.utils.translation import gettext as _

from kanal.channels.lapor import cells
from kanal.channels.lapor.cells import Cell
from kanal.channels.lapor.sources import BROKEN
from kanal.channels.lapor.words import KIND_OF, OPEN_WORDS, STATUS_OF, STATUSES, TEXT_FIELDS, plain

_OLDEST: Final = date(2010, 1, 1)  # LAPOR! opened in 2011; anything older is a damaged date
# A line inside a cell that begins as a line of the table does: a quote was opened and never closed.
_SWALLOWED: Final = r"\n#?[1-9][0-9]{5,8}(?:\.0)?(?:[,;\t][^,;\t\n]*){%d}"
_ENOUGH_CELLS: Final = 4
_PRIVACY_SEPARATORS = re.compile(r"[|,;/&+\n]|\bdan\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LaporRow:
    """One report as SP4N-LAPOR! tells it; empty text where the export says nothing."""

    line: int
    tracking_id: str
    received_at: datetime
    kind: str
    kind_word: str
    supervision: bool
    lapor_category_id: str
    category_name: str
    title: str
    body_original: str
    body_final: str
    anonymous: bool
    secret: bool
    source_name: str
    reporter_name: str
    parent_agency: str
    agency_name: str
    agency_external_id: str
    status: str
    status_word: str
    archive_reason: str
    province: str
    regency: str
    district: str
    village: str


@dataclass(frozen=True, slots=True)
class Reject:
    """One line that did not become a report, with the reason for a person and everything the line held."""

    line: int
    tracking_id: str
    reason: str
    raw: dict[str, str]


@dataclass(frozen=True, slots=True)
class RowOptions:
    """How to read what an export leaves open.

    ``tz``: the zone that results are given in. ``clock``: the zone that the file's times are written in; exports seen
    are in UTC (their hours peak at 02-04 and are empty at 18-21), so that is the default. A day without a time is
    that day's midnight in ``tz``. ``statuses``: further status words and the status each means, decided by a person.
    ``undated``: the moment for a file without a date column. ``latest``: later moments are damaged (default: tomorrow).
    """

    tz: tzinfo
    clock: tzinfo = UTC
    statuses: Mapping[str, str] = field(default_factory=dict)
    undated: datetime | None = None
    latest: datetime | None = None

    def status_words(self) -> dict[str, str]:
        """Return every known status word in plain form; ValueError for a status that Kanal does not have."""
        if wrong := sorted(set(self.statuses.values()) - STATUSES):
            raise ValueError(", ".join(wrong))
        return STATUS_OF | {plain(word): status for word, status in self.statuses.items()}


class _BadLineError(ValueError):
    """A line cannot become a report; the message is the sentence for the rejects file."""


class RowReader:
    """Turns lines into rows. ``columns`` maps a field to its place in the line, ``header`` names every place."""

    def __init__(self, header: Sequence[str], columns: Mapping[str, int], options: RowOptions) -> None:
        self.header = header
        self.columns = columns
        self.options = options
        self.identical_duplicates = 0
        self._swallowed = re.compile(_SWALLOWED % min(_ENOUGH_CELLS, max(1, len(header) - 1)))
        self._statuses = options.status_words()
        self._latest = options.latest or datetime.now(options.tz) + timedelta(days=1)
        self._seen: dict[str, tuple[int, bytes]] = {}

    def read(self, lines: Iterable[tuple[int, list[Cell]]]) -> Iterator[LaporRow | Reject]:
        """Yield a row or a reject for every line that holds anything; identical repeats are only counted."""
        for line, values in lines:
            texts = [cells.text(value) for value in values]
            if any(texts) and (result := self._line(line, values, texts)):
                yield result

    def _line(self, line: int, values: list[Cell], texts: list[str]) -> LaporRow | Reject | None:
        known_id = ""
        try:
            self._check_shape(texts)
            known_id = self._tracking_id(values)
            if self._is_repeat(line, known_id, texts):
                self.identical_duplicates += 1
                return None
            return self._row(line, known_id, values)
        except _BadLineError as error:
            return Reject(line, known_id or self._label(values, "tracking_id"), str(error), self._raw(texts))

    def _check_shape(self, texts: list[str]) -> None:
        if any(texts[len(self.header) :]):
            raise _BadLineError(
                _("Baris ini berisi %(found)d kolom, judul tabel hanya %(expected)d. Periksa tanda pemisah dan kutip.")
                % {"found": len(texts), "expected": len(self.header)}
            )
        if texts == [BROKEN]:
            raise _BadLineError(_("Mulai baris ini tanda kutip tidak ditutup: laporan di dalamnya tidak terbaca."))
        if any(self._swallowed.search(value) for value in texts):
            raise _BadLineError(_("Tanda kutip tidak ditutup sehingga beberapa laporan menyatu. Perbaiki baris ini."))

    def _tracking_id(self, values: list[Cell]) -> str:
        cell = self._cell(values, "tracking_id")
        if not cells.label(cell):
            raise _BadLineError(_("Tracking ID kosong."))
        try:
            return cells.tracking_id(cell)
        except ValueError:
            raise _BadLineError(
                _("Tracking ID “%(word)s” bukan nomor yang utuh. Tuliskan semua angkanya.") % {"word": cells.text(cell)}
            ) from None

    def _is_repeat(self, line: int, known_id: str, texts: list[str]) -> bool:
        padded = [*texts, *[""] * (len(self.header) - len(texts))]
        content = [padded[place] for name, place in sorted(self.columns.items()) if name != "tracking_id"]
        digest = hashlib.blake2b("\x1f".join(content).encode("utf-8", "replace"), digest_size=12).digest()
        first_line, first_digest = self._seen.setdefault(known_id, (line, digest))
        if first_line != line and first_digest != digest:
            raise _BadLineError(
                _("Tracking ID ini sudah ada di baris %(line)d dengan isi yang berbeda.") % {"line": first_line}
            )
        return first_line != line

    def _row(self, line: int, known_id: str, values: list[Cell]) -> LaporRow:
        words = {name: cells.text(self._cell(values, name)) for name in TEXT_FIELDS}
        if not any(words.values()):
            raise _BadLineError(_("Laporan tidak berisi teks: judul dan isi kosong."))
        kind, supervision = self._kind(values)
        anonymous, secret = self._privacy(values)
        return LaporRow(
            line=line,
            tracking_id=known_id,
            received_at=self._received_at(values),
            kind=kind,
            kind_word=self._label(values, "kind"),
            supervision=supervision,
            lapor_category_id=cells.number_name(self._cell(values, "category_id")),
            category_name=self._label(values, "category_name"),
            title=cells.label(words["title"]),
            body_original=words["body_original"],
            body_final=words["body_final"],
            anonymous=anonymous,
            secret=secret,
            source_name=self._label(values, "source_name"),
            reporter_name=self._label(values, "reporter_name"),
            parent_agency=self._label(values, "parent_agency"),
            agency_name=self._label(values, "agency_name"),
            agency_external_id=cells.number_name(self._cell(values, "agency_external_id")),
            status=self._status(values),
            status_word=self._label(values, "status"),
            archive_reason=cells.text(self._cell(values, "archive_reason")),
            province=self._label(values, "province"),
            regency=self._label(values, "regency"),
            district=self._label(values, "district"),
            village=self._label(values, "village"),
        )

    def _received_at(self, values: list[Cell]) -> datetime:
        if "received_on" not in self.columns:
            if self.options.undated is None:
                raise _BadLineError(_("Berkas ini tidak memuat kolom tanggal laporan masuk."))
            return self.options.undated
        cell = self._cell(values, "received_on")
        try:
            day, day_time = cells.moment(cell)
        except ValueError:
            raise _BadLineError(
                _("Tanggal “%(word)s” tidak terbaca. Contoh yang benar: 29 Mei 2023.") % {"word": cells.text(cell)}
            ) from None
        clock = self._time(values) or day_time
        try:
            found = self._moment(day, clock)
        except (OverflowError, ValueError):
            found = None
        if found is None or day < _OLDEST or found > self._latest:
            raise _BadLineError(_("Tanggal %(day)s tidak mungkin untuk sebuah laporan.") % {"day": day.isoformat()})
        return found

    def _time(self, values: list[Cell]) -> time | None:
        cell = self._cell(values, "received_time")
        try:
            return cells.clock_time(cell)
        except ValueError:
            raise _BadLineError(
                _("Waktu “%(word)s” tidak terbaca. Contoh yang benar: 04:05:34.") % {"word": cells.text(cell)}
            ) from None

    def _moment(self, day: date, clock: time | None) -> datetime:
        if clock is None:
            return datetime.combine(day, time(), self.options.tz)
        return datetime.combine(day, clock, clock.tzinfo or self.options.clock).astimezone(self.options.tz)

    def _kind(self, values: list[Cell]) -> tuple[str, bool]:
        word = self._label(values, "kind")
        found = KIND_OF.get(plain(word))
        if found is None:
            raise _BadLineError(_("Klasifikasi “%(word)s” tidak dikenal.") % {"word": word})
        return found

    def _privacy(self, values: list[Cell]) -> tuple[bool, bool]:
        """Return (anonymous, secret). A file that does not say is taken at its most careful: both."""
        if "privacy" not in self.columns:
            return True, True
        cell = self._label(values, "privacy")
        words = {word.strip().casefold() for word in _PRIVACY_SEPARATORS.split(cell)}
        if strange := words - OPEN_WORDS - {"anonim", "rahasia"}:
            raise _BadLineError(_("Tipe laporan “%(word)s” tidak dikenal.") % {"word": ", ".join(sorted(strange))})
        return "anonim" in words, "rahasia" in words

    def _status(self, values: list[Cell]) -> str:
        if "status" not in self.columns:
            return "received"
        word = self._label(values, "status")
        if not word:
            raise _BadLineError(_("Status laporan kosong."))
        status = self._statuses.get(plain(word))
        if status is None:
            raise _BadLineError(_("Status “%(word)s” tidak dikenal.") % {"word": word})
        return status

    def _cell(self, values: list[Cell], name: str) -> Cell:
        place = self.columns.get(name, len(values))
        return values[place] if place < len(values) else ""

    def _label(self, values: list[Cell], name: str) -> str:
        return cells.label(self._cell(values, name))

    def _raw(self, texts: list[str]) -> dict[str, str]:
        names = [*self.header, *[f"+{extra}" for extra in range(1, len(texts) - len(self.header) + 1)]]
        raw: dict[str, str] = {}
        for place, value in enumerate(texts):
            name = names[place] or f"+{place + 1}"
            raw[name if name not in raw else f"{name} ({place + 1})"] = value
        return raw
