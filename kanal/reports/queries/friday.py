"""What the leaders' Friday sheet counts: the week from Friday to Thursday before the meeting, next to the week before.

The sheet of the coming meeting, also on its day, shows what is overdue now, as /kinerja/ and the front page do. A sheet
of the past shows how things stood when that Friday began, as far as clocks remember: duties done or dropped since are
open again there. Titles, places and agencies are those of today, and only of reports that anybody may read.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Final

from django.core.cache import cache
from django.db.models import Avg, Count, F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from kanal.agencies.queries import reference
from kanal.reports.figures import Duty, Pace, Ratio, States, WorkingDays, day_number
from kanal.reports.models import Feedback, ReportClock
from kanal.reports.queries.local_day import LocalDay
from kanal.reports.queries.overdue import COUNTED_KINDS, OWED, counted, open_reports, overdue_reports
from kanal.reports.queries.performance import KEPT_SECONDS, midnight, states_of
from kanal.reports.workflow import OPEN_VALUES, STATUS, Clock, Phase, Status

WEEK: Final = timedelta(days=7)
WEEKS: Final = 8
DONE: Final = tuple(status for status in Status if STATUS[status].phase is Phase.DONE)
GONE: Final = tuple(status for status in Status if STATUS[status].phase is Phase.GONE)


@dataclass(frozen=True, slots=True)
class Group:
    """Overdue public reports of one category in one kecamatan: what a meeting can decide at once."""

    category_id: int
    district_id: int
    agency_id: int | None
    reports: int
    escalated: int
    days: int


@dataclass(frozen=True, slots=True)
class LateReport:
    """One overdue report that anybody may read."""

    code: str
    title: str
    region_id: int | None
    agency_id: int | None
    days: int


@dataclass(frozen=True, slots=True)
class Pile:
    """What lies at one agency, and how its follow-up kept its days over eight weeks."""

    agency_id: int
    open: int
    overdue: int
    in_time: Ratio


@dataclass(frozen=True, slots=True)
class WeekFigures:
    """One week: what came in, what was passed on and followed up in it, what was overdue at its end."""

    friday: date
    states: States
    verify: Pace
    in_time: Ratio
    overdue: int


@dataclass(frozen=True, slots=True)
class Topic:
    """How often a category was reported this week and the week before."""

    category_id: int
    now: int
    before: int


@dataclass(frozen=True, slots=True)
class Voices:
    """What was answered in the week and what reporters thought of it; `stars` is their mean."""

    answered: int
    answered_before: int
    reopen_asked: int
    rated: int
    stars: float | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything on the page; `stands_on` is the day of which it says what is open and overdue."""

    counted_at: datetime
    friday: date
    stands_on: date
    weeks: list[WeekFigures]
    open: int
    groups: list[Group]
    late: list[LateReport]
    late_hidden: int
    piles: list[Pile]
    topics: list[Topic]
    voices: Voices

    @property
    def now(self) -> WeekFigures:
        """The week of this sheet."""
        return self.weeks[-1]

    @property
    def before(self) -> WeekFigures:
        """The week before it."""
        return self.weeks[-2]


def sheet_of(friday: date, *, at: datetime | None = None) -> Sheet:
    """The sheet for the meeting of a Friday, at most five minutes old."""
    key = f"reports:friday:{friday}:{reference().today(at)}"
    found: Sheet | None = None if at else cache.get(key)
    if found is None:
        found = _Counting(friday, at or timezone.now()).sheet()
        cache.set(key, found, KEPT_SECONDS)
    return found


class _Counting:
    """Collects one sheet. `_cut` is the day whose beginning ends the week; `_today` what counts as late by then."""

    def __init__(self, friday: date, at: datetime) -> None:
        self._facts = reference()
        self._friday, self._at = friday, at
        self._real_today = self._facts.today(at)
        self._today = min(friday, self._real_today)
        self._working = WorkingDays(self._facts.calendar)
        self._fridays = [friday - WEEK * back for back in reversed(range(WEEKS))]
        self._duties = self._load_duties()

    def sheet(self) -> Sheet:
        late = self._late_at(self._friday)
        public = self._public(late)
        stands_open = self._open_by_agency()
        return Sheet(
            counted_at=self._at,
            friday=self._friday,
            stands_on=self._today,
            weeks=self._weeks(),
            open=sum(stands_open.values()),
            groups=self._groups(public, late),
            late=self._longest(public, late),
            late_hidden=len(late) - len(public),
            piles=self._piles(stands_open, late),
            topics=self._topics(),
            voices=self._voices(),
        )

    def _load_duties(self) -> list[Duty]:
        """Every duty that was done in the eight weeks, or late at the end of one of them."""
        tz = self._facts.tz
        start, end = midnight(self._fridays[0] - WEEK), midnight(self._friday)
        rows = (
            ReportClock.objects.filter(
                Q(met_at__gte=start) | Q(met_at=None, due_on__lt=self._friday),
                Q(voided_at=None) | Q(voided_at__gte=start),
                kind__in=OWED,
                opened_at__lt=end,
                report__kind__in=COUNTED_KINDS,
            )
            .annotate(
                doer=Coalesce("agency_id", "report__agency_id"),
                opened=LocalDay("opened_at", tz),
                met=LocalDay("met_at", tz),
                voided=LocalDay("voided_at", tz),
            )
            .values_list("report_id", "kind", "doer", "opened", "met", "voided", "paused_on", "paused_days", "due_on")
        )
        today = self._facts.id_today
        return [Duty._make([*row[:2], today(row[2]), *row[3:-1], day_number(row[-1])]) for row in rows]

    def _late_at(self, friday: date) -> dict[int, tuple[int, int | None]]:
        """Report to (its oldest missed day, the agency of that duty) when that Friday began."""
        cut, today = day_number(friday), day_number(min(friday, self._today))
        now = self._overdue_now if friday >= self._real_today else None
        if now is not None:
            cut = day_number(self._real_today) + 1
        found: dict[int, tuple[int, int | None]] = {}
        for duty in self._duties:
            if duty.is_late(cut, today) and (now is None or duty.report_id in now):
                known = found.get(duty.report_id)
                if known is None or duty.due < known[0]:
                    found[duty.report_id] = duty.due, duty.agency_id
        return found

    @cached_property
    def _overdue_now(self) -> frozenset[int]:
        return frozenset(overdue_reports(self._real_today).values_list("pk", flat=True))

    def _weeks(self) -> list[WeekFigures]:
        incoming: dict[date, list[tuple[str, int]]] = defaultdict(list)
        rows = (
            counted()
            .filter(received_at__gte=midnight(self._fridays[0] - WEEK), received_at__lt=midnight(self._friday))
            .annotate(day=LocalDay("received_at", self._facts.tz))
            .values_list("day", "status")
            .annotate(count=Count("pk"))
            .order_by()
        )
        for day, status, count in rows:
            weeks_back = (day_number(self._friday) - 1 - day) // WEEK.days
            incoming[self._friday - WEEK * weeks_back].append((status, count))
        return [self._week(friday, states_of(incoming[friday])) for friday in self._fridays]

    def _week(self, friday: date, states: States) -> WeekFigures:
        since = friday - WEEK
        return WeekFigures(
            friday, states, self._verify(since, friday), self._in_time(since, friday), self._late_count(friday)
        )

    def _late_count(self, friday: date) -> int:
        return len(self._late_at(friday))

    def _verify(self, since: date, until: date) -> Pace:
        low, cut = day_number(since), day_number(until)
        done = Counter(
            self._working.between(duty.opened, duty.met, duty.paused_days)
            for duty in self._duties
            if duty.kind == Clock.VERIFY and duty.met is not None and low <= duty.met < cut
        )
        return Pace(dict(done))

    def _in_time(self, since: date, until: date) -> Ratio:
        return sum(self._in_time_by_agency(since, until).values(), Ratio(0, 0))

    def _in_time_by_agency(self, since: date, until: date) -> dict[int | None, Ratio]:
        """Of the follow-ups decided in [since, until), the share that kept its day, for each agency."""
        low, cut = day_number(since), day_number(until)
        found: dict[int | None, Ratio] = defaultdict(lambda: Ratio(0, 0))
        for duty in self._duties:
            if duty.kind == Clock.FOLLOW_UP and (decided := duty.decided(day_number(self._today))):
                kept, day = decided
                if low <= day < cut:
                    found[duty.agency_id] += Ratio(int(kept), 1)
        return found

    def _open_by_agency(self) -> Counter[int | None]:
        end = midnight(self._friday)
        found = open_reports()
        if self._friday < self._real_today:
            found = counted().filter(
                Q(status__in=OPEN_VALUES)
                | Q(status__in=DONE, answered_at__gte=end)
                | Q(status__in=GONE, closed_at__gte=end),
                received_at__lt=end,
            )
        piles = Counter[int | None]()
        for agency_id, count in found.order_by().values_list("agency_id").annotate(count=Count("pk")):
            piles[self._facts.id_today(agency_id)] += count
        return piles

    def _public(self, late: dict[int, tuple[int, int | None]]) -> list[Any]:
        """The late reports that anybody may read, the longest late first."""
        if not late:
            return []
        candidates = ReportClock.objects.filter(
            Q(met_at=None) | Q(met_at__gte=midnight(self._friday)), kind__in=OWED, due_on__lt=self._today
        )
        rows = (
            counted()
            .filter(pk__in=candidates.values("report_id"), published=True, secret=False)
            .values_list(
                "id", "tracking_code", "title", "category_id", "region_id", "agency_id", "escalated_at", named=True
            )
        )
        return sorted((row for row in rows if row.id in late), key=lambda row: (late[row.id][0], row.id))

    def _days_late(self, due: int) -> int:
        return max(1, self._working.between(due, day_number(self._today)))

    def _groups(self, public: Sequence[Any], late: dict[int, tuple[int, int | None]]) -> list[Group]:
        groups: dict[tuple[int, int], list[Any]] = defaultdict(list)
        for row in public:
            district = self._facts.district_id(row.region_id)
            if row.category_id and district:
                groups[row.category_id, district].append(row)
        found = [
            Group(
                category_id=category,
                district_id=district,
                agency_id=Counter(self._facts.id_today(row.agency_id) for row in rows).most_common(1)[0][0],
                reports=len(rows),
                escalated=sum(1 for row in rows if row.escalated_at),
                days=self._days_late(late[rows[0].id][0]),
            )
            for (category, district), rows in groups.items()
        ]
        return sorted(found, key=lambda group: (-group.reports, -group.days, group.category_id, group.district_id))

    def _longest(self, public: Sequence[Any], late: dict[int, tuple[int, int | None]]) -> list[LateReport]:
        return [
            LateReport(
                *(row.tracking_code, row.title, row.region_id, self._facts.id_today(row.agency_id)),
                self._days_late(late[row.id][0]),
            )
            for row in public[:10]
        ]

    def _piles(self, stands_open: Counter[int | None], late: dict[int, tuple[int, int | None]]) -> list[Pile]:
        in_time = self._in_time_by_agency(self._friday - WEEK * WEEKS, self._friday)
        overdue = Counter(agency for _due, agency in late.values())
        found = [
            Pile(agency, count, overdue[agency], in_time.get(agency, Ratio(0, 0)))
            for agency, count in stands_open.items()
            if agency
        ]
        return sorted(found, key=lambda pile: (-pile.overdue, -pile.open, pile.agency_id))

    def _topics(self) -> list[Topic]:
        end = midnight(self._friday)
        this_week = Q(received_at__gte=midnight(self._friday - WEEK))
        rows = (
            counted()
            .filter(received_at__gte=midnight(self._friday - 2 * WEEK), received_at__lt=end)
            .exclude(Q(category=None) | Q(status__in=GONE))
            .values_list("category_id")
            .annotate(now=Count("pk", filter=this_week), before=Count("pk", filter=~this_week))
            .order_by(F("now").desc(), "before", "category_id")
        )
        return [Topic(*row) for row in rows[:10]]

    def _voices(self) -> Voices:
        end, start, earlier = (midnight(self._friday - WEEK * back) for back in range(3))
        week = Q(answered_at__gte=start)
        answers = (
            counted()
            .filter(answered_at__gte=earlier, answered_at__lt=end)
            .aggregate(now=Count("pk", filter=week), before=Count("pk", filter=~week))
        )
        asked = counted().filter(reopen_asked_at__gte=start, reopen_asked_at__lt=end).count()
        rated = Feedback.objects.filter(at__gte=start, at__lt=end, report__kind__in=COUNTED_KINDS).aggregate(
            count=Count("pk"), stars=Avg("stars")
        )
        return Voices(answers["now"], answers["before"], asked, rated["count"], rated["stars"])
