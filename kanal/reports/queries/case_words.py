"""How a case's history and clocks are said at the desk: one sentence for an event, one table for a deadline."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from kanal.agencies.queries import Reference, reference
from kanal.channels.models import Medium
from kanal.common import calendar_words
from kanal.common.calendar import DayNote
from kanal.common.formats import short_day, tiny_day
from kanal.common.obligations import Explanation, Obligation, Unit
from kanal.reports.models import ReportClock, ReportEvent
from kanal.reports.queries.case import Event
from kanal.reports.queries.public_case import took_days
from kanal.reports.workflow import CLOCK_WORDS, STATUS, VERBS, Clock, Status

Data = dict[str, Any]

_SAID: dict[str, Callable[[Data], str]] = {
    "receive": lambda d: _("Laporan masuk lewat %(medium)s") % {"medium": _medium(d.get("medium"))},
    "import": lambda d: _("Dimasukkan dari berkas SP4N-LAPOR!: %(status)s") % {"status": d.get("status_word", "")},
    "assign": lambda d: (
        (_("Diteruskan mesin ke %(agency)s") if "by_machine" in d else _("Diteruskan ke %(agency)s"))
        % {"agency": d.get("agency_name", "")}
    ),
    "recall": lambda d: _("Ditarik kembali dari %(agency)s") % {"agency": d.get("agency_name", "")},
    "return_": lambda d: _("Dikembalikan ke koordinator: %(reason)s") % {"reason": d.get("reason_name", "")},
    "start": lambda _d: _("Mulai ditangani"),
    "ask_info": lambda _d: _("Pelapor ditanya, hitungan berhenti"),
    "note": lambda _d: _("Catatan dalam"),
    "draft_answer": lambda _d: _("Jawaban ditulis"),
    "submit_answer": lambda _d: _("Jawaban diajukan ke atasan"),
    "approve_answer": lambda d: (
        _("Jawaban dikembalikan untuk diperbaiki") if d.get("sent_back") else _("Jawaban disetujui")
    ),
    "publish_answer": lambda _d: _("Jawaban terbit"),
    "merge": lambda d: _("Digabung dengan %(code)s") % {"code": d.get("into", "")},
    "merged_here": lambda d: _("%(code)s digabung ke laporan ini") % {"code": d.get("from", "")},
    "unmerge": lambda d: _("Dipisahkan lagi dari %(code)s") % {"code": d.get("from", "")},
    "archive": lambda d: _("Diarsipkan: %(reason)s") % {"reason": d.get("reason_name", "")},
    "withdraw": lambda _d: _("Dicabut pelapor"),
    "take_back": lambda _d: _("Catatan dibatalkan"),
    "reply": lambda d: _("Pelapor mengubah pesannya") if "message" in d else _("Pelapor menambah keterangan"),
    "change_message": lambda d: (
        _("%(who)s mengubah pesannya di %(medium)s") % {"who": _sender(d), "medium": _medium(d.get("medium"))}
    ),
    "remove_message": lambda d: (
        _("%(who)s menghapus pesannya di %(medium)s") % {"who": _sender(d), "medium": _medium(d.get("medium"))}
    ),
    "ask_reopen": lambda _d: _("Pelapor: belum selesai"),
    "reopen": lambda _d: _("Dibuka lagi"),
    "decline_reopen": lambda _d: _("Permintaan membuka lagi ditolak"),
    "feedback": lambda d: _("Pelapor memberi nilai %(stars)s") % {"stars": d.get("stars", "")},
    "close": lambda _d: _("Laporan ditutup"),
    "escalate": lambda _d: _("Dinaikkan ke atasan"),
    "flag_content": lambda _d: _("Seorang pembaca: isinya tidak pantas tampil"),
    "flag_rapid": lambda _d: _("Ditandai reaksi cepat"),
    "unflag_rapid": lambda _d: _("Tanda reaksi cepat dicabut"),
    "split": lambda d: _("Tugas untuk %(name)s") % {"name": d.get("for", "")},
    "answer_task": lambda _d: _("Tugas dijawab"),
    "close_task": lambda d: _("Tugas diterima") if d.get("accepted") else _("Tugas dibatalkan"),
    "renew_task": lambda _d: _("Tautan pihak luar diperpanjang"),
    "classify": lambda _d: _("Kategori atau tempat diubah"),
    "edit_public_text": lambda _d: _("Teks untuk umum diubah"),
    "adopt_photo": lambda d: (
        _("Foto dari pesan dijadikan lampiran, hanya untuk petugas")
        if d.get("inside")
        else _("Foto dari pesan dijadikan lampiran, tampil untuk umum")
    ),
    "take": lambda _d: _("Diambil petugas"),
    "open_identity": lambda _d: _("Identitas pelapor dibuka"),
    "told": lambda d: d.get("heading") or _("Kabar bersama"),
    "mirror": lambda d: (
        _MIRRORED.get(str(d.get("what")), lambda: "LAPOR! %(number)s")() % {"number": d.get("ticket", "")}
    ),
}


_MIRRORED: dict[str, Callable[[], str]] = {
    "pushed": lambda: _("Dikirim ke LAPOR!, nomor %(number)s"),
    "found": lambda: _("Ditemukan di LAPOR!, nomor %(number)s"),
    "entered": lambda: _("Ada di LAPOR!, nomor %(number)s"),
    "carried": lambda: _("Keadaannya disamakan di LAPOR!, nomor %(number)s"),
    "left": lambda: _("Perbedaan dengan LAPOR! dibiarkan, nomor %(number)s"),
    "again": lambda: _("Dikirim lagi ke LAPOR!"),
}


def _sender(data: Data) -> str:
    return _("Pelapor") if data.get("theirs") else _("Pengirim lain")


def _medium(value: object) -> str:
    return Medium(value).within if value in Medium.values else str(value or "")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of history, ready to be drawn. `message` is the number of the message that it repeats."""

    title: str
    at: datetime
    who: str
    colour: str
    note: str
    why: str
    public: bool
    message: int | None = None


def _who(event: Event) -> str:
    if event.name:
        return event.name
    return str(ReportEvent.By(event.by).label) if event.by in ReportEvent.By.values else event.by


def history(events: Iterable[Event], *, raw: bool) -> list[Line]:
    """The history in words. Without `raw` neither names nor what was written nor why."""
    return [_line(event, raw=raw) for event in events]


def _line(event: Event, *, raw: bool) -> Line:
    says = _SAID.get(event.verb)
    title = says(event.data) if says else str(VERBS[event.verb].words if event.verb in VERBS else event.verb)
    colour = STATUS[Status(event.to_status)].colour.value if event.to_status in set(Status) else ""
    why = str(event.data.get("why", "")) if raw else ""
    message = event.data.get("message") if raw else None
    return Line(title, event.at, _who(event), colour, event.note if raw else "", why, event.public, message)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a shown calculation: a day that counts, or a stretch that does not and why."""

    day: str
    text: str
    counted: bool
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Deadline:
    """One clock as the page shows it. `left` is None when it no longer runs; `rows` are the shown working."""

    word: str
    due_on: date
    left: int | None
    met: str = ""
    late: bool = False
    paused_on: date | None = None
    rows: tuple[Row, ...] = ()
    rule: str = ""
    terms: str = ""
    warnings: tuple[str, ...] = field(default=())


def deadlines(clocks: Sequence[ReportClock], today: date) -> list[Deadline]:
    """The clocks that count: running ones first, the most pressing at the top, then those that are met."""
    facts = reference()
    running = sorted((c for c in clocks if not c.is_met and c.voided_at is None), key=lambda clock: clock.due_on)
    met = [c for c in clocks if c.is_met and c.voided_at is None]
    return [_running(clock, facts, today) for clock in running] + [_met(clock, facts) for clock in reversed(met)]


def _word(clock: ReportClock) -> str:
    return str(CLOCK_WORDS[Clock(clock.kind)])


def _running(clock: ReportClock, facts: Reference, today: date) -> Deadline:
    shown = clock.explanation(facts.calendar, facts.tz, today)
    years = range(facts.today(clock.opened_at).year, shown.due_on.year + 1)
    return Deadline(
        word=_word(clock),
        due_on=shown.due_on,
        left=clock.days_left(facts.calendar, today),
        paused_on=clock.paused_on,
        rows=tuple(working(shown, facts.today(clock.opened_at), today)),
        rule=shown.rule,
        terms=_terms(clock),
        warnings=tuple(said for year in years if (said := calendar_words.warning(facts.calendar, year))),
    )


def _met(clock: ReportClock, facts: Reference) -> Deadline:
    done = facts.today(clock.met_at)
    days = took_days(clock, facts)
    late = clock.was_late(facts.tz)
    if late:
        said = _("Terlambat, %(day)s") % {"day": short_day(done)}
    elif done == facts.today(clock.opened_at):
        said = _("Hari yang sama")
    elif days == 0:
        said = _("Sebelum hari kerja pertama")
    else:
        said = _("Terpenuhi dalam %(days)s dari %(allowance)s hari") % {"days": days, "allowance": clock.allowance}
    return Deadline(_word(clock), clock.due_on, None, met=said, late=late, rule=clock.rule, terms=_terms(clock))


def _terms(clock: Obligation) -> str:
    if clock.unit == Unit.WORKING_DAYS:
        return _("%(amount)s hari kerja") % {"amount": clock.allowance}
    return _("%(amount)s hari") % {"amount": clock.allowance}


def working(shown: Explanation, opened_on: date, today: date) -> Iterable[Row]:
    """The counted days one by one, the skipped ones gathered into stretches: "21-22 Nov, dilewati: Sabtu, Minggu"."""
    yield Row(short_day(opened_on), _("mulai, hari pertama besok"), counted=False)
    for counted, group in groupby(shown.days, key=lambda note: note.counted):
        notes = list(group)
        if counted:
            for note in notes:
                yield _counted(note, shown.due_on, today)
        else:
            yield _skipped(notes)
    if shown.paused_since:
        yield Row(short_day(shown.paused_since), _("hitungan berhenti"), counted=False, strong=True)


def _counted(note: DayNote, due_on: date, today: date) -> Row:
    parts = [str(note.number)]
    if note.date == today:
        parts.append(_("hari ini"))
    if note.date == due_on:
        parts.append(_("tenggat"))
    return Row(short_day(note.date), ", ".join(parts), counted=True, strong=len(parts) > 1)


def _skipped(notes: list[DayNote]) -> Row:
    first, last = notes[0].date, notes[-1].date
    days = short_day(first) if first == last else f"{tiny_day(first)} – {tiny_day(last)}"
    reasons = list(dict.fromkeys(calendar_words.why_off(note) for note in notes))
    return Row(days, _("dilewati: %(reasons)s") % {"reasons": ", ".join(reasons)}, counted=False)
