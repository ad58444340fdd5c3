"""What the weekly brief asks of issues: their reports one by one, what was solved, and the words of their reports."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from kanal.issues import policy
from kanal.issues.models import Issue, IssueEvent
from kanal.issues.queries.counting import counted_rows, evidence, tallies
from kanal.issues.queries.ranked import RANKED
from kanal.issues.workflow import STATUS, Phase, Status
from kanal.reports.queries import weekly
from kanal.reports.queries.voices import voice
from kanal.reports.queries.weekly import Word
from kanal.reports.workflow import OPEN_VALUES

_ENDS = [status.value for status in Status if STATUS[status].phase is Phase.DONE]


class Row(NamedTuple):
    """One report of an issue as it is counted. `waits` says that nobody has answered it yet."""

    issue_id: int
    report_id: int
    voice: int
    region_id: int | None
    agency_id: int | None
    received_at: datetime
    waits: bool


def rows_since(start: datetime, end: datetime) -> Iterator[Row]:
    """The reports of every ranked issue, received in [start, end)."""
    rows = counted_rows().filter(
        issue__merged_into=None,
        issue__status__in=RANKED,
        report__received_at__gte=start,
        report__received_at__lt=end,
    )
    told = rows.values_list(
        *("issue_id", "report_id", voice("report__")),
        *(f"report__{name}" for name in ("region_id", "agency_id", "received_at", "status", "answered_at")),
    )
    for issue, report, whose, region, agency, at, status, answered in told.iterator(chunk_size=5000):
        yield Row(issue, report, whose, region, agency, at, status in OPEN_VALUES and answered is None)


def cards(ids: Iterable[int]) -> dict[int, Issue]:
    """Issues by their ids, without what only the machine reads."""
    return Issue.objects.defer("profile").in_bulk(list(ids))


def solved_between(start: datetime, end: datetime) -> dict[int, str]:
    """The issues that became done or watched in [start, end) and still are: their statuses."""
    rows = IssueEvent.objects.filter(at__gte=start, at__lt=end, to_status__in=_ENDS, issue__merged_into=None)
    return dict(rows.filter(issue__status__in=_ENDS).order_by("at").values_list("issue_id", "issue__status"))


def too_small(ids: Collection[int]) -> dict[int, str]:
    """The titles of those issues that had voices enough once and have too few now to be told of."""
    small = [pk for pk, tally in tallies(ids).items() if tally.voices < policy.LEAST_PUBLIC] if ids else []
    return dict(Issue.objects.filter(pk__in=small).values_list("pk", "title")) if small else {}


def words_of(issue_id: int, most: int) -> Sequence[Word]:
    """An issue's newest reports that everybody may read."""
    return weekly.words(evidence(issue_id), most)
