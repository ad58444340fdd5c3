"""Which issues are the loudest: what is counted for the ranking, and the ranking itself."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from kanal.agencies.models import Region
from kanal.agencies.queries import reference
from kanal.common.snapshot import Snapshot
from kanal.issues import policy
from kanal.issues.models import Issue, Weighing
from kanal.issues.queries.counting import counted_rows
from kanal.issues.ranking import (
    DAYS,
    DEFAULTS,
    SEASON,
    WINDOWS,
    Factor,
    Facts,
    Growth,
    Rank,
    growths,
    is_sudden,
    parts_of,
    points_of,
)
from kanal.issues.workflow import STATUS, Phase, Status
from kanal.reports.models import Report
from kanal.reports.queries.overdue import overdue_reports
from kanal.reports.queries.voices import voice
from kanal.reports.workflow import OPEN_VALUES

RANKED = [status for status in Status if STATUS[status].phase is not Phase.GONE]
_MOST_WINDOWS = SEASON[-1] + 1
_YEAR = timedelta(days=DAYS * WINDOWS)


@dataclass
class _Counter:
    """What is seen of one issue while its rows go by."""

    voices: set[int] = field(default_factory=set)
    windows: list[set[int]] = field(default_factory=list)
    villages: set[int] = field(default_factory=set)
    reports: int = 0
    unanswered: int = 0
    overdue: int = 0
    urgent: int = 0
    oldest: datetime | None = None


def _rows(issues: QuerySet[Issue]) -> Iterable[tuple[int, int, int, int | None, datetime, bool, int]]:
    """Issue, report, voice, place and time of each row, whether it waits for an answer, and how urgent it is."""
    names = ("region_id", "received_at", "status", "answered_at", "urgency")
    rows = counted_rows().filter(issue__in=issues)
    told = rows.values_list("issue_id", "report_id", voice("report__"), *(f"report__{name}" for name in names))
    for issue, report, whose, region, at, status, answered, urgency in told.iterator(chunk_size=5000):
        yield issue, report, whose, region, at, status in OPEN_VALUES and answered is None, urgency


def _whole_windows(now: datetime) -> int:
    """How many windows the installation reaches back: before its first report nobody could tell anything."""
    first = (
        Report.objects.filter(policy.counted()).order_by("received_at").values_list("received_at", flat=True).first()
    )
    return min(_MOST_WINDOWS, (now - first).days // DAYS) if first else 0


def facts_of(issues: QuerySet[Issue], *, now: datetime | None = None) -> dict[int, Facts]:
    """Count issues for the ranking, all in the same few queries."""
    now = now or timezone.now()
    reach, villages = _whole_windows(now), {region.id for region in reference().villages()}
    late = set(overdue_reports(reference().today(now)).values_list("pk", flat=True))
    seen: defaultdict[int, _Counter] = defaultdict(lambda: _Counter(windows=[set() for _turn in range(max(1, reach))]))
    for issue, report, whose, region, at, waits, urgency in _rows(issues):
        one = seen[issue]
        if waits and (one.oldest is None or at < one.oldest):
            one.oldest = at
        turn = max(0, (now - at).days // DAYS)
        if turn < len(one.windows):
            one.windows[turn].add(whose)
        if now - at <= _YEAR:
            one.reports += 1
            one.voices.add(whose)
            one.unanswered += waits
            one.overdue += report in late
            one.urgent += urgency == 0
            if region in villages:
                one.villages.add(region)
    people = _people(issues)
    return {pk: _facts(seen[pk], people[pk], now) for pk in people}


def _facts(one: _Counter, people: int, now: datetime) -> Facts:
    return Facts(
        reports=one.reports,
        voices=len(one.voices),
        windows=tuple(len(voices) for voices in one.windows),
        unanswered=one.unanswered,
        overdue=one.overdue,
        urgent=one.urgent,
        villages=len(one.villages),
        people=people,
        waiting=(now - one.oldest).days if one.oldest else 0,
    )


def _people(issues: QuerySet[Issue]) -> dict[int, int]:
    """How many people live where each issue is a matter; where no place is named, in the whole regency.

    0 says that nobody knows: of one of the places neither the pack nor every place beneath it tells.
    """
    known = _population()
    regency = Region.objects.filter(level=Region.Level.REGENCY).values_list("pk", flat=True)
    everywhere = sum(known[pk] for pk in regency)
    found: defaultdict[int, list[int]] = defaultdict(list)
    for pk, place in issues.values_list("pk", "regions").order_by():
        found[pk].append(known[place] if place else everywhere)
    return {pk: sum(people) if all(people) else 0 for pk, people in found.items()}


def _population() -> dict[int, int]:
    """The people of each region as the pack tells, or as those of all places beneath it add up; 0 where unknown."""
    found: dict[int, int] = {}
    below: defaultdict[int | None, list[int]] = defaultdict(list)
    rows = Region.objects.values_list("code", "pk", "parent_id", "population")
    # What lies beneath a place has a longer code and so comes before it.
    for _code, pk, parent, population in sorted(rows, key=lambda row: (-len(row[0]), row[0])):
        parts = below[pk]
        found[pk] = population or (sum(parts) if parts and all(parts) else 0)
        below[parent].append(found[pk])
    return found


@dataclass(frozen=True, slots=True)
class Ranking:
    """Every issue that is ranked, counted at one moment."""

    at: datetime
    facts: Mapping[int, Facts]
    growths: Mapping[int, Growth]
    places: Mapping[int, int]
    points: Mapping[int, float]

    def rank(self, issue_id: int) -> Rank | None:
        """Where an issue stands, with the working in words; None for one that is not ranked."""
        if issue_id not in self.places:
            return None
        facts, growth = self.facts[issue_id], self.growths[issue_id]
        parts = parts_of(facts, growth, weights())
        return Rank(self.places[issue_id], self.points[issue_id], parts, facts, growth)

    def sudden(self) -> list[int]:
        """The issues that came up all of a sudden, the loudest first."""
        return sorted((pk for pk, one in self.growths.items() if is_sudden(one)), key=lambda pk: self.places[pk])


def rank_now(*, now: datetime | None = None) -> Ranking:
    """Count and rank every issue that is neither dismissed nor gone up in another."""
    now = now or timezone.now()
    facts = facts_of(Issue.objects.filter(merged_into=None, status__in=RANKED), now=now)
    grown, told = growths(facts), weights()
    points = {pk: points_of(one, grown[pk], told) for pk, one in facts.items()}
    order = sorted(facts, key=lambda pk: (-points[pk], -facts[pk].voices, pk))
    return Ranking(now, facts, grown, {pk: place for place, pk in enumerate(order, 1)}, points)


ranking: Snapshot[Ranking] = Snapshot(rank_now, seconds=120)
"""The ranking of at most two minutes ago: counting everything anew for every page would cost what nobody would see."""


def weights() -> dict[Factor, int]:
    """How much each factor weighs now; what nobody has said yet weighs as in DEFAULTS."""
    return dict(_weights())


def _load_weights() -> dict[Factor, int]:
    last = Weighing.objects.first()
    told = last.weights if last else {}
    return {one: int(told.get(one.value, DEFAULTS[one])) for one in Factor}


_weights: Snapshot[dict[Factor, int]] = Snapshot(_load_weights, seconds=20)


def forget() -> None:
    """Rank anew for the next reader: something was said that must show at once."""
    ranking.clear()
    _weights.clear()


def weighings(most: int = 20) -> list[Weighing]:
    """Who set the weights and when, the newest first."""
    return list(Weighing.objects.select_related("user")[:most])
