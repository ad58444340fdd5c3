"""What the machine keeps, proposes and does by day; people answer what it proposes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.common.refusal import Refused
from kanal.issues import policy
from kanal.issues.actions.evidence import gather
from kanal.issues.actions.joining import merge, split
from kanal.issues.models import Issue, Memory, Proposal
from kanal.issues.policy import Doer
from kanal.issues.queries.campaigned import campaigned
from kanal.issues.queries.standing import fresh_reports, nearest
from kanal.reports.models import Report

AT_ONCE = 500


@transaction.atomic
def remember(
    *,
    weights: Mapping[str, float],
    profiles: Mapping[int, Mapping[str, Any]],
    campaigns: Sequence[Mapping[str, Any]],
    last_report: int,
) -> None:
    """Keep what a nightly pass learned: how telling words are, how each issue speaks, what was sent by many at once."""
    issues = list(Issue.objects.filter(pk__in=profiles).only("pk"))
    for issue in issues:
        issue.profile = dict(profiles[issue.pk])
    Issue.objects.bulk_update(issues, ["profile"], batch_size=100)
    kept = [dict(one) for one in campaigns]
    told = {"weights": dict(weights), "campaigns": kept, "last_report": last_report, "made_at": timezone.now()}
    Memory.objects.update_or_create(pk=1, defaults=told)
    nearest.clear()
    campaigned.clear()


@transaction.atomic
def propose(
    *,
    merges: Iterable[tuple[int, int, float]],
    splits: Iterable[tuple[int, list[int], str, float]],
    at: datetime | None = None,
) -> int:
    """Put merges (issue, other, share) and splits (issue, reports, title, share) before a person; returns how many.

    What waits already, or was declined, is not proposed again.
    """
    at = at or timezone.now()
    declined = set(Proposal.objects.filter(kind="split").exclude(answer="").values_list("issue_id", flat=True))
    rows = [Proposal(kind="merge", issue_id=one, other_id=other, share=share, at=at) for one, other, share in merges]
    rows += [
        Proposal(kind="split", issue_id=one, reports=reports, title=title, share=share, at=at)
        for one, reports, title, share in splits
        if one not in declined
    ]
    before = Proposal.objects.count()
    Proposal.objects.bulk_create(rows, ignore_conflicts=True, batch_size=AT_ONCE // 10)
    return Proposal.objects.count() - before


@transaction.atomic
def accept(*, proposal: Proposal, by: Doer) -> Issue:
    """Do what the machine proposes, as one's own deed; returns the issue in which it ends."""
    waiting = _waiting(proposal, by)
    if waiting.kind == Proposal.Kind.MERGE and waiting.other is not None:
        merge(issue=waiting.issue, into=waiting.other, by=by)
        ends_in = waiting.other
    else:
        reports = list(Report.objects.filter(policy.counted(), pk__in=waiting.reports))
        ends_in = split(issue=waiting.issue, reports=reports, title=waiting.title, by=by)
    _answered(waiting, Proposal.Answer.ACCEPTED, by)
    return ends_in


@transaction.atomic
def decline(*, proposal: Proposal, by: Doer) -> None:
    """Say no: the machine does not propose it again."""
    _answered(_waiting(proposal, by), Proposal.Answer.DECLINED, by)


def _waiting(proposal: Proposal, by: Doer) -> Proposal:
    locked = Proposal.objects.select_for_update().get(pk=proposal.pk)
    policy.check("merge" if locked.kind == Proposal.Kind.MERGE else "split", by, locked.issue)
    if locked.answer:
        raise Refused(_("Usul ini sudah dijawab."), code="repeated")
    return locked


def _answered(proposal: Proposal, answer: Proposal.Answer, by: Doer) -> None:
    proposal.answer, proposal.user_id, proposal.answered_at = answer, by.user_id, timezone.now()
    proposal.save()


def place_new(keep_going: Callable[[], bool] = lambda: True) -> int:
    """Let reports that came since the last look find their issues; returns how many were read.

    What it takes to find one is at hand before a report comes, so that none waits for it.
    """
    memory = Memory.objects.filter(pk=1).only("last_report").first()
    if memory is None or not keep_going():
        return 0
    known, rows = nearest(), fresh_reports(memory.last_report, AT_ONCE)
    found: dict[int, dict[int, float]] = {}
    for pk, title, body in rows:
        near = known.to(title, body)
        if near:
            found.setdefault(near[0], {})[pk] = near[1]
    if rows:
        _place(found, rows[-1][0])
    return len(rows)


@transaction.atomic
def _place(found: Mapping[int, Mapping[int, float]], last_report: int) -> None:
    """The reports and how far was read, together: a worker that dies reads them again and no other twice."""
    for issue in Issue.objects.filter(pk__in=found):
        gather(issue=issue, confidences=found[issue.pk])
    Memory.objects.filter(pk=1, last_report__lt=last_report).update(last_report=last_report)
