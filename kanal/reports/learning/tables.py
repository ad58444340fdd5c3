"""Rows of a labelled table in a file, for `kanal evaluate-routing`."""

from collections.abc import Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from kanal.channels.lapor.sources import NotAnExport, Table, tables
from kanal.reports.learning.places import Row

_SEARCHED = 50  # lines in which the names of the columns may stand


class BadTable(ValueError):  # noqa: N818  # it is an answer to a person, not a fault
    """A file that cannot be used; the message is a sentence for a person."""


def read_rows(path: Path, *, text: Sequence[str], label: str, places: Sequence[str]) -> list[Row]:
    """The rows of a CSV or XLSX file that have a text and a label. Raises BadTable."""
    wanted = [*text, label, *places]
    seen: list[str] = []
    try:
        for table in tables(path):
            found = _header(table, wanted)
            if isinstance(found, dict):
                header, columns = found[""], found
                rows = _rows(table, header, [columns[name] for name in wanted], texts=len(text))
                if not rows:
                    raise BadTable(_("%(file)s: tidak ada baris yang berisi teks dan label.") % {"file": path.name})
                return rows
            seen = max(seen, found, key=len)
    except NotAnExport as error:
        said = str(error)  # some of these sentences name the file, some say "this file"
        raise BadTable(said if path.name in said else f"{path.name}: {said}") from error
    missing = [name for name in wanted if name not in seen]
    raise BadTable(
        _("%(file)s: kolom %(missing)s tidak ada. Kolom yang ada: %(seen)s.")
        % {"file": path.name, "missing": ", ".join(missing), "seen": ", ".join(filter(None, seen)) or "-"}
    )


def _header(table: Table, wanted: Sequence[str]) -> dict[str, int] | list[str]:
    """Where each wanted column stands, and under "" the header's line; else the names of the likeliest header."""
    likeliest: list[str] = []
    for number, cells in table.lines():
        if number > _SEARCHED:
            break
        names = [str(cell).strip() for cell in cells]
        if set(wanted) <= set(names):
            return {"": number} | {name: names.index(name) for name in wanted}
        if len(set(wanted) & set(names)) >= len(set(wanted) & set(likeliest)) and not likeliest:
            likeliest = names
    return likeliest


def _rows(table: Table, header: int, columns: Sequence[int], *, texts: int) -> list[Row]:
    rows = []
    for number, cells in table.lines():
        if number <= header:
            continue
        values = [str(cells[at]).replace("\\n", "\n").strip() if at < len(cells) else "" for at in columns]
        said, label = "\n".join(filter(None, values[:texts])), values[texts]
        if said and label:
            rows.append(Row(said, label, tuple(values[texts + 1 :])))
    return rows
