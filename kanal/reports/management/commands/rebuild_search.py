import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from kanal.common.text import WORDS
from kanal.reports.actions.reindexing import reindex_next
from kanal.reports.models import Report


class Command(BaseCommand):
    help = (
        "Writes every report's search words anew, after an update that changed the lists of words. Kanal may run "
        "meanwhile; stop it whenever you like, the next run goes on where this one stopped."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        try:
            with _progress_file() as file, Progress(*columns, console=console, disable=not console.is_terminal) as bar:
                done = self._rebuild(file, bar)
        except KeyboardInterrupt as error:
            raise CommandError(_("Dihentikan. Jalankan lagi untuk melanjutkan.")) from error
        except OperationalError as error:
            sentence = _("Basis data bermasalah: %(why)s. Jalankan lagi untuk melanjutkan.")
            raise CommandError(sentence % {"why": error}) from error
        self.stdout.write(_("Kata pencarian ditulis ulang untuk %(count)d laporan.") % {"count": done})

    def _rebuild(self, file: TextIO, bar: Progress) -> int:
        words = _lists()
        last, done = _stopped_at(file, words)
        total = Report.objects.count()
        if done:
            self.stdout.write(_("Melanjutkan: %(count)d laporan sudah selesai.") % {"count": done})
        task = bar.add_task(_("Menulis ulang kata pencarian"), total=total, completed=done)
        while (reached := reindex_next(last)) is not None:
            done += Report.objects.filter(pk__gt=last, pk__lte=reached).count()
            last = reached
            _keep(file, {"words": words, "last": last, "done": done})
            bar.update(task, completed=done, total=max(total, done))
        _keep(file, {})
        return done


@contextmanager
def _progress_file() -> Iterator[TextIO]:
    """Where a run that was stopped stands, held by one run at a time."""
    path: Path = settings.DATA_DIR / "rebuild-search.json"
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CommandError(_("Penulisan ulang lain sedang berjalan. Tunggu sampai selesai.")) from error
        yield file


def _keep(file: TextIO, told: dict[str, Any]) -> None:
    file.seek(0)
    file.truncate()
    json.dump(told, file)
    file.flush()


def _stopped_at(file: TextIO, words: str) -> tuple[int, int]:
    """The last report that was written, and how many were; from the beginning when the lists are others by now."""
    file.seek(0)
    try:
        told = json.load(file)
        if told.get("words") == words:
            return int(told["last"]), int(told["done"])
    except (ValueError, KeyError, AttributeError, TypeError):  # nothing kept, or cut off while it was
        pass
    return 0, 0


def _lists() -> str:
    """A fingerprint of the lists of words."""
    digest = sha256()
    for path in sorted(WORDS.glob("*.txt")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
