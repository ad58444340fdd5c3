"""The figures of one public issue: who says it, where and when. Small numbers are not told, nor to be found by sums."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache

from kanal.agencies.queries import RegionFacts, reference
from kanal.common import formats
from kanal.common.few import tellable
from kanal.issues import policy
from kanal.issues.models import Issue
from kanal.issues.queries.counting import Tally, counted_rows
from kanal.issues.queries.openly import SECONDS
from kanal.reports.queries.voices import voice
from kanal.reports.workflow import OPEN_VALUES

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Account:
    """What is counted of an issue. `districts` and `villages` are voices by region id, as far as they are tellable.

    `elsewhere` are the voices of those who came from other places or named none, None for so few that they are not
    told; `months` are the voices of the last MONTHS months, the oldest first, each by its first day, None likewise.
    """

    reports: int
    voices: int
    waiting: int
    places: int
    districts: Mapping[int, int | None]
    villages: Mapping[int, int | None]
    elsewhere: int | None
    months: list[tuple[date, int | None]]

    @property
    def answered(self) -> float:
        """The share of the reports that no longer wait for an answer."""
        return (self.reports - self.waiting) / self.reports if self.reports else 0.0

    @property
    def most(self) -> int:
        """The voices of the loudest month that is told; 0 when none is."""
        return max(voices or 0 for _day, voices in self.months)

    @property
    def columns(self) -> list[tuple[str, list[int | None]]]:
        """The months as columns of a chart."""
        return [(formats.month(day, short=True), [voices]) for day, voices in self.months]


def account_of(issue: Issue, tally: Tally) -> Account:
    """Count an issue in one query; remembered for SECONDS, and forgotten at once when other reports count."""
    key = f"issue-account:{issue.pk}:{issue.version}:{tally.reports}:{tally.voices}:{reference().today()}"
    found: Account | None = cache.get(key)
    if found is None:
        found = _count(issue)
        cache.set(key, found, SECONDS)
    return found


def _count(issue: Issue) -> Account:
    facts = reference()
    by_place, by_month = defaultdict[int, set[int]](set), defaultdict[date, set[int]](set)
    reports, waiting, voices = 0, 0, set[int]()
    names = ("report__region_id", "report__received_at", "report__status", "report__answered_at")
    rows = counted_rows().filter(issue=issue).values_list(voice("report__"), *names)
    for whose, region, at, status, answered in rows.iterator(chunk_size=5000):
        reports += 1
        waiting += status in OPEN_VALUES and answered is None
        voices.add(whose)
        by_place[region or 0].add(whose)
        by_month[facts.today(at).replace(day=1)].add(whose)
    villages = {pk: heard for pk, heard in by_place.items() if pk in facts.regions and facts.regions[pk].is_village}
    heard_in = _by_district(by_place)
    districts = tellable({pk: len(heard) for pk, heard in heard_in.items()}, len(voices))
    elsewhere = len(voices.difference(*(heard_in[pk] for pk in districts)))
    told = tellable({day: len(by_month[day]) for day in _months(facts.today())}, len(voices))
    return Account(
        reports=reports,
        voices=len(voices),
        waiting=waiting,
        places=len(villages),
        districts=districts,
        villages=_villages(villages, districts),
        elsewhere=elsewhere if not 0 < elsewhere < policy.LEAST_PUBLIC else None,
        months=[(day, told.get(day)) for day in _months(facts.today())],
    )


def _villages(villages: Mapping[int, set[int]], districts: Mapping[int, int | None]) -> dict[int, int | None]:
    """The voices of villages, as far as they are tellable beside those of their kecamatan."""
    regions, found = reference().regions, dict[int, int | None]()
    for district, whole in districts.items():
        below = {pk: len(heard) for pk, heard in villages.items() if regions[pk].district_id == district}
        named = tellable(below, whole or 0)
        found |= named if whole is not None else dict.fromkeys(named)
    return found


def _by_district(places: Mapping[int, set[int]]) -> dict[int, set[int]]:
    found, regions = defaultdict[int, set[int]](set), reference().regions
    for pk, heard in places.items():
        region = regions.get(pk)
        if region and region.district_id:
            found[region.district_id] |= heard
    return found


def _months(today: date) -> list[date]:
    """The first days of the last MONTHS months, this one last."""
    at = today.year * 12 + today.month - 1
    return [date(turn // 12, turn % 12 + 1, 1) for turn in range(at - MONTHS + 1, at + 1)]


@dataclass(frozen=True, slots=True)
class Place:
    """A kecamatan of the map's table, with those of its villages from which enough came."""

    region: RegionFacts
    voices: int | None
    villages: list[tuple[RegionFacts, int | None]]


def places_of(account: Account) -> list[Place]:
    """Where the voices came from, the most first."""
    regions = reference().regions
    villages = defaultdict[int, list[tuple[RegionFacts, int | None]]](list)
    for pk, voices in sorted(account.villages.items(), key=lambda pair: (-(pair[1] or 0), pair[0])):
        villages[regions[pk].district_id or 0].append((regions[pk], voices))
    loudest = sorted(account.districts.items(), key=lambda pair: (-(pair[1] or 0), regions[pair[0]].name))
    return [Place(regions[pk], voices, villages[pk]) for pk, voices in loudest]
