"""The figures of one public issue: who says it, where and when. Places from which few came are not told apart."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache

from kanal.agencies.queries import RegionFacts, reference
from kanal.common import formats
from kanal.issues import policy
from kanal.issues.models import Issue
from kanal.issues.queries.counting import Tally
from kanal.issues.queries.openly import SECONDS, rows_of
from kanal.reports.workflow import OPEN_VALUES

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Account:
    """What is counted of an issue. `districts` and `villages` are voices by region id, only where enough came.

    `elsewhere` are the voices of those who came from other places or named none; `months` are the voices of the
    last MONTHS months, the oldest first, each by its first day.
    """

    reports: int
    voices: int
    waiting: int
    places: int
    districts: Mapping[int, int]
    villages: Mapping[int, int]
    elsewhere: int
    months: list[tuple[date, int]]

    @property
    def answered(self) -> float:
        """The share of the reports that no longer wait for an answer."""
        return (self.reports - self.waiting) / self.reports if self.reports else 0.0

    @property
    def columns(self) -> list[tuple[str, list[int]]]:
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
    names = ("report_id", "report__contact_id", "report__region_id", "report__received_at")
    rows = rows_of(Issue.objects.filter(pk=issue.pk)).values_list(*names, "report__status", "report__answered_at")
    for report, contact, region, at, status, answered in rows.iterator(chunk_size=5000):
        voice = contact if contact is not None else -report
        reports += 1
        waiting += status in OPEN_VALUES and answered is None
        voices.add(voice)
        by_place[region or 0].add(voice)
        by_month[facts.today(at).replace(day=1)].add(voice)
    villages = {pk: heard for pk, heard in by_place.items() if pk in facts.regions and facts.regions[pk].is_village}
    districts = _enough(_by_district(by_place))
    named = set().union(*districts.values()) if districts else set()
    return Account(
        reports=reports,
        voices=len(voices),
        waiting=waiting,
        places=len(villages),
        districts={pk: len(heard) for pk, heard in districts.items()},
        villages={pk: len(heard) for pk, heard in _enough(villages).items()},
        elsewhere=len(voices - named),
        months=[(day, len(by_month[day])) for day in _months(facts.today())],
    )


def _enough(places: Mapping[int, set[int]]) -> dict[int, set[int]]:
    """The places from which so many came that nobody can be known by it."""
    return {pk: heard for pk, heard in places.items() if len(heard) >= policy.LEAST_PUBLIC}


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
    voices: int
    villages: list[tuple[RegionFacts, int]]


def places_of(account: Account) -> list[Place]:
    """Where the voices came from, the most first."""
    regions = reference().regions
    villages = defaultdict[int, list[tuple[RegionFacts, int]]](list)
    for pk, voices in sorted(account.villages.items(), key=lambda pair: (-pair[1], pair[0])):
        villages[regions[pk].district_id or 0].append((regions[pk], voices))
    loudest = sorted(account.districts.items(), key=lambda pair: (-pair[1], regions[pair[0]].name))
    return [Place(regions[pk], voices, villages[pk]) for pk, voices in loudest]
