"""What /kinerja/ counts. Everything is grouped by the database and kept for five minutes.

Counting all years takes a second for a hundred thousand reports, so the worker counts the usual ranges before anybody
asks (`count_ahead`) and leaves the figures in the cache that all processes share.
"""

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.core.cache import cache, caches
from django.db.models import Case, Count, Min, Q, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from kanal.agencies.queries import Reference, reference
from kanal.channels.models import Medium
from kanal.reports.figures import Pace, States, WorkingDays, day_number, day_of
from kanal.reports.models import Report, ReportClock
from kanal.reports.queries.local_day import LocalDay
from kanal.reports.queries.overdue import COUNTED_KINDS, Places, by_place, counted, open_reports, overdue_reports
from kanal.reports.workflow import OPEN_VALUES, STATUS, Clock, Colour, Phase, Status

KEPT_SECONDS: Final = 300


@dataclass(frozen=True, slots=True)
class Scope:
    """Which reports a page speaks of: received from `since` to `until`, by channel and kind ("" is any)."""

    since: date | None
    until: date
    medium: str = ""
    kind: str = ""

    @property
    def key(self) -> str:
        """A name for what was counted."""
        return f"{self.since}:{self.until}:{self.medium}:{self.kind}"


@dataclass(frozen=True, slots=True)
class Row:
    """One agency or kecamatan; `id` is None for reports that have none yet.

    `overdue` and `open` count now and over everything, `states` only what came in the range.
    """

    id: int | None
    states: States
    overdue: int
    open: int
    pace: Pace = field(default_factory=Pace)


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that the page shows about one scope.

    `imported` of the counted reports came in a file of SP4N-LAPOR!, which tells their state but no moment of a duty.
    """

    counted_at: datetime
    since: date
    until: date
    states: States
    imported: int
    days: dict[int, States]
    kinds: dict[str, int]
    verify: Pace
    follow_up: Pace
    overdue: int
    open: int
    red_ages: dict[int, int]
    yellow_ages: dict[int, int]
    agencies: list[Row]
    districts: list[Row]


_SHAPE: Final = zlib.crc32(" ".join(part.name for of in (Figures, Row, Pace, States) for part in fields(of)).encode())


def midnight(day: date) -> datetime:
    """The moment at which a day of the regency begins."""
    return datetime.combine(day, time.min, tzinfo=reference().tz)


def conditions(scope: Scope, path: str = "") -> Q:
    """The reports of a scope, whistle-blowing never among them; `path` leads to the report ("report__")."""
    wanted = Q(**{f"{path}received_at__lt": midnight(scope.until + timedelta(days=1))})
    if scope.since:
        wanted &= Q(**{f"{path}received_at__gte": midnight(scope.since)})
    if scope.medium:
        wanted &= Q(**{f"{path}medium": scope.medium})
    kinds = [kind for kind in COUNTED_KINDS if scope.kind in {"", kind}]
    wanted &= Q(**{f"{path}kind__in": kinds})
    return wanted


def everything(scope: Scope) -> Q:
    """The channel and kind of a scope without its range, for what is counted however long ago it came."""
    wanted = Q(medium=scope.medium) if scope.medium else Q()
    return wanted & Q(kind__in=[kind for kind in COUNTED_KINDS if scope.kind in {"", kind}])


def figures_of(scope: Scope, *, at: datetime | None = None) -> Figures:
    """The figures of a scope, at most five minutes old; `counted_at` says how old."""
    if at:
        return _count(scope, at)
    found: Figures | None = cache.get(_key(scope)) or _shared(scope)
    return found or _counted(scope)


def count_ahead(scopes: Iterable[Scope]) -> int:
    """Count these scopes for whoever asks in the next five minutes, in whichever process; return how many."""
    return len([_counted(scope) for scope in scopes])


def _counted(scope: Scope) -> Figures:
    found = _count(scope, timezone.now())
    cache.set(_key(scope), found, KEPT_SECONDS)
    with suppress(OSError):  # a full disk: the figures are counted again next time, the page is not refused
        caches["shared"].set(_key(scope), found, KEPT_SECONDS)
    return found


def _shared(scope: Scope) -> Figures | None:
    """What another process counted; None too where its files cannot be read."""
    try:
        found: Figures | None = caches["shared"].get(_key(scope))
    except OSError:
        return None
    return found


def _key(scope: Scope) -> str:
    """Name figures of a scope, and of this shape: after an upgrade nobody reads what the version before it left."""
    return f"reports:performance:{_SHAPE}:{scope.key}"


def first_year() -> int:
    """The year of the oldest report; this year where there is none."""
    key = "reports:performance:first-year"
    found: int | None = cache.get(key)
    if found is None:
        first = counted().aggregate(first=Min("received_at"))["first"]
        found = reference().today(first).year
        cache.set(key, found, KEPT_SECONDS)
    return found


def states_of(rows: Iterable[tuple[str, int]]) -> States:
    """Sort counts by status into the public colours."""
    sums = Counter[Colour]()
    for status, count in rows:
        sums[STATUS[Status(status)].colour] += count
    return States(sums[Colour.GREEN], sums[Colour.YELLOW], sums[Colour.RED], sums[Colour.NONE])


def _count(scope: Scope, at: datetime) -> Figures:
    facts = reference()
    reports, today = Report.objects.filter(conditions(scope)), facts.today(at)
    working = WorkingDays(facts.calendar)
    by_day = list(
        reports.annotate(day=LocalDay("received_at", facts.tz))
        .values_list("day", "status")
        .annotate(count=Count("pk"))
        .order_by()
    )
    sorts = reports.values_list("agency_id", "status", "kind", "medium").annotate(count=Count("pk")).order_by()
    by_agency = [(_answers_for(agency, status), status, count) for agency, status, _kind, _medium, count in sorts]
    by_region = list(reports.values_list("region_id", "status").annotate(count=Count("pk")).order_by())
    narrowed = everything(scope)
    late, waiting = by_place(overdue_reports(today).filter(narrowed)), by_place(open_reports().filter(narrowed))
    verify, follow_up, by_doer = _paces(scope, working, day_number(today))
    kinds, media = Counter[str](), Counter[str]()
    for _agency, status, kind, medium, count in sorts:
        counted = count if STATUS[Status(status)].phase is not Phase.GONE else 0
        kinds[kind] += counted
        media[medium] += counted
    days = _days(by_day)
    oldest = day_of(min(days)) if days else scope.until
    return Figures(
        counted_at=at,
        since=scope.since or oldest,
        until=scope.until,
        states=sum(days.values(), States()),
        imported=media[Medium.LAPOR],
        days=days,
        kinds=dict(kinds),
        verify=verify,
        follow_up=follow_up,
        overdue=sum(late.values()),
        open=sum(waiting.values()),
        red_ages=_ages(by_day, Colour.RED, working, day_number(today)),
        yellow_ages=_ages(by_day, Colour.YELLOW, working, day_number(today)),
        agencies=_agency_rows(by_agency, late, waiting, by_doer),
        districts=_district_rows(facts, by_region, late, waiting),
    )


def _answers_for(agency_id: int | None, status: str) -> int | None:
    """Who has a report: what is open is with the agency of today, what is finished keeps the name of who did it."""
    return reference().id_today(agency_id) if status in OPEN_VALUES else agency_id


def _days(by_day: list[tuple[int, str, int]]) -> dict[int, States]:
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for day, status, count in by_day:
        found[day].append((status, count))
    return {day: states_of(rows) for day, rows in found.items()}


def _ages(by_day: list[tuple[int, str, int]], colour: Colour, working: WorkingDays, today: int) -> dict[int, int]:
    ages = Counter[int]()
    for day, status, count in by_day:
        if STATUS[Status(status)].colour is colour:
            ages[working.between(day, today)] += count
    return dict(ages)


def _paces(scope: Scope, working: WorkingDays, today: int) -> tuple[Pace, Pace, dict[int | None, Pace]]:
    """The pace of verification, of follow-up, and of each agency's follow-up, from one query over both duties.

    A follow-up belongs to the agency that had the duty then, whoever has the report now; one that still waits to what
    that agency is today. Days with the same beginning
    and end come grouped, and each such pair is counted once.
    """
    tz = reference().tz
    groups = (
        ReportClock.objects.filter(
            conditions(scope, "report__"), kind__in=(Clock.VERIFY, Clock.FOLLOW_UP), voided_at=None
        )
        .annotate(
            # Verification is the coordinators' duty alone; without an agency its days fall into few groups.
            doer=Case(When(kind=Clock.FOLLOW_UP, then=Coalesce("agency_id", "report__agency_id"))),
            opened=LocalDay("opened_at", tz),
            met=LocalDay("met_at", tz),
        )
        .values_list("kind", "doer", "opened", "met", "paused_on", "paused_days")
        .annotate(count=Count("pk"))
        .order_by()
    )
    tally = PaceTally(working, today)
    # One by one: among 100,000 reports there are nearly as many groups, and the worker has 150 MB.
    for kind, doer, opened, met, paused_on, paused_days, count in groups.iterator():
        names: list[Any] = [Clock.VERIFY]
        if kind != Clock.VERIFY:
            names = [Clock.FOLLOW_UP, doer if met is not None else reference().id_today(doer)]
        tally.add(names, opened=opened, met=met, paused_on=paused_on, paused_days=paused_days, count=count)
    doers = {name for name in tally.names if not isinstance(name, Clock)}
    return tally.pace(Clock.VERIFY), tally.pace(Clock.FOLLOW_UP), {doer: tally.pace(doer) for doer in doers}


class PaceTally:
    """Adds duties up under names, done and waiting apart."""

    def __init__(self, working: WorkingDays, today: int) -> None:
        self._working = working
        self._today = today
        self._done: dict[Any, Counter[int]] = defaultdict(Counter)
        self._waiting: dict[Any, Counter[int]] = defaultdict(Counter)

    def add(
        self,
        names: Iterable[Any],
        *,
        opened: int,
        met: int | None,
        paused_on: date | None,
        paused_days: int,
        count: int = 1,
    ) -> None:
        """Count `count` duties alike; an open one has waited until today, or until it was stopped by a question."""
        end, sums = met, self._done
        if end is None:
            end, sums = (day_number(paused_on) if paused_on else self._today), self._waiting
        days = self._working.between(opened, end, paused_days)
        for name in names:
            sums[name][days] += count

    @property
    def names(self) -> set[Any]:
        """Every name that something was counted under."""
        return self._done.keys() | self._waiting.keys()

    def pace(self, name: Any) -> Pace:
        """What was counted under a name."""
        return Pace(dict(self._done.get(name, {})), dict(self._waiting.get(name, {})))


def _agency_rows(
    by_agency: list[tuple[int | None, str, int]], late: Places, waiting: Places, paces: dict[int | None, Pace]
) -> list[Row]:
    states: dict[int | None, list[tuple[str, int]]] = defaultdict(list)
    overdue, still_open = Counter[int | None](), Counter[int | None]()
    for agency, status, count in by_agency:
        states[agency].append((status, count))
    for places, sums in ((late, overdue), (waiting, still_open)):
        for (agency, _region), count in places.items():
            sums[reference().id_today(agency)] += count
    # Without an agency a report waits for the coordinator; a follow-up that nobody had cannot be.
    return [
        Row(
            *(agency, states_of(states.get(agency, ())), overdue[agency], still_open[agency]),
            pace=paces.get(agency, Pace()) if agency else Pace(),
        )
        for agency in states.keys() | still_open.keys() | {doer for doer in paces if doer}
    ]


def _district_rows(
    facts: Reference, by_region: list[tuple[int | None, str, int]], late: Places, waiting: Places
) -> list[Row]:
    states: dict[int | None, list[tuple[str, int]]] = defaultdict(list)
    overdue, still_open = Counter[int | None](), Counter[int | None]()
    for region, status, count in by_region:
        states[facts.district_id(region)].append((status, count))
    for places, sums in ((late, overdue), (waiting, still_open)):
        for (_agency, region), count in places.items():
            sums[facts.district_id(region)] += count
    return [
        Row(district, states_of(states.get(district, ())), overdue[district], still_open[district])
        for district in states.keys() | still_open.keys()
    ]
