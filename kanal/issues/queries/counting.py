"""What belongs to an issue, and how many people that is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Max, Min, QuerySet
from django.db.models.functions import Coalesce

from kanal.issues import policy
from kanal.issues.models import Issue, IssueReport
from kanal.reports.models import Report


@dataclass(frozen=True, slots=True)
class Tally:
    """How often an issue was told, by how many and when: a contact is one voice, however often they write."""

    reports: int = 0
    voices: int = 0
    first: datetime | None = None
    last: datetime | None = None


def evidence(issue: Issue) -> QuerySet[Report]:
    """The reports that belong to an issue and may be counted. Who may open one is the reports' own policy."""
    ids = IssueReport.objects.filter(issue=issue, belongs=True).values("report_id")
    return Report.objects.filter(policy.counted(), pk__in=ids)


def tallies(issue_ids: Iterable[int]) -> dict[int, Tally]:
    """Reports and voices of issues, in one query. Who wrote without a contact is a voice of their own."""
    ids = list(issue_ids)
    rows = (
        IssueReport.objects.filter(policy.counted("report__"), issue_id__in=ids, belongs=True)
        .values("issue_id")
        .annotate(reports=Count("id"), voices=Count(Coalesce("report__contact_id", -F("report_id")), distinct=True))
        .annotate(first=Min("report__received_at"), last=Max("report__received_at"))
        .order_by()
    )
    found = {row["issue_id"]: Tally(row["reports"], row["voices"], row["first"], row["last"]) for row in rows}
    return {pk: found.get(pk, Tally()) for pk in ids}


def issues_of(report: Report) -> QuerySet[Issue]:
    """The issues to which a report belongs now, the surest first."""
    rows = IssueReport.objects.filter(policy.counted("report__"), report=report, belongs=True)
    return Issue.objects.filter(merged_into=None, rows__in=rows).order_by("-rows__confidence", "id")
