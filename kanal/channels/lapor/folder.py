"""A folder into which people put exports: which files lie there whole, and what is wrong with the folder.

Knows no database. A file counts as whole when it has not changed for SETTLED seconds: copying takes time.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

SETTLED: Final = 30.0
"""Seconds."""
DONE: Final = "selesai"
REFUSED: Final = "-ditolak.csv"
"""Ends the name of the report that lies beside a file; such files are never taken for exports."""
_LOCK: Final = ".kanal-kunci"
_UNFINISHED: Final = frozenset({".part", ".partial", ".crdownload", ".download", ".tmp", ".filepart", ".swp"})


@dataclass(frozen=True, slots=True)
class Mark:
    """What tells one state of a file from the next."""

    name: str
    size: int
    changed_ns: int


class Folder:
    """The watched folder; remembers since when each file has been as it is."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._since: dict[Mark, float] = {}

    def problem(self) -> str:
        """What keeps the folder from being used, in a sentence; "" when nothing does."""
        if not self.path.is_dir():
            return _("Folder %(path)s tidak ada.") % {"path": self.path}
        if not os.access(self.path, os.R_OK | os.W_OK | os.X_OK):
            return _("Kanal tidak boleh membaca dan menulis di folder %(path)s.") % {"path": self.path}
        return ""

    def waiting(self) -> list[Mark]:
        """Every file that may be an export, in the order of their names, whole or not."""
        try:
            entries = sorted(os.scandir(self.path), key=lambda entry: entry.name)
        except OSError:
            return []
        return [mark for entry in entries if (mark := _mark(entry))]

    def whole(self, *, now: float) -> list[Mark]:
        """The files that nobody is writing any more; `now` in seconds since 1970."""
        marks = self.waiting()
        self._since = {mark: self._since.get(mark, now) for mark in marks}
        return [mark for mark in marks if max(now - self._since[mark], now - mark.changed_ns / 1e9) >= SETTLED]

    def is_still(self, mark: Mark) -> bool:
        """Whether a file is as it was."""
        return mark in self.waiting()

    def put_away(self, mark: Mark, *, at: datetime) -> None:
        """Move a finished file into its folder; one of that name that lies there keeps its own. Raises OSError."""
        done = self.path / DONE
        done.mkdir(mode=0o700, exist_ok=True)
        target = done / mark.name
        if target.exists():
            target = done / f"{target.stem}-{at:%Y%m%d-%H%M%S}{target.suffix}"
        self.report_beside(mark).unlink(missing_ok=True)
        (self.path / mark.name).replace(target)

    def report_beside(self, mark: Mark) -> Path:
        """Where the report of refused lines of a file goes."""
        return self.path / f"{mark.name}{REFUSED}"

    @contextmanager
    def locked(self) -> Iterator[bool]:
        """Hold the folder for one worker; gives False when another one has it. A killed worker holds nothing."""
        with (self.path / _LOCK).open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
                return
            yield True


def _mark(entry: "os.DirEntry[str]") -> Mark | None:
    name = entry.name
    if name.startswith((".", "~$")) or name.endswith(REFUSED) or Path(name).suffix.casefold() in _UNFINISHED:
        return None
    try:
        if not entry.is_file(follow_symlinks=False):
            return None
        told = entry.stat(follow_symlinks=False)
    except OSError:  # gone between two looks
        return None
    return Mark(name, told.st_size, told.st_mtime_ns)
