"""Lists of places with their Kemendagri codes, in our own columns or as `kode,nama`. No database."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

_CODE: Final = re.compile(r"\d{2}(?:\.\d{2}(?:\.\d{2}(?:\.\d{4})?)?)?")
_COLUMNS: Final = {
    "code": ("code", "kode"),
    "name": ("name", "nama"),
    "level": ("level", "tingkat"),
    "parent": ("parent", "induk"),
    "lat": ("lat", "lintang", "latitude"),
    "lon": ("lon", "lng", "bujur", "longitude"),
    "population": ("population", "penduduk"),
    "area_km2": ("area_km2", "luas", "luas_km2"),
}
_LEVELS: Final = {2: "kabupaten", 3: "kecamatan", 4: "desa"}
_URBAN: Final = "1"  # the village's number begins with 1 in a kelurahan, with 2 in a desa
_LONGEST_NAME: Final = 80


class NotRegions(ValueError):  # noqa: N818  # it is an answer to a person, not a fault
    """The file is no list of places; the message says why."""


@dataclass
class RegionList:
    """The usable rows of one regency, parents before children, and a sentence for every line that is not."""

    rows: list[dict[str, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    elsewhere: int = 0
    """Rows of other regencies, passed over: the national list holds them all."""


def read_regions(path: Path, regency: str) -> RegionList:
    """The places of one regency (code `35.22`) in a file. Raises NotRegions when it has no codes and names."""
    found = RegionList()
    seen: set[str] = set()
    for line, row in _lines(path):
        code, name = row["code"], row["name"]
        if not _CODE.fullmatch(code) or not name or len(name) > _LONGEST_NAME:
            found.faults.append(_("Baris %(line)d: kode atau nama tidak terbaca.") % {"line": line})
        elif code != regency and not code.startswith(f"{regency}."):
            found.elsewhere += 1
        elif code in seen:
            found.faults.append(_("Baris %(line)d: kode %(code)s sudah ada.") % {"line": line, "code": code})
        else:
            fault = _complete(row)
            seen.add(code)
            found.rows.append(row)
            if fault:
                found.faults.append(_("Baris %(line)d: %(fault)s") % {"line": line, "fault": fault})
    found.rows.sort(key=lambda row: row["code"])
    return found


def _lines(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            header = [name.strip().casefold() for name in next(reader, [])]
            places = {key: header.index(name) for key, names in _COLUMNS.items() for name in names if name in header}
            if not {"code", "name"} <= places.keys():
                raise NotRegions(_("Kolom kode dan nama tidak ditemukan di baris pertama."))
            for cells in reader:
                if any(cells):
                    yield reader.line_num, {key: _cell(cells, places.get(key)) for key in _COLUMNS}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise NotRegions(_("Berkas %(name)s tidak bisa dibaca.") % {"name": path.name}) from error


def _cell(cells: list[str], place: int | None) -> str:
    return " ".join(cells[place].split()) if place is not None and place < len(cells) else ""


def _complete(row: dict[str, str]) -> str:
    """Work out level and parent from the code and drop numbers that are none; says what was dropped."""
    parts = row["code"].split(".")
    level = _LEVELS[len(parts)]
    row["level"] = "kelurahan" if level == "desa" and parts[-1].startswith(_URBAN) else level
    row["parent"] = "" if level == "kabupaten" else ".".join(parts[:-1])
    wrong = [name for name in ("lat", "lon", "population", "area_km2") if not _is_number(row, name)]
    for name in wrong:
        row[name] = ""
    if not (row["lat"] and row["lon"]):
        row["lat"] = row["lon"] = ""
    return _("angka %(names)s tidak terbaca dan dikosongkan.") % {"names": ", ".join(wrong)} if wrong else ""


def _is_number(row: dict[str, str], name: str) -> bool:
    try:
        value = float(row[name] or 0)
    except ValueError:
        return False
    if name == "population":
        return value.is_integer() and value >= 0
    limit = {"lat": 90.0, "lon": 180.0}.get(name, 1e7)
    return -limit <= value <= limit
