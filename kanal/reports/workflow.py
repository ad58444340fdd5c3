"""The life of a report as data: statuses, verbs, who may do what from where. No database, no Django models."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = str | Promise

NEVER = date(9999, 12, 31)
"""The due date of a report that waits for nobody (closed, archived, or its clock paused)."""


class Kind(StrEnum):
    """What a citizen's words are. Whistle-blowing is seen by the Inspektorat alone."""

    COMPLAINT = "complaint"
    ASPIRATION = "aspiration"
    INFORMATION = "information"
    WHISTLEBLOWING = "whistleblowing"


class Status(StrEnum):
    """Where a report stands. The stored value never changes; the words people read are in STATUS."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    NEEDS_INFO = "needs_info"
    ANSWERED = "answered"
    CLOSED = "closed"
    MERGED = "merged"
    ARCHIVED = "archived"


class Phase(StrEnum):
    """The type of a status: what it means for lists, figures and the outside world."""

    OPEN = "open"
    WAITING = "waiting"
    DONE = "done"
    GONE = "gone"


class Colour(StrEnum):
    """The public colours of SP4N-LAPOR!: red not followed up, yellow in process, green followed up or done."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    NONE = ""


class Clock(StrEnum):
    """The duties that are timed; the settle clock's allowance depends on the kind of report."""

    VERIFY = "verify"
    FOLLOW_UP = "follow_up"
    SETTLE = "settle"
    REPLY = "reply"
    INFO_WAIT = "info_wait"


@dataclass(frozen=True, slots=True)
class StatusInfo:
    """How a status is drawn and counted. Templates never choose a colour or an icon themselves."""

    word: Words
    staff_word: Words
    icon: str
    colour: Colour
    phase: Phase
    stops_clock: bool = False


STATUS: dict[Status, StatusInfo] = {
    Status.RECEIVED: StatusInfo(_("Belum ditindaklanjuti"), _("Belum diteruskan"), "ring", Colour.RED, Phase.OPEN),
    Status.ASSIGNED: StatusInfo(_("Belum ditindaklanjuti"), _("Belum ditangani"), "ring", Colour.RED, Phase.OPEN),
    Status.IN_PROGRESS: StatusInfo(
        _("Sedang diproses"), pgettext_lazy("keadaan laporan", "Ditangani"), "half", Colour.YELLOW, Phase.OPEN
    ),
    Status.NEEDS_INFO: StatusInfo(
        _("Menunggu keterangan pelapor"), _("Menunggu pelapor"), "pause", Colour.YELLOW, Phase.WAITING, stops_clock=True
    ),
    Status.ANSWERED: StatusInfo(_("Sudah ditindaklanjuti"), _("Dijawab"), "check", Colour.GREEN, Phase.DONE),
    Status.CLOSED: StatusInfo(_("Selesai"), _("Selesai"), "check", Colour.GREEN, Phase.DONE),
    Status.MERGED: StatusInfo(_("Digabung dengan laporan lain"), _("Digabung"), "merge", Colour.NONE, Phase.GONE),
    Status.ARCHIVED: StatusInfo(_("Diarsipkan"), _("Diarsipkan"), "box", Colour.NONE, Phase.GONE),
}

_IN_CONFIDENCE: dict[Status, StatusInfo] = {
    **dict.fromkeys(
        (Status.RECEIVED, Status.ASSIGNED),
        StatusInfo(_("Diterima Inspektorat"), "", "lock", Colour.NONE, Phase.OPEN),
    ),
    Status.IN_PROGRESS: StatusInfo(_("Sedang diperiksa Inspektorat"), "", "lock", Colour.NONE, Phase.OPEN),
    Status.NEEDS_INFO: StatusInfo(_("Sedang diperiksa Inspektorat"), "", "lock", Colour.NONE, Phase.WAITING),
    **{
        status: StatusInfo(_("Selesai diperiksa Inspektorat"), "", "check", Colour.NONE, STATUS[status].phase)
        for status in (Status.ANSWERED, Status.CLOSED, Status.MERGED, Status.ARCHIVED)
    },
}


def public_info(status: Status, kind: Kind) -> StatusInfo:
    """How a status is told to citizens. Whistle-blowing says whose hands it is in and nothing more."""
    return _IN_CONFIDENCE[status] if kind is Kind.WHISTLEBLOWING else STATUS[status]


KIND_WORDS: dict[Kind, Words] = {
    Kind.COMPLAINT: _("Pengaduan"),
    Kind.ASPIRATION: pgettext_lazy("jenis laporan", "Usul"),
    Kind.INFORMATION: _("Permintaan informasi"),
    Kind.WHISTLEBLOWING: _("Laporan pengawasan"),
}


def heading(kind: str, title: str) -> Words:
    """The title as people read it. Whistle-blowing keeps none of its own: its kind stands there."""
    return KIND_WORDS[Kind.WHISTLEBLOWING] if kind == Kind.WHISTLEBLOWING else title


CLOCK_WORDS: dict[Clock, Words] = {
    Clock.VERIFY: _("Diperiksa dan diteruskan"),
    Clock.FOLLOW_UP: _("Tindak lanjut"),
    Clock.SETTLE: _("Penyelesaian"),
    Clock.REPLY: _("Waktu menilai"),
    Clock.INFO_WAIT: _("Menunggu keterangan"),
}


def allowance_kind(clock: Clock, kind: Kind, *, supervision: bool) -> str:
    """The allowance row that times a clock: settling takes 5, 14 or 60 days by kind, the rest have one row each."""
    if clock is not Clock.SETTLE:
        return clock.value
    if kind is Kind.WHISTLEBLOWING:
        return "settle_whistleblowing"
    return "settle_supervision" if supervision else f"settle_{kind.value}"


class Who(StrEnum):
    """In what capacity somebody stands before one report; worked out by policy.capacities()."""

    COORDINATOR = "coordinator"
    HANDLER = "handler"
    """An officer of the agency that has the report."""
    HEAD = "head"
    """The supervisor of the agency that has the report."""
    INSPECTOR = "inspector"
    REPORTER = "reporter"
    """Holds the private link."""
    RECORDER = "recorder"
    """Has just written the report down for somebody; policy.retractor() says when that still counts."""
    SYSTEM = "system"
    LEADER = "leader"


STAFF_OF_CASE = frozenset({Who.COORDINATOR, Who.HANDLER, Who.HEAD, Who.INSPECTOR})
RUNNING = frozenset({Status.RECEIVED, Status.ASSIGNED, Status.IN_PROGRESS, Status.NEEDS_INFO})
HANDLED = frozenset({Status.ASSIGNED, Status.IN_PROGRESS, Status.NEEDS_INFO})
ALL = frozenset(Status)
WRONGLY_SENT = frozenset({"return_", "recall"})
"""Verbs by which a report leaves an agency that it was not for; their lines of history name it."""
OPEN_VALUES = tuple(s.value for s in Status if STATUS[s].phase in {Phase.OPEN, Phase.WAITING})


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing that can be done to a report: from which statuses, by whom, and where it leads (None: stays)."""

    name: str
    words: Words
    by: frozenset[Who]
    since: frozenset[Status]
    to: Status | None = None
    public: bool = False
    icon: str = "right"


def _verb(
    name: str, words: Words, by: set[Who] | frozenset[Who], since: set[Status] | frozenset[Status], **more: object
) -> tuple[str, Verb]:
    return name, Verb(name, words, frozenset(by), frozenset(since), **more)  # type: ignore[arg-type]  # plain data below


_CHIEF = frozenset({Who.COORDINATOR, Who.INSPECTOR})
VERBS: dict[str, Verb] = dict(
    [
        _verb(
            "assign",
            _("Teruskan"),
            _CHIEF | {Who.SYSTEM},  # of Kanal itself the policy asks more: see policy.routes_alone
            RUNNING | {Status.ANSWERED},
            to=Status.ASSIGNED,
            public=True,
            icon="right",
        ),
        _verb("recall", _("Tarik kembali"), {Who.COORDINATOR}, {Status.ASSIGNED}, to=Status.RECEIVED, icon="back"),
        _verb("return_", _("Bukan wewenang"), {Who.HANDLER, Who.HEAD}, HANDLED, to=Status.RECEIVED, icon="back"),
        _verb(
            "start",
            _("Mulai tangani"),
            STAFF_OF_CASE,
            {Status.ASSIGNED},
            to=Status.IN_PROGRESS,
            public=True,
            icon="half",
        ),
        _verb(
            "ask_info",
            _("Minta keterangan"),
            STAFF_OF_CASE,
            RUNNING - {Status.NEEDS_INFO},
            to=Status.NEEDS_INFO,
            public=True,
            icon="question",
        ),
        _verb("note", _("Catatan"), STAFF_OF_CASE, ALL, icon="chat"),
        _verb(
            "draft_answer", _("Tulis jawaban"), STAFF_OF_CASE, HANDLED | {Status.RECEIVED, Status.ANSWERED}, icon="pen"
        ),
        _verb(
            "submit_answer",
            _("Ajukan ke atasan"),
            STAFF_OF_CASE,
            HANDLED | {Status.RECEIVED, Status.ANSWERED},
            icon="right",
        ),
        _verb(
            "approve_answer",
            _("Setujui jawaban"),
            {Who.HEAD, Who.COORDINATOR, Who.INSPECTOR},
            HANDLED | {Status.RECEIVED, Status.ANSWERED},
            icon="check",
        ),
        _verb(
            "publish_answer",
            _("Terbitkan jawaban"),
            STAFF_OF_CASE,
            HANDLED | {Status.RECEIVED, Status.ANSWERED},
            to=Status.ANSWERED,
            public=True,
            icon="check",
        ),
        _verb("merge", _("Gabungkan"), _CHIEF, RUNNING, to=Status.MERGED, public=True, icon="merge"),
        _verb("unmerge", _("Pisahkan lagi"), _CHIEF, {Status.MERGED}, icon="merge"),
        _verb("archive", _("Arsipkan"), _CHIEF | {Who.SYSTEM}, RUNNING, to=Status.ARCHIVED, public=True, icon="box"),
        _verb("withdraw", _("Cabut laporan"), {Who.REPORTER}, RUNNING, to=Status.ARCHIVED, public=True, icon="x"),
        _verb("take_back", _("Batalkan catatan"), {Who.RECORDER}, {Status.RECEIVED}, to=Status.ARCHIVED, icon="x"),
        _verb("reply", _("Tambah keterangan"), {Who.REPORTER}, ALL - {Status.ARCHIVED, Status.MERGED}, icon="chat"),
        _verb("add_contact", _("Tambah kontak"), {Who.REPORTER}, ALL - {Status.ARCHIVED, Status.MERGED}, icon="mail"),
        _verb("ask_reopen", _("Belum selesai"), {Who.REPORTER}, {Status.ANSWERED, Status.CLOSED}, icon="back"),
        _verb(
            "reopen",
            _("Buka lagi"),
            _CHIEF,
            {Status.ANSWERED, Status.CLOSED, Status.ARCHIVED},
            to=Status.IN_PROGRESS,
            public=True,
            icon="back",
        ),
        _verb("decline_reopen", _("Tetap selesai"), _CHIEF, {Status.ANSWERED, Status.CLOSED}, public=True, icon="x"),
        _verb("feedback", _("Beri nilai"), {Who.REPORTER}, {Status.ANSWERED, Status.CLOSED}, icon="star"),
        _verb(
            "close",
            _("Tutup laporan"),
            STAFF_OF_CASE | {Who.SYSTEM, Who.REPORTER},
            {Status.ANSWERED},
            to=Status.CLOSED,
            public=True,
            icon="check",
        ),
        _verb("escalate", _("Naikkan ke atasan"), STAFF_OF_CASE | {Who.SYSTEM}, RUNNING, icon="alert"),
        _verb("flag_rapid", _("Tandai reaksi cepat"), STAFF_OF_CASE | {Who.SYSTEM}, RUNNING, icon="siren"),
        _verb("unflag_rapid", _("Cabut tanda reaksi cepat"), _CHIEF, RUNNING, icon="siren"),
        _verb("split", _("Beri tugas"), STAFF_OF_CASE, HANDLED, icon="list"),
        _verb("answer_task", _("Jawab tugas"), STAFF_OF_CASE, ALL, icon="pen"),
        _verb("close_task", _("Terima tugas"), STAFF_OF_CASE, ALL, icon="check"),
        _verb("renew_task", _("Perpanjang tautan"), STAFF_OF_CASE, ALL, icon="clock"),
        _verb("classify", _("Ubah kategori dan tempat"), STAFF_OF_CASE, RUNNING | {Status.ANSWERED}, icon="gear"),
        _verb("edit_public_text", _("Ubah teks untuk umum"), STAFF_OF_CASE, ALL, icon="eye"),
        _verb(
            "adopt_photo",
            _("Jadikan lampiran"),
            STAFF_OF_CASE,
            ALL - {Status.ARCHIVED, Status.MERGED},
            icon="camera",
        ),
        _verb("take", _("Ambil"), {Who.HANDLER, Who.HEAD}, HANDLED, icon="user"),
        _verb("open_identity", _("Buka identitas"), STAFF_OF_CASE, ALL, icon="key"),
    ]
)
