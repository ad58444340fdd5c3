"""Which reports belong to an issue. The machine adds; a person adds and removes, and has the last word."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.common.inserting import insert
from kanal.common.refusal import Refused
from kanal.issues import policy
from kanal.issues.actions.deed import Deed, see_again
from kanal.issues.models import Issue, IssueReport
from kanal.issues.policy import MACHINE, Doer
from kanal.issues.workflow import Source
from kanal.reports.models import Report

_ASKED = 500  # ids in one question
_ROWS = 120  # of one statement: SQLite takes 999 parameters


@transaction.atomic
def add_reports(*, issue: Issue, reports: Sequence[Report], by: Doer, version: int | None = None) -> None:
    """Say that reports belong to the issue; an earlier "no" is taken back."""
    chosen = countable(reports)
    with Deed("add_reports", issue=issue, by=by, version=version) as deed:
        put(deed.issue, surely(chosen), by=by, at=deed.at)
        see_again(deed.issue)
        deed.data = {"reports": [report.pk for report in chosen]}


@transaction.atomic
def remove_reports(*, issue: Issue, reports: Sequence[Report], by: Doer, version: int | None = None) -> None:
    """Say that reports do not belong to the issue. The "no" is kept: the machine never brings them back."""
    with Deed("remove_reports", issue=issue, by=by, version=version) as deed:
        put(deed.issue, surely(reports), by=by, at=deed.at, belongs=False)
        see_again(deed.issue)
        deed.data = {"reports": [report.pk for report in reports]}


def countable(reports: Sequence[Report]) -> Sequence[Report]:
    """The reports, all of which may be counted. Raises Refused, alike for secret and missing ones, if one may not."""
    ids = {report.pk for report in reports}
    if not ids:
        raise Refused(_("Pilih dulu laporannya."), status=400, code="no_reports")
    if len(countable_ids(ids)) != len(ids):
        raise Refused(_("Ada laporan yang tidak dapat dihitung dalam isu: rahasia atau diarsipkan."), code="uncounted")
    return reports


def countable_ids(ids: Iterable[int]) -> set[int]:
    """Those of many reports that may be counted."""
    found: set[int] = set()
    asked = sorted(ids)
    for start in range(0, len(asked), _ASKED):
        some = Report.objects.filter(policy.counted(), pk__in=asked[start : start + _ASKED])
        found.update(some.values_list("pk", flat=True))
    return found


def put(issue: Issue, confidences: Mapping[int, float], *, by: Doer, at: datetime, belongs: bool = True) -> None:
    """Write for each report whether it belongs. A person's word replaces any other, the machine's none."""
    rows = [
        IssueReport(
            issue=issue,
            report_id=pk,
            belongs=belongs,
            confidence=confidences[pk],
            source=Source.MACHINE if by.machine else Source.PERSON,
            user_id=by.user_id,
            at=at,
        )
        for pk in sorted(confidences)
    ]
    if by.machine:
        for start in range(0, len(rows), _ROWS):
            insert(rows[start : start + _ROWS], skip_known=True)
        return
    IssueReport.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["issue", "report"],
        update_fields=["belongs", "confidence", "source", "user", "at"],
        batch_size=_ROWS,
    )


@transaction.atomic
def gather(*, issue: Issue, confidences: Mapping[int, float], at: datetime | None = None) -> None:
    """The machine adds reports, by id with its confidence; what anybody has said of them before stays.

    The rows themselves tell when and how sure; they leave no line in the issue's history.
    """
    told = countable_ids(confidences)
    locked = Issue.objects.select_for_update().get(pk=issue.pk)
    if not told or locked.merged_into_id is not None:
        return
    put(locked, {pk: confidences[pk] for pk in told}, by=MACHINE, at=at or timezone.now())
    _see_too(locked, told)
    locked.save(update_fields=["first_seen", "last_seen", "changed_at"])


def _see_too(issue: Issue, report_ids: Iterable[int]) -> None:
    """What `see_again` does, when reports were added to many others: only the added are looked at. It is not saved."""
    ids = sorted(report_ids)
    for start in range(0, len(ids), _ASKED):
        seen = Report.objects.filter(pk__in=ids[start : start + _ASKED]).aggregate(
            first=Min("received_at"), last=Max("received_at")
        )
        issue.first_seen = min((at for at in (issue.first_seen, seen["first"]) if at), default=None)
        issue.last_seen = max((at for at in (issue.last_seen, seen["last"]) if at), default=None)


def surely(reports: Iterable[Report]) -> dict[int, float]:
    """Reports as a person names them: with full confidence."""
    return {report.pk: 1.0 for report in reports}
