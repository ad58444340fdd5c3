"""Two issues that are one, and one that is two."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from kanal.common.refusal import Refused
from kanal.issues.actions.deed import Deed, see_again
from kanal.issues.actions.evidence import put, surely
from kanal.issues.actions.life import begin
from kanal.issues.actions.told import Said, told_summary
from kanal.issues.models import Issue, IssueReport
from kanal.issues.policy import Doer
from kanal.issues.workflow import Source
from kanal.reports.models import Report


@transaction.atomic
def merge(*, issue: Issue, into: Issue, by: Doer, reason: str = "", version: int | None = None) -> None:
    """Let an issue go up in another. Its rows stay where they are and stand there too; its page leads there.

    Where both know a report, the weightier word stands: a person's over the machine's, the later over the earlier.
    """
    if issue.pk == into.pk:
        raise Refused(_("Pilih isu lain: sebuah isu tidak digabung ke dirinya sendiri."), status=400, code="itself")
    # Both rows at once and in one order, so that two people who merge them crosswise take turns.
    list(Issue.objects.select_for_update().filter(pk__in=[issue.pk, into.pk]).order_by("pk"))
    with Deed("absorb", issue=into, by=by) as main:
        with Deed("merge", issue=issue, by=by, version=version, at=main.at) as deed:
            deed.issue.merged_into, deed.note = main.issue, told_summary(reason)
            deed.data = {"into": main.issue.pk}
        taken = _take_over(issue, main.issue)
        if main.issue.regions.exists() and issue.regions.exists():
            main.issue.regions.add(*issue.regions.all())
        else:
            main.issue.regions.clear()
        see_again(main.issue)
        main.data = {"issue": issue.pk, "reports": taken}


def _weight(row: IssueReport) -> tuple[bool, float]:
    return (row.source == Source.PERSON, row.at.timestamp())


def _take_over(issue: Issue, main: Issue) -> int:
    """Copy the rows of an issue where theirs is the weightier word; returns how many."""
    there = {row.report_id: row for row in main.rows.all()}
    fresh, changed = [], []
    for row in issue.rows.all():
        known = there.get(row.report_id)
        if known is None:
            fresh.append(IssueReport(issue=main, **_words(row)))
        elif _weight(row) > _weight(known):
            for name, value in _words(row).items():
                setattr(known, name, value)
            changed.append(known)
    IssueReport.objects.bulk_create(fresh, batch_size=100)
    IssueReport.objects.bulk_update(changed, ["belongs", "confidence", "source", "user", "at"], batch_size=100)
    return len(fresh) + len(changed)


def _words(row: IssueReport) -> dict[str, object]:
    names = ("report_id", "belongs", "confidence", "source", "user_id", "at")
    return {name: getattr(row, name) for name in names}


@transaction.atomic
def split(*, issue: Issue, reports: Sequence[Report], title: str, by: Doer, version: int | None = None) -> Issue:
    """Make some of an issue's reports an issue of their own; returns it.

    They are kept out of the old one by the same person's word. Category, agency and places go along.
    """
    ids = {report.pk for report in reports}
    with Deed("split", issue=issue, by=by, version=version) as deed:
        old = deed.issue
        here = set(old.rows.filter(belongs=True, report_id__in=ids).values_list("report_id", flat=True))
        if not here:
            raise Refused(_("Pilih dulu laporan yang dipisahkan dari isu ini."), status=400, code="no_reports")
        if not old.rows.filter(belongs=True).exclude(report_id__in=here).exists():
            sentence = _("Semua laporan terpilih. Sisakan yang tetap di isu ini, atau ubah saja judulnya.")
            raise Refused(sentence, status=400, code="all_reports")
        said = Said(title=title, category=old.category, agency=old.agency, regions=list(old.regions.all()))
        chosen = [report for report in reports if report.pk in here]
        new = begin(said=said, confidences=surely(chosen), by=by, data={"from": old.pk}, at=deed.at)
        put(old, surely(chosen), by=by, at=deed.at, belongs=False)
        see_again(old)
        deed.data = {"into": new.pk, "reports": sorted(here)}
    return new
