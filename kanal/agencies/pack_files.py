"""The files of a regency pack, read so that nothing in them is passed over in silence (packs/README.md)."""

import csv
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

Row = TypeVar("Row")

PACKS = Path(__file__).parent / "packs"
REGENCY = "regency.toml"
NUMBER = (int, float)
KEYS: Mapping[str, Mapping[str, type | tuple[type, ...]]] = {
    "": dict.fromkeys(("code", "name", "short_name", "code_prefix", "timezone", "brand"), str),
    "contact": dict.fromkeys(("office", "address", "phone", "whatsapp", "email", "website", "emergency"), str),
    "map": dict.fromkeys(("lat", "lon", "south", "west", "north", "east"), NUMBER),
}
"""Every key of regency.toml by its table; "" is the top."""
COLUMNS: Mapping[str, str] = {
    "regions.csv": "code name level parent lat lon population area_km2",
    "agencies.csv": "code name short_name kind parent region",
    "allowances.csv": "kind amount unit rule valid_from valid_to",
    "holidays.csv": "date name working",
}
"""The header of every table of this room's half, in its order."""


class PackError(ValueError):
    """Something in a pack that Kanal does not understand. Its text says what and where, for whoever wrote the pack."""


def known_packs() -> list[str]:
    """The names of the packs that came with this version."""
    return sorted(path.parent.name for path in PACKS.glob(f"*/{REGENCY}"))


def pack_folder(packs: Path, name: str, files: Iterable[str]) -> Path:
    """The folder of one pack. Raises PackError for an unknown pack, or a table in it that nobody would read."""
    folder = packs / name
    if name not in known_packs() or not folder.is_dir():
        raise PackError(f"Paket {name!r} tidak ada. Yang ada: {', '.join(known_packs())}.")
    tables = {path.name for path in folder.iterdir() if path.suffix in {".csv", ".toml"}}
    if strange := sorted(tables - {*files}):
        raise PackError(f"{folder.name}: berkas {', '.join(strange)} tidak dikenal. Yang dibaca: {', '.join(files)}.")
    return folder


def pack_rows(folder: Path, name: str, columns: str) -> Iterator[dict[str, str]]:
    """The rows of one table of a pack; a table that a pack does not have gives none.

    Raises PackError unless the header is exactly `columns` and every row has that many cells.
    """
    path = folder / name
    if not path.exists():
        return
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        header = " ".join(reader.fieldnames or ())
        if header != columns:
            raise PackError(f"{name}: judul kolomnya {header!r}, seharusnya {columns!r}.")
        for row in reader:
            if None in row or None in row.values():
                raise PackError(f"{name} baris {reader.line_num}: jumlah selnya tidak sama dengan judul kolom.")
            yield row


def regency_facts(folder: Path) -> dict[str, Any]:
    """The content of regency.toml. Raises PackError for a key that is unknown, missing, or of another type."""
    try:
        facts = tomllib.loads((folder / REGENCY).read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise PackError(f"{REGENCY}: {error}") from error
    tables = {"": {key: value for key, value in facts.items() if key not in KEYS}}
    tables |= {table: facts.get(table, {}) for table in KEYS if table}
    for table, keys in KEYS.items():
        place = f"{REGENCY} [{table}]" if table else REGENCY
        _check_keys(place, tables[table], keys)
    return facts


def _check_keys(place: str, told: Any, keys: Mapping[str, type | tuple[type, ...]]) -> None:
    if not isinstance(told, dict):
        raise PackError(f"{place}: harus berupa tabel.")
    for word, names in (("tidak dikenal", told.keys() - keys.keys()), ("belum ada", keys.keys() - told.keys())):
        if names:
            raise PackError(f"{place}: kunci {', '.join(sorted(names))} {word}.")
    for key, kind in keys.items():
        if not isinstance(told[key], kind) or isinstance(told[key], bool):
            raise PackError(f"{place}: nilai {key} harus {'teks' if kind is str else 'angka'}.")


def yes(cell: str) -> bool:
    """The meaning of a `yes` or `no` cell. Raises PackError for anything else."""
    if cell not in {"yes", "no"}:
        raise PackError(f"{cell!r} bukan yes atau no.")
    return cell == "yes"


def pointed(known: Mapping[str, Row], code: str, what: str) -> Row | None:
    """What a code in a cell points to; None for an empty cell. Raises PackError for a code that is nowhere."""
    if code and code not in known:
        raise PackError(f"{what} {code!r} tidak ada di paket ini.")
    return known.get(code)
