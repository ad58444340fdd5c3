"""The watched folder: exports of SP4N-LAPOR! that people drop there are imported by the worker, a slice at a time.

Nothing here must survive a kill: the file stays where it is until all of it is in the database, and importing a line
twice changes nothing. What a file brought is a row, so that people see it on the page.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.agencies.queries import reference
from kanal.channels.actions import pulse
from kanal.channels.lapor import NotAnExport, Reject, RowOptions, open_export, write_rejects
from kanal.channels.lapor.folder import Folder, Mark
from kanal.channels.models import Medium
from kanal.common.refusal import Refused
from kanal.common.tasks import KeepGoing
from kanal.reports.actions.import_names import Names
from kanal.reports.actions.importing import Importer
from kanal.reports.models import LaporFile

LOOK_EVERY = 5.0
SLICE = 10.0
"""Seconds after which other work gets its turn; the file goes on at the next."""
MOST_ATTEMPTS = 5
"""How often a file is begun that never comes to its end (it kills the worker, or the import has a fault)."""
State = LaporFile.State


class _Import:
    """One file under way."""

    def __init__(self, folder: Folder, mark: Mark, row: LaporFile) -> None:
        self.folder, self.mark, self.row = folder, mark, row
        self.importer = Importer(Names())
        self._steps = self._all_steps()

    def _all_steps(self) -> Iterator[int]:
        export = open_export(self.folder.path / self.mark.name)
        self.row.expected = export.row_count_estimate
        yield from self.importer.steps(export, RowOptions(tz=reference().tz))

    def step(self) -> bool:
        """Do the next lines; False at the end. Raises NotAnExport."""
        more = next(self._steps, None) is not None
        tally, row = self.importer.tally, self.row
        row.read, row.added, row.renewed = tally.read, tally.added, tally.renewed + tally.touched
        row.ours, row.refused = tally.ours, len(tally.rejects)
        row.save()
        return more


class Watch:
    """Looks at the folder and works through its files; one per process, one process at a time."""

    def __init__(self) -> None:
        self._looked = 0.0
        self._folder: Folder | None = None
        self._held = ExitStack()
        self._now: _Import | None = None

    def turn(self, keep_going: KeepGoing, *, clock: Callable[[], float] = time.time) -> int:
        """Look, and import for up to SLICE seconds. Returns how many chunks and files were handled."""
        folder = self._chosen()
        if folder is None or (self._now is None and time.monotonic() - self._looked < LOOK_EVERY):
            return 0
        if self._now is None:
            self._looked = time.monotonic()
            self._begin(folder, clock())
        return self._go_on(keep_going) if self._now else 0

    def forget(self) -> None:
        """Let everything go, as a killed process would."""
        self._held.close()
        self._now, self._folder, self._looked = None, None, 0.0

    def _chosen(self) -> Folder | None:
        path = settings.LAPOR["folder"]
        if not path:
            return None
        if self._folder is None or self._folder.path != Path(path):
            self._folder = Folder(Path(path))
        return None if self._folder.problem() else self._folder

    def _begin(self, folder: Folder, now: float) -> None:
        """Take the first file that is whole and not known to need a person."""
        for mark in folder.whole(now=now):
            if _needs_person(mark):
                continue
            if not self._held.enter_context(folder.locked()):
                self._held.close()
                return
            row = _begun(mark)
            if row.state == State.READING:
                self._now = _Import(folder, mark, row)
                return
            self._held.close()

    def _go_on(self, keep_going: KeepGoing) -> int:
        current, handled, until = self._now, 0, time.monotonic() + SLICE
        if current is None:
            return 0
        try:
            while keep_going() and time.monotonic() < until:
                handled += 1
                if not current.step():
                    _end(current)
                    self._let_go()
                    break
        except (NotAnExport, Refused, OSError) as fault:
            _refuse(current, _sentence(fault))
            self._let_go()
        except Exception:
            self._let_go()  # the worker notes it; the file is begun again, at most MOST_ATTEMPTS times
            raise
        return handled

    def _let_go(self) -> None:
        self._now = None
        self._looked = 0.0
        self._held.close()


def _needs_person(mark: Mark) -> bool:
    return _known(mark).filter(state=State.KEPT).exists()


def _known(mark: Mark) -> QuerySet[LaporFile]:
    return LaporFile.objects.filter(name=mark.name, size=mark.size, changed_ns=mark.changed_ns)


@transaction.atomic
def _begun(mark: Mark) -> LaporFile:
    """The file's row, begun anew; KEPT when it was begun too often."""
    row, _made = LaporFile.objects.get_or_create(
        name=mark.name, size=mark.size, changed_ns=mark.changed_ns, defaults={"began_at": timezone.now()}
    )
    row.state, row.began_at, row.ended_at, row.message = State.READING, timezone.now(), None, ""
    row.attempts += 1
    if row.attempts > MOST_ATTEMPTS:
        row.state, row.ended_at = State.KEPT, timezone.now()
        row.message = _("Sudah %(times)s kali dimulai dan tidak pernah selesai.") % {"times": MOST_ATTEMPTS}
    row.save()
    return row


def _end(current: _Import) -> None:
    """All lines are in: put the file away, or keep it with the report of refused lines beside it."""
    row, folder, mark = current.row, current.folder, current.mark
    rejects = current.importer.tally.rejects
    if not folder.is_still(mark):
        _close(row, State.KEPT, _("Berkas ini berubah selama dibaca. Yang terbaru dibaca tersendiri."))
        return
    pulse.note_in(Medium.LAPOR, at=timezone.now())
    try:
        if rejects:
            write_rejects(folder.report_beside(mark), rejects)
            _close(row, State.KEPT, _("Sebagian barisnya ditolak. Sebabnya di %(name)s.") % {"name": _beside(current)})
            return
        folder.put_away(mark, at=timezone.now())
    except OSError:
        _close(row, State.KEPT, _("Semua barisnya masuk, tetapi folder itu tidak bisa ditulisi Kanal."))
        return
    _close(row, State.DONE, "")


def _sentence(fault: Exception) -> str:
    if isinstance(fault, OSError):
        return _("Berkas ini tidak bisa dibaca sampai selesai.")
    return str(getattr(fault, "sentence", fault))


def _refuse(current: _Import, sentence: str) -> None:
    """A file that is no export stays, with the sentence beside it."""
    if not current.folder.is_still(current.mark):
        _close(current.row, State.KEPT, _("Berkas ini diambil atau diubah sebelum selesai dibaca."))
        return
    try:
        write_rejects(current.folder.report_beside(current.mark), [Reject(0, "", sentence, {})])
    except OSError:
        sentence = f"{sentence} " + _("Folder itu tidak bisa ditulisi Kanal.")
    _close(current.row, State.KEPT, sentence)


def _beside(current: _Import) -> str:
    return current.folder.report_beside(current.mark).name


def _close(row: LaporFile, state: str, message: str) -> None:
    row.state, row.message, row.ended_at, row.attempts = state, message[:300], timezone.now(), 0
    row.save()


watch = Watch()
"""The watch of this process."""
