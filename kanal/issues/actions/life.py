"""How an issue begins, is named and moves through its life."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.agencies.models import Agency, Region
from kanal.common.refusal import Refused
from kanal.issues import policy
from kanal.issues.actions.deed import Deed, see_again, tell
from kanal.issues.actions.evidence import countable, countable_ids, put
from kanal.issues.actions.told import Said, settle, told_summary, told_title
from kanal.issues.models import Issue
from kanal.issues.policy import MACHINE, Doer
from kanal.issues.workflow import CONFIRMED, Source, Status
from kanal.reports.models import Category, Report


@transaction.atomic
def found(*, said: Said, reports: Sequence[Report], by: Doer, confidence: float = 1.0) -> Issue:
    """Begin an issue from reports. The machine's is a candidate; what a person begins is confirmed."""
    return begin(said=said, confidences={report.pk: confidence for report in countable(reports)}, by=by)


@transaction.atomic
def found_by_machine(*, said: Said, confidences: Mapping[int, float]) -> Issue | None:
    """Begin a candidate from many reports, by id with confidence. None when none of them may be counted by now."""
    told = countable_ids(confidences)
    return begin(said=said, confidences={pk: confidences[pk] for pk in told}, by=MACHINE) if told else None


def begin(
    *,
    said: Said,
    confidences: Mapping[int, float],
    by: Doer,
    data: dict[str, object] | None = None,
    at: datetime | None = None,
) -> Issue:
    """`found` for other verbs of this room, whose reports are known to be countable: their ids, and how surely."""
    at = at or timezone.now()
    issue = Issue(
        title=told_title(said.title),
        summary=told_summary(said.summary),
        category=said.category,
        agency=said.agency,
        status=Status.CANDIDATE if by.machine else Status.CONFIRMED,
        source=Source.MACHINE if by.machine else Source.PERSON,
        founded_at=at,
    )
    policy.check("found", by, issue)
    if not by.machine:
        settle(issue, "title")
    issue.save(force_insert=True)
    issue.regions.set(said.regions)
    put(issue, confidences, by=by, at=at)
    see_again(issue)
    issue.save(update_fields=["first_seen", "last_seen"])
    tell(issue, "found", by=by, at=at, data={"reports": len(confidences), **(data or {})})
    return issue


@transaction.atomic
def confirm(*, issue: Issue, by: Doer, version: int | None = None) -> None:
    """Say that it is an issue: from now on it may be shown to everybody."""
    with Deed("confirm", issue=issue, by=by, version=version):
        pass


@transaction.atomic
def dismiss(*, issue: Issue, reason: str, by: Doer, version: int | None = None) -> None:
    """Say that it is none. It goes on gathering its reports unseen, so that the machine proposes no other of them."""
    with Deed("dismiss", issue=issue, by=by, version=version) as deed:
        deed.note = told_summary(reason)


@transaction.atomic
def move(*, issue: Issue, to: Status, by: Doer, note: str = "", version: int | None = None) -> None:
    """Say how far the issue has come. `note` is for everybody. Twice the same does no harm and leaves no line."""
    if to not in CONFIRMED:
        raise Refused(_("Keadaan itu tidak dipilih dari sini."), status=400, code="no_such_move")
    with Deed("move", issue=issue, by=by, version=version) as deed:
        if deed.issue.status == to:
            raise Refused(_("Sudah dilakukan."), code="repeated")
        deed.target, deed.note = to, told_summary(note)


@transaction.atomic
def rename(*, issue: Issue, title: str, summary: str, by: Doer, version: int | None = None) -> None:
    """Word title and summary. The machine never words them anew."""
    with Deed("rename", issue=issue, by=by, version=version) as deed:
        deed.data = {"title": [deed.issue.title, told_title(title)]}
        deed.issue.title, deed.issue.summary = told_title(title), told_summary(summary)
        settle(deed.issue, "title")


@transaction.atomic
def describe(
    *,
    issue: Issue,
    category: Category | None,
    agency: Agency | None,
    regions: Iterable[Region],
    by: Doer,
    version: int | None = None,
) -> None:
    """Say what the issue is about, who leads it and where it is a matter; none of these is guessed again."""
    places = list(regions)
    with Deed("describe", issue=issue, by=by, version=version) as deed:
        deed.issue.category, deed.issue.agency = category, agency
        deed.issue.regions.set(places)
        deed.data = {
            "category": category.code if category else "",
            "agency": agency.code if agency else "",
            "regions": sorted(place.code for place in places),
        }
        settle(deed.issue, "category", "agency", "regions")
