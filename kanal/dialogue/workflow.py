"""The lives of episodes, promises and questions as data: statuses, verbs, who may do what. No database."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = str | Promise


class Status(StrEnum):
    """How far an episode has come. The stored value never changes; the words people read are in STATUS."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    HELD = "held"
    CANCELLED = "cancelled"


class PromiseStatus(StrEnum):
    """How far a promise has come. That it is late is no status: it is a matter of the day (Standing)."""

    OPEN = "open"
    CLAIMED = "claimed"
    KEPT = "kept"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"


class QuestionStatus(StrEnum):
    """How far a question to an episode has come."""

    WAITING = "waiting"
    ON_AIR = "on_air"
    ANSWERED = "answered"
    LATER = "later"
    ASIDE = "aside"


class Standing(StrEnum):
    """How a promise stands on a day, as everybody sees it. The values stand in addresses."""

    OPEN = "berjalan"
    LATE = "lewat"
    CLAIMED = "diperiksa"
    KEPT = "ditepati"
    KEPT_LATE = "terlambat"
    BROKEN = "tidak-ditepati"
    WITHDRAWN = "ditarik"


class Who(StrEnum):
    """In what capacity somebody stands before an episode or a promise; worked out by policy.capacities()."""

    HOST = "host"
    """Coordinators and announcers: they plan, invite and lead."""
    COORDINATOR = "coordinator"
    """Has the last word on promises."""
    AGENCY = "agency"
    """Officers and supervisors of the agency that it is about: the invited one, the one that promised."""
    HEAD = "head"
    """The supervisors of that agency."""
    NOTES = "notes"
    """Writes the minutes of that episode, as its host asked."""
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class StatusInfo:
    """How a status is drawn. Templates never choose a colour or an icon themselves."""

    word: Words
    icon: str
    colour: str


STATUS: dict[Status, StatusInfo] = {
    Status.DRAFT: StatusInfo(_("Disiapkan"), "pen", ""),
    Status.ANNOUNCED: StatusInfo(_("Diumumkan"), "calendar", "blue"),
    Status.HELD: StatusInfo(_("Sudah berlangsung"), "check", "green"),
    Status.CANCELLED: StatusInfo(_("Dibatalkan"), "x", "red"),
}
AHEAD = frozenset({Status.DRAFT, Status.ANNOUNCED})
"""Still to come: everything about it can change."""


STANDING: dict[Standing, StatusInfo] = {
    Standing.OPEN: StatusInfo(_("Berjalan"), "clock", "blue"),
    Standing.LATE: StatusInfo(_("Lewat tanggal"), "alert", "red"),
    Standing.CLAIMED: StatusInfo(_("Diperiksa"), "search", "yellow"),
    Standing.KEPT: StatusInfo(_("Ditepati"), "check", "green"),
    Standing.KEPT_LATE: StatusInfo(_("Ditepati, terlambat"), "half", "yellow"),
    Standing.BROKEN: StatusInfo(_("Tidak ditepati"), "x", "red"),
    Standing.WITHDRAWN: StatusInfo(_("Ditarik"), "back", ""),
}
PROMISE: dict[PromiseStatus, StatusInfo] = {
    PromiseStatus.OPEN: STANDING[Standing.OPEN],
    PromiseStatus.CLAIMED: STANDING[Standing.CLAIMED],
    PromiseStatus.KEPT: STANDING[Standing.KEPT],
    PromiseStatus.BROKEN: STANDING[Standing.BROKEN],
    PromiseStatus.WITHDRAWN: STANDING[Standing.WITHDRAWN],
}
QUESTION: dict[QuestionStatus, StatusInfo] = {
    QuestionStatus.WAITING: StatusInfo(_("Menunggu"), "clock", "yellow"),
    QuestionStatus.ON_AIR: StatusInfo(_("Sedang dibahas"), "radio", "blue"),
    QuestionStatus.ANSWERED: StatusInfo(_("Dijawab"), "check", "green"),
    QuestionStatus.LATER: StatusInfo(_("Acara berikutnya"), "calendar", ""),
    QuestionStatus.ASIDE: StatusInfo(_("Disisihkan"), "x", ""),
}
UNANSWERED = frozenset({QuestionStatus.WAITING, QuestionStatus.ON_AIR})
"""Somebody of the episode itself still owes it an answer, or a word that it comes later."""
SpokenOf = frozenset[Status] | frozenset[PromiseStatus] | frozenset[QuestionStatus]


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing done to an episode, a promise or a question: by whom, since which statuses, and where it leads.

    `to` None: it stays where it is. `past` is what the history says of it.
    """

    name: str
    words: Words
    by: frozenset[Who]
    since: SpokenOf = AHEAD
    to: Status | PromiseStatus | QuestionStatus | None = None
    past: Words = ""


_HOST = frozenset({Who.HOST})
_COORDINATOR = frozenset({Who.COORDINATOR})
_LIVE = frozenset({Who.HOST, Who.NOTES})
_CLOCK = frozenset({Who.CLOCK})
"""Nobody at the desk: it follows by itself."""
_ASKED = frozenset(QuestionStatus)
_KNOWN = frozenset({Status.ANNOUNCED, Status.HELD})
_OPEN, _CLAIMED = frozenset({PromiseStatus.OPEN}), frozenset({PromiseStatus.CLAIMED})
_UNKEPT = frozenset({PromiseStatus.OPEN, PromiseStatus.BROKEN})
_QUESTIONS = (
    Verb("ask", _("Catat pertanyaan"), _LIVE, frozenset({QuestionStatus.WAITING}), past=_("Ditanyakan")),
    Verb(
        "air",
        pgettext_lazy("pertanyaan", "Siarkan"),
        _LIVE,
        frozenset({QuestionStatus.WAITING, QuestionStatus.LATER}),
        QuestionStatus.ON_AIR,
        past=_("Dibacakan"),
    ),
    Verb(
        "answer",
        pgettext_lazy("pertanyaan", "Jawab"),
        _LIVE,
        _ASKED - {QuestionStatus.ANSWERED},
        QuestionStatus.ANSWERED,
        past=_("Dijawab"),
    ),
    Verb("later", _("Acara berikutnya"), _LIVE, UNANSWERED, QuestionStatus.LATER, past=_("Untuk acara berikutnya")),
    Verb(
        "requeue",
        _("Kembalikan ke antrean"),
        _LIVE,
        frozenset({QuestionStatus.ON_AIR, QuestionStatus.LATER, QuestionStatus.ASIDE}),
        QuestionStatus.WAITING,
        past=_("Kembali ke antrean"),
    ),
    Verb(
        "set_aside",
        _("Sisihkan"),
        _HOST,
        UNANSWERED | {QuestionStatus.LATER},
        QuestionStatus.ASIDE,
        past=_("Disisihkan"),
    ),
    Verb(
        "reword",
        _("Ubah pertanyaan"),
        _CLOCK,
        frozenset({QuestionStatus.WAITING, QuestionStatus.LATER}),
        past=_("Diubah penanyanya"),
    ),
    Verb(
        "retract",
        _("Tarik pertanyaan"),
        _CLOCK,
        frozenset({QuestionStatus.WAITING, QuestionStatus.LATER}),
        QuestionStatus.ASIDE,
        past=_("Ditarik penanyanya"),
    ),
    Verb("file", _("Jadikan laporan"), _HOST, _ASKED, past=_("Menjadi laporan")),
    Verb("link", _("Kaitkan"), _LIVE, _ASKED, past=_("Dikaitkan")),
)
VERBS: dict[str, Verb] = {
    verb.name: verb
    for verb in (
        Verb("plan", _("Rencanakan acara"), _HOST, past=_("Direncanakan")),
        Verb("change", _("Ubah jadwal dan tempat"), _HOST, past=_("Jadwal diubah")),
        Verb("announce", _("Umumkan"), _HOST, frozenset({Status.DRAFT}), Status.ANNOUNCED, past=_("Diumumkan")),
        Verb("invite", _("Undang dinas"), _HOST, past=_("Dinas diundang")),
        Verb("uninvite", _("Batalkan undangan"), _HOST, past=_("Undangan dibatalkan")),
        Verb("reply", _("Konfirmasi undangan"), frozenset({Who.HOST, Who.AGENCY}), past=_("Undangan dijawab")),
        Verb("arrange", _("Susun topik"), _HOST, past=_("Susunan topik diubah")),
        Verb(
            "hold",
            pgettext_lazy("acara", "Tandai sudah berlangsung"),
            _HOST,
            frozenset({Status.ANNOUNCED}),
            Status.HELD,
            past=_("Berlangsung"),
        ),
        Verb("cancel", _("Batalkan acara"), _HOST, to=Status.CANCELLED, past=_("Dibatalkan")),
        Verb("name_notes", _("Tunjuk notulis"), _HOST, AHEAD | _KNOWN, past=_("Notulis ditunjuk")),
        Verb("turn", _("Pindah topik"), _LIVE, frozenset({Status.ANNOUNCED}), past=_("Topik dibahas")),
        Verb("write", _("Tulis notulen"), _LIVE, _KNOWN, past=_("Notulen mulai ditulis")),
        Verb("close_minutes", _("Tutup notulen"), _HOST, frozenset({Status.HELD}), past=_("Notulen ditutup")),
        Verb("open_minutes", _("Buka lagi notulen"), _COORDINATOR, frozenset({Status.HELD}), past=_("Notulen dibuka")),
        *_QUESTIONS,
        Verb("promise", _("Catat janji"), _LIVE, _OPEN, past=_("Dijanjikan")),
        Verb("correct", _("Ubah janji"), _COORDINATOR, _OPEN, past=_("Diubah")),
        Verb(
            "fulfil",
            _("Laporkan selesai"),
            frozenset({Who.AGENCY, Who.COORDINATOR}),
            _UNKEPT,
            PromiseStatus.CLAIMED,
            past=_("Dilaporkan selesai oleh dinas"),
        ),
        Verb(
            "accept", _("Nyatakan ditepati"), _COORDINATOR, _CLAIMED, PromiseStatus.KEPT, past=_("Dinyatakan ditepati")
        ),
        Verb(
            "refuse",
            _("Kembalikan, belum selesai"),
            _COORDINATOR,
            _CLAIMED,
            PromiseStatus.OPEN,
            past=_("Dinilai belum selesai"),
        ),
        Verb(
            "give_up",
            _("Nyatakan tidak ditepati"),
            frozenset({Who.HEAD, Who.COORDINATOR}),
            _OPEN,
            PromiseStatus.BROKEN,
            past=_("Dinyatakan tidak ditepati"),
        ),
        Verb(
            "withdraw",
            _("Tarik dari daftar"),
            _COORDINATOR,
            _UNKEPT | _CLAIMED,
            PromiseStatus.WITHDRAWN,
            past=_("Ditarik dari daftar"),
        ),
        Verb(
            "escalate",
            _("Sampaikan ke atasan"),
            _CLOCK,
            _OPEN,
            past=_("Lewat tanggal: disampaikan ke kepala dinas"),
        ),
    )
}
