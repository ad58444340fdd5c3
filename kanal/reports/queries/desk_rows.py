"""A line of the queue as it is shown: every word, icon and colour chosen, so that the page only has to print it."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kanal.agencies.queries import Reference, reference
from kanal.channels.models import Medium
from kanal.common import formats
from kanal.common.calendar import WorkingCalendar
from kanal.common.obligations import Unit, days_left
from kanal.reports.models import Answer
from kanal.reports.workflow import NEVER, STATUS, Clock, Colour, Phase, Status, heading

SOON = 1
"""From this many working days on a deadline is shown in yellow."""
SUREST = 0.99
"""Nothing learned is certain, whatever the sum says."""

_OVER = frozenset(status.value for status, info in STATUS.items() if info.phase in {Phase.DONE, Phase.GONE})
"""What stands under the name of the agency that did it, even when it was merged since."""
_WORKED_ON = frozenset(status.value for status, info in STATUS.items() if info.phase is Phase.OPEN)


class Mark(NamedTuple):
    """A word with its icon and colour; `rest` is said after it, in plain type."""

    word: str
    icon: str
    colour: str
    rest: str = ""


class Proposed(NamedTuple):
    """Where Kanal would send a report that waits; `code` of the agency only where one key may do it."""

    agency: str
    code: str
    share: str
    words: str


class Row(NamedTuple):
    """One report in the queue. `tone` colours the edge of the line, `hand` says who has it.

    A tuple, because a template unpacks fifty of them quicker than it reads their attributes.
    """

    code: str
    version: int
    title: str
    place: str
    state: Mark
    hand: str
    clock: Mark | None
    tone: str
    came: str
    medium: str
    secret: bool
    proposed: Proposed | None


@lru_cache(maxsize=4096)
def _deadline(
    calendar: WorkingCalendar,
    today: date,
    due_on: date,
    *,
    kind: str,
    unit: Unit,
    language: str | None,  # noqa: ARG001  # tells the remembered answers of two languages apart
) -> Mark | None:
    """A deadline as people say it in the active language."""
    if due_on == NEVER:
        return None
    left = days_left(calendar, today, due_on, unit)
    if left < 0:
        said = formats.distance_days(left)
        return Mark(said[:1].upper() + said[1:], "alert", Colour.RED.value)
    colour = Colour.YELLOW.value if left <= SOON else ""
    if due_on == today:
        return Mark(_("Hari ini"), "clock", colour, _("meneruskan") if kind == Clock.VERIFY else "")
    return Mark(formats.short_day(due_on), "clock", colour, formats.distance_days(left))


class Rows:
    """Makes the lines of a page; what all reports share in one language, on one day, is worked out once."""

    def __init__(self) -> None:
        self._facts: Reference = reference()
        self._today: date = self._facts.today()
        self._language = get_language()
        self._marks = {
            status.value: Mark(str(info.staff_word), info.icon, info.colour.value) for status, info in STATUS.items()
        }
        self._media = {value: str(label) for value, label in Medium.choices}
        self._rapid = Mark(_("Reaksi cepat"), "siren", Colour.RED.value)
        self._returned = Mark(_("Dikembalikan"), "back", "")
        self._answers = {
            Answer.State.SUBMITTED.value: Mark(_("Jawaban menunggu persetujuan"), "pen", "blue"),
            Answer.State.APPROVED.value: Mark(_("Jawaban siap diterbitkan"), "check", "blue"),
        }
        self._reopen = Mark(_("Pelapor minta dibuka lagi"), "back", Colour.YELLOW.value)
        self._paused = Mark(_("Berhenti"), "pause", "", _("menunggu pelapor"))

    def __call__(self, row: Any) -> Row:
        """The line of one report: a row with the fields of `desk.ROW` and the state of an answer in the making."""
        clock = self._clock(row)
        rapid = row.urgency == 0 and row.status in _WORKED_ON
        returned = row.returned_by_id if row.status == Status.RECEIVED else None
        return Row(
            code=row.tracking_code,
            version=row.version,
            title=str(heading(row.kind, row.title)),
            place=self.place(row.region_id, row.place_text),
            state=self._rapid if rapid else self._returned if returned else self._marks[row.status],
            hand=self._hand(row, returned, rapid=rapid),
            clock=clock,
            tone=Colour.RED.value if rapid else clock.colour if clock else "",
            came=self._came(row.received_at),
            medium=self._media.get(row.medium, ""),
            secret=row.secret,
            proposed=self._proposed(row) if row.status == Status.RECEIVED else None,
        )

    def _proposed(self, row: Any) -> Proposed | None:
        agency = self._facts.agency_today(row.proposal__agency_id)
        if agency is None or not agency.active:
            return None
        share = "" if row.proposal__chance is None else formats.percent(min(row.proposal__chance, SUREST), 0)
        if not row.proposal__sure:
            words = _("tidak yakin: %(agency)s %(share)s") % {"agency": agency.short_name, "share": share}
            return Proposed(agency.short_name, "", share, words.strip())
        words = _("Teruskan %(code)s ke %(agency)s, usul Kanal %(share)s")
        told = {"code": row.tracking_code, "agency": agency.name, "share": share}
        return Proposed(agency.short_name, agency.code, share, (words % told).strip())

    def place(self, region_id: int | None, words: str) -> str:
        """The village and its kecamatan, or what the reporter said of the place."""
        region = self._facts.regions.get(region_id) if region_id else None
        return region.place if region else words

    def agency(self, agency_id: int | None) -> str:
        """The short name of an agency."""
        agency = self._facts.agencies.get(agency_id or 0)
        return agency.short_name if agency else ""

    def _hand(self, row: Any, returned: int | None, *, rapid: bool) -> str:
        if returned:
            return _("dari %(agency)s") % {"agency": self.agency(returned)}
        agency = self.agency(row.agency_id if row.status in _OVER else self._facts.id_today(row.agency_id))
        if not rapid:
            return agency
        word = self._marks[row.status].word
        return f"{word}, {agency}" if agency else word

    def _came(self, moment: datetime) -> str:
        local = moment.astimezone(self._facts.tz)
        return formats.clock_time(local) if local.date() == self._today else formats.tiny_day(local.date())

    def _clock(self, row: Any) -> Mark | None:
        if row.answer_state in self._answers:
            return self._answers[row.answer_state]
        if row.reopen_asked_at:
            return self._reopen
        if row.status == Status.NEEDS_INFO:
            return self._paused
        return self.clock(row.due_on, row.due_clock)

    def clock(self, due_on: date, kind: str, unit: Unit = Unit.WORKING_DAYS) -> Mark | None:
        """A deadline as people say it; None where nothing is owed."""
        return _deadline(self._facts.calendar, self._today, due_on, kind=kind, unit=unit, language=self._language)
