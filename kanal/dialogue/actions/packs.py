"""The programmes that a regency begins with."""

from pathlib import Path

from django.db import transaction

from kanal.agencies.actions import load_pack as load_places
from kanal.agencies.pack_files import pack_folder, pack_rows
from kanal.dialogue.models import Programme
from kanal.reports.actions.packs import load_pack as load_ways

PACKS = Path(__file__).parent.parent / "packs"
COLUMNS = {"programmes.csv": "code name about place"}
"""The header of every table of this room's part."""


@transaction.atomic
def load_regency(name: str) -> dict[str, int]:
    """Load every part of a pack, or nothing at all. Returns the rows that each file brought.

    Raises PackError, whose text says what is wrong and where.
    """
    return {**load_places(name), **load_ways(name), **load_pack(name)}


@transaction.atomic
def load_pack(name: str) -> dict[str, int]:
    """Load the programmes of a regency into an empty table only, because the coordinator edits them.

    A pack without this part brings none. Raises PackError.
    """
    if not (PACKS / name).is_dir() or Programme.objects.exists():
        return dict.fromkeys(COLUMNS, 0)
    folder = pack_folder(PACKS, name, COLUMNS)
    rows = {file: list(pack_rows(folder, file, columns)) for file, columns in COLUMNS.items()}
    Programme.objects.bulk_create(
        Programme(code=row["code"], name=row["name"], about=row["about"], place=row["place"])
        for row in rows["programmes.csv"]
    )
    return {file: len(found) for file, found in rows.items()}
