"""The rejects file: every refused line with its reason, ready to be mended and imported again."""

import csv
import os
from collections.abc import Iterable
from pathlib import Path

from django.utils.translation import gettext as _

from kanal.channels.lapor.rows import Reject
from kanal.common.export import safe_cell


def write_rejects(path: Path, rejects: Iterable[Reject]) -> int:
    """Write the rejects as CSV that spreadsheets open safely and only the owner can read; return how many.

    The lines keep their own column names, so the mended file can be imported as it is.
    """
    kept = list(rejects)
    names = list(dict.fromkeys(name for reject in kept for name in reject.raw))
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)  # the lines may name people
    with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([_("Nomor baris"), _("Sebab"), *map(safe_cell, names)])
        for reject in kept:
            told = [reject.raw.get(name, "") for name in names]
            writer.writerow([reject.line, *map(safe_cell, [reject.reason, *told])])
    return len(kept)
