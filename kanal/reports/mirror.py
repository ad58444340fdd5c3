"""What a report's two lives have to say to each other: here and in SP4N-LAPOR!. Pure: no database.

LAPOR! is the record that the law asks for, Kanal is where people work. So what is ahead here is entered there, and
what is ahead there is shown to a person who decides; neither side is ever changed by itself.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from kanal.reports.models import LaporMirror, Report
from kanal.reports.workflow import STATUS, Status

State, Task = LaporMirror.State, LaporMirror.Task

STAGE: dict[str, int] = {
    Status.RECEIVED: 0,
    Status.ASSIGNED: 1,
    Status.IN_PROGRESS: 2,
    Status.NEEDS_INFO: 2,
    Status.ANSWERED: 3,
    Status.CLOSED: 4,
    Status.ARCHIVED: 4,
    Status.MERGED: 4,
}
BELONGS_THERE = frozenset({Status.ASSIGNED, Status.IN_PROGRESS, Status.NEEDS_INFO, Status.ANSWERED, Status.CLOSED})
"""Statuses of reports that must be in LAPOR!: somebody has looked at them, and they were not put away or merged."""
_PUT_AWAY = frozenset({Status.ARCHIVED, Status.MERGED})
_ANSWERED = STAGE[Status.ANSWERED]


@dataclass(frozen=True, slots=True)
class Pair:
    """Both statuses of one report, with the moments that matter."""

    ours: str
    told: str
    told_at: datetime | None = None
    answered_at: datetime | None = None
    carried_at: datetime | None = None

    @property
    def word(self) -> str:
        """The pair as it is stored when a person accepts it: another status or a newer answer asks again."""
        answered = int(self.answered_at.timestamp()) if self.answered_at else 0
        return f"{self.ours}|{self.told}|{answered}"


def pair_of(mirror: LaporMirror, report: Report) -> Pair:
    """Both statuses of a report."""
    return Pair(report.status, mirror.told, mirror.told_at, report.answered_at, mirror.carried_at)


def difference(pair: Pair, *, accepted: str = "") -> str:
    """What a person must do so that both sides say the same; NONE when they do, or when it was said to be fine."""
    task = _difference(pair)
    return Task.NONE.value if accepted == pair.word else task


def _difference(pair: Pair) -> str:
    ours, there = STAGE[pair.ours], STAGE.get(pair.told, 0)
    if (pair.told in _PUT_AWAY) != (pair.ours in _PUT_AWAY):
        return Task.UPDATE if pair.ours in _PUT_AWAY else Task.LOOK
    if pair.ours in _PUT_AWAY:
        return Task.NONE
    if ours >= _ANSWERED:
        return _after_answer(pair)
    if ours == there:
        asked_there = pair.told == Status.NEEDS_INFO
        return Task.NONE if pair.told == pair.ours else Task.LOOK if asked_there else Task.UPDATE
    return Task.UPDATE if ours > there else Task.LOOK


def _after_answer(pair: Pair) -> str:
    """What is left to do after our answer: bring the newest one there, then close the report there too."""
    known = max((at for at in (pair.told_at, pair.carried_at) if at), default=None)
    there = STAGE.get(pair.told, 0)
    newer = known is not None and pair.answered_at is not None and pair.answered_at > known
    if newer or there < _ANSWERED:
        return Task.ANSWER if pair.answered_at else Task.UPDATE
    return Task.UPDATE if STAGE[pair.ours] > there else Task.NONE  # LAPOR! closes by itself, and so do we


def settle(mirror: LaporMirror, report: Report, *, kept: str) -> None:
    """Work out the state and the task of a mirror anew; `kept` says why the report may not go there ("": it may)."""
    if mirror.state == State.MIRRORED:
        mirror.task = difference(pair_of(mirror, report), accepted=mirror.accepted)
    elif mirror.state == State.SENDING:
        mirror.task = Task.ENTER
    elif mirror.state == State.UNSURE:
        mirror.task = Task.CHECK
    elif kept or report.status not in BELONGS_THERE:
        mirror.state, mirror.task = State.HELD if kept else State.IDLE, Task.NONE
    else:
        mirror.state = mirror.state if mirror.state == State.REFUSED else State.DUE
        mirror.task = Task.ENTER


def advice(mirror: LaporMirror, pair: Pair, *, by_machine: bool, agency: str) -> str:
    """What to do about one report, as a sentence; "" when there is nothing to do."""
    if mirror.task == Task.UPDATE:
        return _update(pair, agency)
    if mirror.task == Task.LOOK:
        return _look(pair)
    if mirror.task == Task.ENTER and by_machine and mirror.state in {State.DUE, State.SENDING}:
        return _("Menunggu dikirim Kanal. Tidak perlu dikerjakan.")
    said = {
        Task.ENTER: _("Masukkan ke LAPOR! beserta jawabannya bila sudah ada, lalu tulis nomornya di sini."),
        Task.CHECK: _("Cari kode ini di LAPOR!. Ada: tulis nomornya. Tidak ada: kirim lagi."),
        Task.ANSWER: _("Salin jawaban terbaru ke LAPOR! sebagai tindak lanjut."),
    }
    return said.get(Task(mirror.task), "")


def _update(pair: Pair, agency: str) -> str:
    said = {
        Status.ASSIGNED: _("Verifikasi dan disposisikan di LAPOR! ke %(agency)s."),
        Status.IN_PROGRESS: _("Tandai di LAPOR! bahwa laporan sedang diproses %(agency)s."),
        Status.NEEDS_INFO: _("Minta kelengkapan kepada pelapor di LAPOR!."),
        Status.ARCHIVED: _("Arsipkan di LAPOR! dengan alasan yang sama."),
        Status.MERGED: _("Arsipkan di LAPOR! sebagai laporan ganda."),
        Status.CLOSED: _("Tutup laporan ini di LAPOR!."),
    }
    sentence = said.get(Status(pair.ours), _("Samakan keadaannya di LAPOR!: %(status)s."))
    return sentence % {"agency": agency or _("dinasnya"), "status": STATUS[Status(pair.ours)].staff_word}


def _look(pair: Pair) -> str:
    said = {
        Status.ARCHIVED: _("LAPOR! sudah mengarsipkannya. Periksa alasannya: arsipkan juga di sini, atau biarkan."),
        Status.CLOSED: _("LAPOR! sudah menutupnya. Bila memang selesai, jawab di sini juga; bila belum, biarkan."),
        Status.ANSWERED: _("Ada tindak lanjut di LAPOR!. Salin jawabannya ke sini, atau biarkan."),
        Status.NEEDS_INFO: _("LAPOR! menunggu kelengkapan dari pelapor. Tanyakan juga di sini, atau biarkan."),
    }
    further = _("Keadaannya di LAPOR! lebih maju. Lanjutkan di sini, atau biarkan.")
    return said.get(Status(pair.told or Status.RECEIVED), further)
