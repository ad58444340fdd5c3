"""From which places many issues come, in one query."""

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import Count, F
from django.db.models.functions import Coalesce

from kanal.agencies.queries import RegionFacts, reference
from kanal.issues import policy
from kanal.issues.models import IssueReport

Places = dict[int, dict[str, int]]
"""The voices of each place by its name, the most first, for each issue."""


def _told(issue_ids: Collection[int]) -> Iterator[tuple[int, RegionFacts, int]]:
    rows: Any = (
        IssueReport.objects.filter(policy.counted("report__"), issue_id__in=issue_ids, belongs=True)
        .exclude(report__region=None)
        .values_list("issue_id", "report__region_id")
        .annotate(voices=Count(Coalesce("report__contact_id", -F("report_id")), distinct=True))
        .order_by()
    )
    regions = reference().regions
    return ((issue_id, regions[region_id], voices) for issue_id, region_id, voices in rows if region_id in regions)


def _sorted(found: Places) -> Places:
    return {pk: dict(sorted(named.items(), key=lambda one: (-one[1], one[0]))) for pk, named in found.items()}


def districts_of(issue_ids: Collection[int]) -> Places:
    """The voices of each kecamatan in each issue; who named no place is left out."""
    regions, found = reference().regions, {pk: dict[str, int]() for pk in issue_ids}
    for issue_id, region, voices in _told(issue_ids):
        district = regions.get(region.district_id or 0)
        if district:
            found[issue_id][district.name] = found[issue_id].get(district.name, 0) + voices
    return _sorted(found)


def villages_of(issue_ids: Collection[int], *, least: int = policy.LEAST_PUBLIC) -> Places:
    """The voices of each village in each issue, as far as there are enough that nobody is recognised."""
    found = {pk: dict[str, int]() for pk in issue_ids}
    for issue_id, region, voices in _told(issue_ids):
        if region.is_village and voices >= least:
            found[issue_id][region.place] = voices
    return _sorted(found)
