"""What an edition keeps: figures and masked words, frozen. Pure data; how it is worded is `wording.py`'s.

A change of meaning is a new SCHEMA and a branch in `thaw`; a field that only comes in addition has a default and needs
neither. Names stand here as they were called that week, so that no later change of an agency or a category shows.
"""

from datetime import date, datetime
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from kanal.common.few import LEAST
from kanal.common.refusal import Refused

SCHEMA = 1
WEEKS = 8


class Quote(msgspec.Struct, frozen=True):
    """What somebody said, masked, the kecamatan from which it came, and the report, which may be hidden one day."""

    text: str
    place: str = ""
    report: int = 0


class Promise(msgspec.Struct, frozen=True):
    """What an agency promised; `late` counts the working days since its day, 0 while there is time."""

    id: int
    text: str
    agency: str
    due: date
    late: int = 0
    broken: bool = False
    issue: int | None = None


class Matter(msgspec.Struct, frozen=True):
    """An issue as it stood. `weeks` are voices of each week, the oldest first; the last of them is this week."""

    id: int
    title: str
    place: int
    before: int | None
    status: str
    field: str
    agency: str
    weeks: list[int]
    voices: int
    reports: int
    unanswered: int
    overdue: int
    villages: int
    recent: int = 0
    usual: float = 0.0
    sudden: bool = False
    guest: bool = False
    """Led by somebody else: the figures are those of this agency's reports alone."""
    quotes: list[Quote] = []
    promises: list[Promise] = []


class Sudden(msgspec.Struct, frozen=True):
    """An issue that came up all of a sudden; `fresh` says that it was not announced last week."""

    id: int
    title: str
    recent: int
    usual: float
    candidate: bool
    fresh: bool


class Solved(msgspec.Struct, frozen=True):
    """An issue that became done or watched within the week."""

    id: int
    title: str
    status: str
    voices: int


class Part(msgspec.Struct, frozen=True):
    """A name and its voices this week."""

    name: str
    voices: int


class Field(msgspec.Struct, frozen=True):
    """A field of life: a top category with what lies below it. Of 1 to 4 voices only that there were some: None."""

    name: str
    weeks: list[int | None]
    overdue: int
    parts: list[Part] = []
    issues: list[str] = []
    quotes: list[Quote] = []


class Body(msgspec.Struct, frozen=True):
    """An agency or a kecamatan in a table. `in_time` is None where there were too few to say."""

    name: str
    week: int | None
    last: int | None
    open: int
    overdue: int
    in_time: float | None = None
    rate: float | None = None


class Case(msgspec.Struct, frozen=True):
    """An overdue report by its code; without a title unless everybody may read it."""

    code: str
    title: str
    days: int


class Returned(msgspec.Struct, frozen=True):
    """How often reports were given back for a reason within the week."""

    agency: str
    reason: str
    count: int


class Decision(msgspec.Struct, frozen=True):
    """What only the one at the top can say; `kind` chooses the sentence, the rest fills it in."""

    kind: str
    title: str
    agency: str = ""
    count: int = 0
    days: int = 0


class Summary(msgspec.Struct, frozen=True):
    """The week in a few numbers, next to the week before; `in_time` is None where there were too few to say."""

    voices: int
    voices_before: int
    reports: int
    reports_before: int
    open: int
    overdue: int
    overdue_before: int | None = None
    in_time: float | None = None
    in_time_before: float | None = None
    answered: int | None = None
    answered_before: int | None = None
    people: int = 0
    voices_whole: int = 0
    """The voices of all WEEKS weeks."""


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Everything an edition says. `places` are the places of all issues told, for next week's arrows."""

    schema: int = SCHEMA
    scope: str
    name: str
    regency: str
    friday: date
    since: date
    until: date
    counted_at: datetime
    compared: str = ""
    """The version of last week that it is compared with, such as 2026-W46; empty in the first week."""
    summary: Summary
    issues: list[Matter] = []
    places: dict[str, int] = {}
    told: int = 0
    hidden: int = 0
    candidates: int = 0
    sudden: list[Sudden] = []
    solved: list[Solved] = []
    promises: list[Promise] = []
    kept: list[Promise] = []
    promises_ended: int = 0
    promises_kept: int = 0
    decisions: list[Decision] = []
    fields: list[Field] = []
    quiet: list[str] = []
    districts: list[Body] = []
    agencies: list[Body] = []
    villages: list[Part] = []
    villages_hidden: int = 0
    cases: list[Case] = []
    returned: list[Returned] = []


class Taken(msgspec.Struct, frozen=True):
    """How many quotes and titles of an edition may no longer be told; counted when it is shown, never kept."""

    quotes: int = 0
    titles: int = 0


NOTHING = Taken()


def hush(voices: int) -> int | None:
    """The number of voices, None where there were too few to tell."""
    return None if 0 < voices < LEAST else voices


def freeze(figures: Figures) -> dict[str, Any]:
    """The figures as they are kept."""
    frozen: dict[str, Any] = msgspec.to_builtins(figures)
    return frozen


def thaw(kept: Any) -> Figures:
    """Read what was kept. Raises Refused (409) for another schema and for what cannot be read."""
    if not isinstance(kept, dict) or kept.get("schema") != SCHEMA:
        raise Refused(_("Lembar ini disusun oleh versi Kanal yang lain dan tidak bisa dibuka di sini."))
    try:
        return msgspec.convert(kept, Figures)
    except msgspec.ValidationError as error:
        raise Refused(_("Lembar ini rusak. Buat lagi dari tombol di daftar lembar.")) from error
