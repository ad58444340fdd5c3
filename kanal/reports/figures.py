"""The formulas of /kinerja/ and of the Friday sheet: pure counting, no database.

The page itself tells them, under "Cara menghitung". A change here is a change there.

Days here are whole numbers since 1 January 2000 in the regency's time zone, because groups of days come out of the
database by the thousand. A share or a mean below MINIMUM cases is None: such a figure would say more about chance than
about work.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, NamedTuple

from kanal.common.calendar import FIRST_YEAR, LAST_YEAR, WorkingCalendar

EPOCH: Final = date(FIRST_YEAR, 1, 1)
LAST_DAY: Final = (date(LAST_YEAR, 12, 31) - EPOCH).days
MINIMUM: Final = 10
VERIFY_LIMIT: Final = 3
FOLLOW_UP_LIMITS: Final = (3, 5, 10)
FOLLOW_UP_LIMIT: Final = 5
"""SP4N-LAPOR! passes reports on within 3 working days, agencies follow up within 5; 3 and 10 show the spread."""
AGE_LIMITS: Final = (5, 10, 20)

WEEKS_UP_TO: Final = 100
MONTHS_UP_TO: Final = 740
"""Up to so many days a chart has a column for each week, or each month; beyond, one for each year."""


def day_number(day: date) -> int:
    """Number a day of the regency."""
    return (day - EPOCH).days


def day_of(number: int) -> date:
    """The day with this number."""
    return EPOCH + timedelta(days=number)


@dataclass(frozen=True, slots=True)
class Ratio:
    """A part of a whole that remembers both, so that a page can show what it is a share of."""

    part: int
    whole: int

    def __add__(self, other: "Ratio") -> "Ratio":
        return Ratio(self.part + other.part, self.whole + other.whole)

    @property
    def share(self) -> float | None:
        """The share from 0 to 1; None below MINIMUM cases."""
        return self.part / self.whole if self.whole >= MINIMUM else None


@dataclass(frozen=True, slots=True)
class States:
    """How many reports are followed up (green), in process (yellow), not yet followed up (red), and put away (gone)."""

    green: int = 0
    yellow: int = 0
    red: int = 0
    gone: int = 0

    def __add__(self, other: "States") -> "States":
        return States(
            self.green + other.green, self.yellow + other.yellow, self.red + other.red, self.gone + other.gone
        )

    @property
    def counted(self) -> int:
        """The reports that figures speak of; merged and archived ones are no longer owed an answer of their own."""
        return self.green + self.yellow + self.red

    @property
    def open(self) -> int:
        """The reports that still wait for somebody."""
        return self.yellow + self.red

    @property
    def completion(self) -> Ratio:
        """The rate of completion: green among the counted."""
        return Ratio(self.green, self.counted)


@dataclass(frozen=True, slots=True)
class Pace:
    """Working days that duties took (`done`) or have waited so far (`waiting`), each as days to number of duties."""

    done: Mapping[int, int] = field(default_factory=dict)
    waiting: Mapping[int, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many duties are done."""
        return sum(self.done.values())

    @property
    def mean(self) -> float | None:
        """The mean number of working days of the duties done; None below MINIMUM of them."""
        if self.count < MINIMUM:
            return None
        return sum(days * count for days, count in self.done.items()) / self.count

    def overdue(self, limit: int) -> int:
        """How many duties wait longer than the limit already."""
        return sum(count for days, count in self.waiting.items() if days > limit)

    def within(self, limit: int) -> Ratio:
        """The honest share: done within `limit` days, among those done and those that wait longer than that already.

        A share of the done alone would rise when an agency leaves its difficult reports lying.
        """
        kept = sum(count for days, count in self.done.items() if days <= limit)
        return Ratio(kept, self.count + self.overdue(limit))


def whole_percents(counts: Sequence[int]) -> list[int]:
    """Round shares of one whole to whole per cents that sum to 100, by the largest remainder; all 0 for nothing.

    So 2,009, 112 and 32 of 2,153 are 93, 5 and 2 per cent, as Bojonegoro published them.
    """
    total = sum(counts)
    if not total:
        return [0] * len(counts)
    found = [count * 100 // total for count in counts]
    by_remainder = sorted(range(len(counts)), key=lambda place: (-(counts[place] * 100 % total), place))
    for place in by_remainder[: 100 - sum(found)]:
        found[place] += 1
    return found


class AgeGroup(NamedTuple):
    """So many reports whose age lies from `low` to `high` working days; `high` is None for the open end."""

    low: int
    high: int | None
    reports: int


def by_age(ages: Mapping[int, int], limits: Sequence[int] = AGE_LIMITS) -> list[AgeGroup]:
    """Sort ages (days to number of reports) into groups up to each limit and one beyond; they sum to the whole."""
    lows = [0, *(limit + 1 for limit in limits)]
    highs: list[int | None] = [*limits, None]
    return [
        AgeGroup(low, high, sum(n for days, n in ages.items() if days >= low and (high is None or days <= high)))
        for low, high in zip(lows, highs, strict=True)
    ]


class WorkingDays:
    """Working days between numbered days, each day looked up once: a page asks for ten thousand pairs."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        self._calendar = calendar
        self._known: dict[int, int] = {}

    def _position(self, number: int) -> int:
        # A day outside the calendar is a typing error of long ago; it must not take the whole page with it.
        number = min(max(number, 0), LAST_DAY)
        found = self._known.get(number)
        if found is None:
            found = self._known[number] = self._calendar.working_days_between(EPOCH, day_of(number))
        return found

    def between(self, opened: int, ended: int, paused: int = 0) -> int:
        """Working days after `opened` up to and with `ended`, without those waited for the reporter; never below 0."""
        return max(0, self._position(ended) - self._position(opened) - paused)


class Duty(NamedTuple):
    """One clock with its days numbered; `due` is the last day in time."""

    report_id: int
    kind: str
    agency_id: int | None
    opened: int
    met: int | None
    voided: int | None
    paused_on: date | None
    paused_days: int
    due: int

    @property
    def stopped_in_time(self) -> bool:
        """Whether the clock stands still since before its day passed, waiting for the reporter."""
        return self.paused_on is not None and day_number(self.paused_on) <= self.due

    def is_open(self, cut: int) -> bool:
        """Whether it was neither done nor dropped when the day `cut` began."""
        done = self.met is not None and self.met < cut
        dropped = self.voided is not None and self.voided < cut
        return self.opened < cut and not done and not dropped

    def is_late(self, cut: int, today: int) -> bool:
        """Whether it was open then and its day was past on `today`."""
        return self.due < today and not self.stopped_in_time and self.is_open(cut)

    def decided(self, today: int) -> tuple[bool, int] | None:
        """Whether the day was kept, and the day that decided it: that of the deed, or the one on which time ran out.

        None while nobody can say, and for duties dropped or stopped in time. Each duty is decided once, so a week's
        share neither rises by lying low nor falls for the old arrears of other weeks.
        """
        if self.met is not None and self.met <= self.due:
            return True, self.met
        dropped = self.voided is not None and self.voided <= self.due
        if self.due >= today or dropped or self.stopped_in_time:
            return None
        return False, self.due


class Unit(NamedTuple):
    """One column of a chart: its first day and the day after its last."""

    start: date
    end: date


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def columns(since: date, until: date) -> tuple[str, list[Unit]]:
    """Cut a period (both days inclusive) into "week", "month" or "year" columns; the first and last may be partial."""
    length = (until - since).days + 1
    found: list[Unit] = []
    start = since
    while start <= until:
        if length <= WEEKS_UP_TO:
            name, end = "week", start + timedelta(days=7 - start.weekday())
        elif length <= MONTHS_UP_TO:
            name, end = "month", _next_month(start)
        else:
            name, end = "year", date(start.year + 1, 1, 1)
        found.append(Unit(start, min(end, until + timedelta(days=1))))
        start = end
    return (name if found else "month"), found


def per_column(units: Iterable[Unit], days: Mapping[int, States]) -> list[States]:
    """Add the reports of each day up into the columns of a chart."""
    found = []
    for unit in units:
        low, high = day_number(unit.start), day_number(unit.end)
        found.append(sum((days[number] for number in days if low <= number < high), States()))
    return found


def friday_for(today: date) -> date:
    """The meeting whose sheet is wanted: tomorrow's on a Thursday, today's on a Friday, otherwise the last one."""
    thursday, friday, week = 3, 4, 7
    if today.weekday() == thursday:
        return today + timedelta(days=1)
    return today - timedelta(days=(today.weekday() - friday) % week)
