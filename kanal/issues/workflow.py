"""The life of an issue as data: statuses, verbs, who may do what from where. No database, no Django models."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = str | Promise


class Status(StrEnum):
    """How far an issue has come. The stored value never changes; the words people read are in STATUS."""

    CANDIDATE = "candidate"
    CONFIRMED = "confirmed"
    DISCUSSED = "discussed"
    PLANNED = "planned"
    BEING_FIXED = "being_fixed"
    DONE = "done"
    WATCHED = "watched"
    DISMISSED = "dismissed"


class Phase(StrEnum):
    """What a status means for boards, rankings and the public pages."""

    PROPOSED = "proposed"
    OPEN = "open"
    DONE = "done"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class StatusInfo:
    """How a status is drawn and counted. Templates never choose a colour or an icon themselves."""

    word: Words
    icon: str
    colour: str
    phase: Phase


STATUS: dict[Status, StatusInfo] = {
    Status.CANDIDATE: StatusInfo(_("Calon isu"), "question", "", Phase.PROPOSED),
    Status.CONFIRMED: StatusInfo(_("Diakui sebagai isu"), "ring", "red", Phase.OPEN),
    Status.DISCUSSED: StatusInfo(_("Sudah dibahas"), "chat", "yellow", Phase.OPEN),
    Status.PLANNED: StatusInfo(_("Direncanakan"), "calendar", "yellow", Phase.OPEN),
    Status.BEING_FIXED: StatusInfo(_("Sedang diperbaiki"), "half", "yellow", Phase.OPEN),
    Status.DONE: StatusInfo(pgettext_lazy("keadaan isu", "Selesai"), "check", "green", Phase.DONE),
    Status.WATCHED: StatusInfo(_("Dipantau"), "eye", "green", Phase.DONE),
    Status.DISMISSED: StatusInfo(_("Bukan isu"), "x", "", Phase.GONE),
}
CONFIRMED = frozenset(status for status in Status if STATUS[status].phase in {Phase.OPEN, Phase.DONE})
"""A person has said that it is an issue: it may be shown to everybody and moves freely from here to there."""


class Source(StrEnum):
    """Who said it."""

    MACHINE = "machine"
    PERSON = "person"


class Who(StrEnum):
    """In what capacity somebody stands before an issue; worked out by policy.capacities()."""

    COORDINATOR = "coordinator"
    LEAD = "lead"
    """The supervisor of the agency that leads it, or of the one that speaks in a bulletin."""
    OFFICER = "officer"
    """An officer of the agency that speaks in a bulletin."""
    MACHINE = "machine"
    ROOM = "room"
    """A room above on behalf of somebody who may do so there: the dialogue says that an issue was discussed."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing that can be done to an issue: by whom, from which statuses, and where it leads (None: stays)."""

    name: str
    words: Words
    by: frozenset[Who]
    since: frozenset[Status]
    to: Status | None = None
    public: bool = False


_ALL = frozenset(Status)
_COORDINATOR = frozenset({Who.COORDINATOR})
VERBS: dict[str, Verb] = {
    verb.name: verb
    for verb in (
        Verb("found", _("Buat isu"), frozenset({Who.COORDINATOR, Who.MACHINE}), _ALL, public=True),
        Verb(
            "confirm",
            _("Akui sebagai isu"),
            _COORDINATOR,
            frozenset({Status.CANDIDATE, Status.DISMISSED}),
            to=Status.CONFIRMED,
            public=True,
        ),
        Verb("dismiss", _("Bukan isu"), _COORDINATOR, _ALL - {Status.DISMISSED}, to=Status.DISMISSED),
        Verb(
            "move",
            _("Ubah keadaan"),
            frozenset({Who.COORDINATOR, Who.LEAD, Who.ROOM}),
            CONFIRMED,
            public=True,
        ),
        Verb(
            "tell",
            _("Kabari semua pelapor"),
            frozenset({Who.COORDINATOR, Who.LEAD, Who.ROOM}),
            CONFIRMED,
            public=True,
        ),
        Verb("rename", _("Ubah judul dan ringkasan"), _COORDINATOR, _ALL),
        Verb("describe", _("Ubah kategori, dinas dan wilayah"), _COORDINATOR, _ALL),
        Verb("add_reports", _("Tambah laporan"), _COORDINATOR, _ALL),
        Verb("remove_reports", _("Keluarkan laporan"), _COORDINATOR, _ALL),
        Verb("merge", _("Gabungkan ke isu lain"), _COORDINATOR, _ALL, public=True),
        Verb("absorb", _("Terima gabungan"), _COORDINATOR, _ALL),
        Verb("split", _("Pecah isu"), _COORDINATOR, _ALL),
    )
}


# Bulletins: one word to everybody concerned by an issue ---------------------------------------------------------------


class BulletinStatus(StrEnum):
    """How far a bulletin has come."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SENDING = "sending"
    STOPPED = "stopped"
    SENT = "sent"
    WITHDRAWN = "withdrawn"


class BulletinKind(StrEnum):
    """What it tells."""

    ANSWER = "answer"
    PROMISE = "promise"
    WORK = "work"


class LeftOut(StrEnum):
    """Why somebody is not told by message."""

    NO_ADDRESS = "no_address"
    OPTED_OUT = "opted_out"
    BOUNCED = "bounced"
    CLOSED = "closed"
    DELETED = "deleted"
    JOINED = "joined"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class KindInfo:
    """A kind of bulletin: what it is called, and the line above its text, where everybody and the reporters read it."""

    word: Words
    lead: Words
    icon: str


BULLETIN: dict[BulletinStatus, StatusInfo] = {
    BulletinStatus.DRAFT: StatusInfo(pgettext_lazy("kabar bersama", "Draf"), "pen", "", Phase.PROPOSED),
    BulletinStatus.SUBMITTED: StatusInfo(_("Menunggu dikirim atasan"), "clock", "yellow", Phase.PROPOSED),
    BulletinStatus.SENDING: StatusInfo(pgettext_lazy("kabar bersama", "Sedang dikirim"), "half", "blue", Phase.OPEN),
    BulletinStatus.STOPPED: StatusInfo(_("Dihentikan"), "pause", "red", Phase.OPEN),
    BulletinStatus.SENT: StatusInfo(pgettext_lazy("kabar bersama", "Terkirim"), "check", "green", Phase.DONE),
    BulletinStatus.WITHDRAWN: StatusInfo(_("Tidak jadi dikirim"), "x", "", Phase.GONE),
}
BULLETIN_KIND: dict[BulletinKind, KindInfo] = {
    BulletinKind.ANSWER: KindInfo(_("Jawaban untuk semua"), _("Jawaban %(agency)s tentang “%(issue)s”"), "chat"),
    BulletinKind.PROMISE: KindInfo(_("Janji ditepati"), _("%(agency)s menepati janjinya tentang “%(issue)s”"), "check"),
    BulletinKind.WORK: KindInfo(_("Pekerjaan selesai"), _("%(agency)s selesai mengerjakan “%(issue)s”"), "flag"),
}
LEFT_OUT: dict[LeftOut, Words] = {
    LeftOut.NO_ADDRESS: _("tidak meninggalkan alamat yang bisa dikirimi"),
    LeftOut.OPTED_OUT: _("minta tidak dikirimi lagi"),
    LeftOut.BOUNCED: _("alamatnya menolak pesan"),
    LeftOut.CLOSED: _("salurannya sekarang tidak bisa dikirimi"),
    LeftOut.DELETED: _("datanya sudah dihapus"),
    LeftOut.JOINED: _("orang yang sama, sudah dikabari di alamat lain"),
    LeftOut.GONE: _("laporannya keluar dari isu, atau tidak diikuti lagi"),
}


@dataclass(frozen=True, slots=True)
class BulletinVerb:
    """One thing that can be done to a bulletin: by whom, from which statuses, and where it leads (None: stays)."""

    name: str
    words: Words
    past: Words
    by: frozenset[Who]
    since: frozenset[BulletinStatus]
    to: BulletinStatus | None = None


_WRITERS = frozenset({Who.COORDINATOR, Who.LEAD, Who.OFFICER})
_SENDERS = frozenset({Who.COORDINATOR, Who.LEAD})
_UNSENT = frozenset({BulletinStatus.DRAFT, BulletinStatus.SUBMITTED})
_SENDING, _STOPPED = frozenset({BulletinStatus.SENDING}), frozenset({BulletinStatus.STOPPED})
BULLETIN_VERBS: dict[str, BulletinVerb] = {
    verb.name: verb
    for verb in (
        BulletinVerb("draft", _("Tulis kabar"), _("Ditulis"), _WRITERS, frozenset({BulletinStatus.DRAFT})),
        BulletinVerb("write", _("Ubah isinya"), _("Diubah"), _WRITERS, _UNSENT, BulletinStatus.DRAFT),
        BulletinVerb(
            "submit",
            _("Minta atasan mengirim"),
            _("Diajukan ke atasan"),
            _WRITERS,
            frozenset({BulletinStatus.DRAFT}),
            BulletinStatus.SUBMITTED,
        ),
        BulletinVerb("send", _("Kirim"), _("Mulai dikirim"), _SENDERS, _UNSENT, BulletinStatus.SENDING),
        BulletinVerb("withdraw", _("Tidak jadi"), _("Tidak jadi dikirim"), _WRITERS, _UNSENT, BulletinStatus.WITHDRAWN),
        BulletinVerb("stop", _("Hentikan pengiriman"), _("Dihentikan"), _WRITERS, _SENDING, BulletinStatus.STOPPED),
        BulletinVerb("resume", _("Lanjutkan pengiriman"), _("Dilanjutkan"), _SENDERS, _STOPPED, BulletinStatus.SENDING),
        BulletinVerb(
            "extend",
            _("Kirim juga kepada yang baru"),
            _("Dikirim juga kepada yang baru"),
            _SENDERS,
            frozenset({BulletinStatus.SENT}),
            BulletinStatus.SENDING,
        ),
        BulletinVerb(
            "finish",
            _("Selesai"),
            _("Selesai dikirim"),
            frozenset({Who.MACHINE}),
            _SENDING,
            BulletinStatus.SENT,
        ),
    )
}
