"""From which places the voices of many issues come, in one query."""

from collections.abc import Collection, Iterator

from django.db.models import Case, F, IntegerField, QuerySet, When

from kanal.agencies.models import Region
from kanal.agencies.queries import RegionFacts, reference
from kanal.issues import policy
from kanal.issues.models import IssueReport
from kanal.issues.queries.counting import VOICES, counted_rows

Told = Iterator[tuple[int, RegionFacts, int]]
"""Issue, place and the voices from there."""
Places = dict[int, dict[str, int]]
"""The voices of each place by its name, the most first, for each issue."""


def by_district(rows: QuerySet[IssueReport]) -> Told:
    """The voices of each kecamatan in each issue of some rows; who named no place is left out."""
    itself = When(report__region__level=Region.Level.DISTRICT, then=F("report__region_id"))
    district = Case(itself, default=F("report__region__parent_id"), output_field=IntegerField())
    return _placed(rows, district)


def _placed(rows: QuerySet[IssueReport], place: Case | str) -> Told:
    regions = reference().regions
    told = rows.values_list("issue_id", place).annotate(voices=VOICES)
    return ((issue_id, regions[pk], voices) for issue_id, pk, voices in told if pk in regions)


def _sorted(found: Places) -> Places:
    return {pk: dict(sorted(named.items(), key=lambda one: (-one[1], one[0]))) for pk, named in found.items()}


def districts_of(issue_ids: Collection[int]) -> Places:
    """The voices of each kecamatan in each issue; who named no place is left out."""
    found = {pk: dict[str, int]() for pk in issue_ids}
    for issue_id, district, voices in by_district(counted_rows().filter(issue_id__in=issue_ids)):
        found[issue_id][district.name] = voices
    return _sorted(found)


def villages_of(issue_ids: Collection[int], *, least: int = policy.LEAST_PUBLIC) -> Places:
    """The voices of each village in each issue, as far as there are enough that nobody is recognised."""
    found = {pk: dict[str, int]() for pk in issue_ids}
    for issue_id, region, voices in _placed(counted_rows().filter(issue_id__in=issue_ids), "report__region_id"):
        if region.is_village and voices >= least:
            found[issue_id][region.place] = voices
    return _sorted(found)
