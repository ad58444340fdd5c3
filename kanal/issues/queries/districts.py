"""From which kecamatan many issues come, in one query."""

from collections.abc import Collection
from typing import Any

from django.db.models import Count, F
from django.db.models.functions import Coalesce

from kanal.agencies.queries import reference
from kanal.issues import policy
from kanal.issues.models import IssueReport


def districts_of(issue_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """The voices of each kecamatan (by its name) in each issue, the most first; who named no place is left out."""
    rows: Any = (
        IssueReport.objects.filter(policy.counted("report__"), issue_id__in=issue_ids, belongs=True)
        .exclude(report__region=None)
        .values_list("issue_id", "report__region_id")
        .annotate(voices=Count(Coalesce("report__contact_id", -F("report_id")), distinct=True))
        .order_by()
    )
    regions, found = reference().regions, {pk: dict[str, int]() for pk in issue_ids}
    for issue_id, region_id, voices in rows:
        region = regions.get(region_id)
        district = regions.get(region.district_id or 0) if region else None
        if district:
            found[issue_id][district.name] = found[issue_id].get(district.name, 0) + voices
    return {pk: dict(sorted(named.items(), key=lambda one: (-one[1], one[0]))) for pk, named in found.items()}
