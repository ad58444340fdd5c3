"""What belongs to an issue, and how many people that is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, QuerySet

from kanal.issues import policy
from kanal.issues.models import Issue, IssueReport
from kanal.reports.models import Report
from kanal.reports.queries.voices import voice

VOICES = Count(voice("report__"), distinct=True)
"""How many people speak in some rows: a contact is one voice, however often they write."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How often an issue was told, by how many and when."""

    reports: int = 0
    voices: int = 0
    first: datetime | None = None
    last: datetime | None = None


def counted_rows() -> QuerySet[IssueReport]:
    """The rows of all issues whose report belongs there and may be counted."""
    return IssueReport.objects.filter(policy.counted("report__"), belongs=True).order_by()


def evidence(issue: Issue | int) -> QuerySet[Report]:
    """The countable reports of an issue (of itself or its id). Who may open one is the reports' own policy."""
    ids = IssueReport.objects.filter(issue=issue, belongs=True).values("report_id")
    return Report.objects.filter(policy.counted(), pk__in=ids)


def tallies(issue_ids: Iterable[int]) -> dict[int, Tally]:
    """Reports and voices of issues, in one query."""
    ids = list(issue_ids)
    rows = (
        counted_rows()
        .filter(issue_id__in=ids)
        .values_list("issue_id")
        .annotate(Count("id"), voices=VOICES, first=Min("report__received_at"), last=Max("report__received_at"))
    )
    found = {pk: Tally(*rest) for pk, *rest in rows}
    return {pk: found.get(pk, Tally()) for pk in ids}


def issues_of(report: Report) -> QuerySet[Issue]:
    """The issues to which a report belongs now, the surest first."""
    rows = counted_rows().filter(report=report)
    return Issue.objects.filter(merged_into=None, rows__in=rows).order_by("-rows__confidence", "id")
