"""The figures of the front page: the last seven days, told honestly or not at all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count

from kanal.agencies.queries import Reference, reference
from kanal.common.calendar import local_date
from kanal.common.snapshot import Snapshot
from kanal.reports.models import Report
from kanal.reports.queries.overdue import counted, overdue_reports
from kanal.reports.workflow import STATUS, Colour, Status

LEAST = 10
"""Fewer reports than this say more about chance than about the regency."""
_LOOK_BACK = 60  # days: reports received earlier and forwarded this week are too rare to look for


@dataclass(frozen=True, slots=True)
class Week:
    """Seven whole days up to yesterday. Averages are working days over what was forwarded, or begun, in that week.

    `overdue` counts everything that is overdue now, however long ago it came.
    """

    start: date
    end: date
    received: int
    forwarded_after: float | None
    started_after: float | None
    overdue: int
    done: int
    in_process: int
    untouched: int

    @property
    def tells_something(self) -> bool:
        """Whether there is enough to show figures."""
        return self.received >= LEAST


def _average(pairs: Iterable[tuple[datetime | None, datetime | None]], facts: Reference) -> float | None:
    days = [
        facts.calendar.working_days_between(local_date(start, facts.tz), local_date(end, facts.tz))
        for start, end in pairs
        if start and end
    ]
    return sum(days) / len(days) if len(days) >= LEAST else None


def _load() -> Week:
    facts = reference()
    today = facts.today()
    start, end = today - timedelta(days=7), today - timedelta(days=1)
    since, until = (datetime.combine(day, time(), facts.tz) for day in (start, today))
    week = counted().filter(received_at__gte=since, received_at__lt=until)
    colours = dict.fromkeys(Colour, 0)
    total = 0
    for status, count in week.values_list("status").annotate(count=Count("id")).order_by():
        colours[STATUS[Status(status)].colour] += count
        total += count
    recent = counted().filter(received_at__gte=since - timedelta(days=_LOOK_BACK))
    forwarded = recent.filter(verified_at__gte=since, verified_at__lt=until)
    started = recent.filter(verified_at__isnull=False, started_at__gte=since, started_at__lt=until)
    return Week(
        start=start,
        end=end,
        received=total,
        forwarded_after=_average(forwarded.values_list("received_at", "verified_at"), facts),
        started_after=_average(started.values_list("verified_at", "started_at"), facts),
        overdue=overdue_reports(today).count(),
        done=colours[Colour.GREEN],
        in_process=colours[Colour.YELLOW],
        untouched=colours[Colour.RED],
    )


last_seven_days: Snapshot[Week] = Snapshot(_load, seconds=60)


def handled_lately(limit: int = 3) -> list[Report]:
    """The newest public reports that were answered or finished."""
    done = Report.objects.filter(published=True, secret=False, status__in=[Status.ANSWERED, Status.CLOSED])
    return list(done.defer("body", "public_body").order_by("-received_at", "-id")[:limit])
