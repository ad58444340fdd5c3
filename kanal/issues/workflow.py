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
    """The supervisor of the agency that leads it."""
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
        Verb("rename", _("Ubah judul dan ringkasan"), _COORDINATOR, _ALL),
        Verb("describe", _("Ubah kategori, dinas dan wilayah"), _COORDINATOR, _ALL),
        Verb("add_reports", _("Tambah laporan"), _COORDINATOR, _ALL),
        Verb("remove_reports", _("Keluarkan laporan"), _COORDINATOR, _ALL),
        Verb("merge", _("Gabungkan ke isu lain"), _COORDINATOR, _ALL, public=True),
        Verb("absorb", _("Terima gabungan"), _COORDINATOR, _ALL),
        Verb("split", _("Pecah isu"), _COORDINATOR, _ALL),
    )
}
