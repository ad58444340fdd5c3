"""Working days of a regency: which days count, which do not, and why.

Pure Python. National holidays come from the `holidays` package, the regency's own table overrides them. Reasons are
Indonesian phrases, kept as data; `calendar_words` says them in the reader's language.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import holidays

# Outside these bounds a deadline is a typing error, and the package knows neither Islamic dates nor decrees.
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100
# The longest allowance in law is 100 working days; pauses of many years on top of it still fit.
MAX_DAYS: Final = 5_000
# Cuti bersama did not exist before; the years until then lack nothing.
FIRST_YEAR_WITH_COLLECTIVE_LEAVE: Final = 2002

WAITING: Final = "menunggu keterangan"
LOCAL_HOLIDAY: Final = "libur daerah"
COLLECTIVE_LEAVE: Final = "cuti bersama"
ESTIMATED: Final = "(perkiraan)"
WEEKDAYS: Final = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
SATURDAY_AND_SUNDAY: Final = frozenset({5, 6})


@dataclass(frozen=True)
class DayNote:
    """One day of a shown calculation: its number when it counted, the reason when it did not."""

    date: date
    counted: bool
    number: int | None
    reason: str


class Pause(NamedTuple):
    """A stretch in which a clock stood still: the days after `paused_on`, up to and including `resumed_on`."""

    paused_on: date
    resumed_on: date


class _Year(NamedTuple):
    new_year: int  # ordinal of 1 January
    working: list[date]
    upto: list[int]  # working days up to and including each day of the year
    reasons: dict[date, str]  # what is special about a day; plain working days are absent


def local_date(moment: datetime, tz: ZoneInfo) -> date:
    """Return the day on which `moment` fell in the regency: Sunday 23:00 UTC is Monday 06:00 WIB, thus Monday.

    Raises ValueError for a moment without a time zone, because nobody can say which day that was.
    """
    if moment.utcoffset() is None:
        raise ValueError("Waktu tanpa zona waktu tidak dapat diubah menjadi tanggal.")
    return moment.astimezone(tz).date()


@lru_cache(maxsize=128)
def national(year: int, category: str, language: str = "id") -> dict[date, str]:
    """The days off of one category of the `holidays` package, with their names in one of its languages."""
    found = holidays.country_holidays("ID", years=year, categories=(category,), language=language)
    return {day: name.replace("; ", ", ") for day, name in found.items() if day.year == year}


class WorkingCalendar:
    """The days that count in one place of work.

    `overrides` is the regency's own table, date to (name, is_working_day); a row wins over the national calendar and
    over the weekend, in both directions. `count_collective_leave` says whether cuti bersama stops the count.
    `weekend` holds weekday numbers (Monday is 0); a unit with a six-day week passes {6}. Without `national` no holiday
    is looked up. Every method raises ValueError for days before 2000 or after 2100, and for more days than an allowance
    can have. One calendar serves many requests and threads: build it once for a state of the table.
    """

    def __init__(
        self,
        overrides: Mapping[date, tuple[str, bool]] | None = None,
        *,
        count_collective_leave: bool = True,
        weekend: frozenset[int] = SATURDAY_AND_SUNDAY,
        national: bool = True,
    ) -> None:
        if not weekend < frozenset(range(7)):
            raise ValueError("Akhir pekan berisi angka 0 (Senin) sampai 6 (Minggu), dan tidak boleh seluruh minggu.")
        self._overrides = dict(overrides or {})
        self._collective = count_collective_leave and national
        self._weekend = weekend
        self._national = national
        self._years: dict[int, _Year] = {}

    def is_working_day(self, day: date) -> bool:
        """Whether `day` counts."""
        return self._position(day) > self._position_before(day)

    def reason(self, day: date) -> str:
        """Why `day` does not count, in Indonesian; "" for a plain working day.

        A day off that the regency made a working day has that row's name.
        """
        return self._year_of(day).reasons.get(day, "")

    def add_working_days(self, start: date, count: int) -> date:
        """Return the day number `count` when the day after `start` is the first to be looked at; `start` for 0."""
        if not 0 <= count <= MAX_DAYS:
            raise ValueError(f"Jumlah hari harus antara 0 dan {MAX_DAYS}, bukan {count}.")
        position = self._position(start) + count
        if not count:
            return start
        year = self._year(start.year)
        number = start.year
        while position > len(year.working):
            position -= len(year.working)
            number += 1
            year = self._year(number)
        return year.working[position - 1]

    def working_days_between(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and including `end`; negative when `end` is the earlier one."""
        if end < start:
            return -self.working_days_between(end, start)
        whole_years = sum(len(self._year(year).working) for year in range(start.year, end.year))
        return whole_years + self._position(end) - self._position(start)

    def next_working_day(self, day: date) -> date:
        """Return `day` itself when it counts, otherwise the first day after it that does."""
        return day if self.is_working_day(day) else self.add_working_days(day, 1)

    def add_with_pauses(self, start: date, count: int, pauses: Iterable[tuple[date, date]] = ()) -> tuple[date, int]:
        """Return the day number `count` with the pauses added, and how many days they added.

        A pause that began after the deadline had passed adds nothing: asking late does not heal lateness. Overlapping
        pauses are counted once, days before `start` not at all.
        """
        due, effective = self._effective_pauses(start, count, pauses)
        return due, sum(self.working_days_between(*pause) for pause in effective)

    def explain(self, start: date, count: int, pauses: Iterable[tuple[date, date]] = ()) -> list[DayNote]:
        """Return every day from the one after `start` to the deadline, counted or skipped with its reason."""
        due, effective = self._effective_pauses(start, count, pauses)
        notes: list[DayNote] = []
        number = 0
        for day in _days(start, due):
            working = self.is_working_day(day)
            if working and not any(begin < day <= end for begin, end in effective):
                number += 1
                notes.append(DayNote(day, counted=True, number=number, reason=self.reason(day)))
            else:
                notes.append(DayNote(day, counted=False, number=None, reason=WAITING if working else self.reason(day)))
        return notes

    def confirmed(self, year: int) -> bool:
        """Whether the cuti bersama of `year` is known, from the package or from an override named "Cuti bersama …".

        True as well where cuti bersama does not matter: before 2002, and in a calendar that does not observe it.
        """
        if not self._collective or year < FIRST_YEAR_WITH_COLLECTIVE_LEAVE:
            return True
        return bool(national(_sane(year), holidays.GOVERNMENT)) or any(
            day.year == year and name.casefold().startswith(COLLECTIVE_LEAVE)
            for day, (name, _working) in self._overrides.items()
        )

    def estimated(self, year: int) -> list[date]:
        """Return the days off of `year` whose date is not yet certain.

        An estimated date for which the regency has its own row is certain.
        """
        names = national(_sane(year), holidays.PUBLIC) if self._national else {}
        return sorted(day for day, name in names.items() if ESTIMATED in name and day not in self._overrides)

    def _effective_pauses(
        self, start: date, count: int, pauses: Iterable[tuple[date, date]]
    ) -> tuple[date, list[tuple[date, date]]]:
        due = self.add_working_days(start, count)
        reached = start
        effective = []
        for paused_on, resumed_on in sorted(pauses):
            begin = max(paused_on, reached)
            if begin > due or begin >= resumed_on:
                continue
            due = self.add_working_days(due, self.working_days_between(begin, resumed_on))
            reached = resumed_on
            effective.append((begin, resumed_on))
        return due, effective

    def _position(self, day: date) -> int:
        year = self._year_of(day)
        return year.upto[day.toordinal() - year.new_year]

    def _position_before(self, day: date) -> int:
        year = self._year_of(day)
        index = day.toordinal() - year.new_year
        return year.upto[index - 1] if index else 0

    def _year_of(self, day: date) -> _Year:
        # A datetime is a date to Python, but which day it is depends on a time zone that only local_date() knows.
        if isinstance(day, datetime):
            raise TypeError("Kalender menghitung tanggal; ubah waktu dengan local_date() dahulu.")
        return self._year(day.year)

    def _year(self, number: int) -> _Year:
        year = self._years.get(number)
        if year is None:
            year = self._years[number] = self._build(_sane(number))
        return year

    def _build(self, number: int) -> _Year:
        first, last = date(number, 1, 1), date(number, 12, 31)
        year = _Year(first.toordinal(), [], [], {})
        for day in _days(first - timedelta(days=1), last):
            reason = self._day_off(day)
            name, works = self._overrides.get(day, ("", not reason))
            if works:
                year.working.append(day)
                reason = name if reason else ""
            elif day in self._overrides:
                reason = name or LOCAL_HOLIDAY
            if reason:
                year.reasons[day] = reason
            year.upto.append(len(year.working))
        return year

    def _day_off(self, day: date) -> str:
        """Return why the national calendar or the weekend makes `day` free, "" when it does not."""
        if self._national and (name := national(day.year, holidays.PUBLIC).get(day)):
            return name
        if self._collective and (name := national(day.year, holidays.GOVERNMENT).get(day)):
            return f"{COLLECTIVE_LEAVE}: {name[len(COLLECTIVE_LEAVE) :].strip()}"
        return WEEKDAYS[day.weekday()] if day.weekday() in self._weekend else ""


def _sane(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"Tahun {year} di luar kalender, yang berlaku dari {FIRST_YEAR} sampai {LAST_YEAR}.")
    return year


def _days(after: date, until: date) -> Iterator[date]:
    for ordinal in range(after.toordinal() + 1, until.toordinal() + 1):
        yield date.fromordinal(ordinal)


# Calendar days, counted by the same rules: no weekend, no holiday.
EVERY_DAY: Final = WorkingCalendar(weekend=frozenset(), national=False)
