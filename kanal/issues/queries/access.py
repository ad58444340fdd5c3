from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kanal.agencies.queries import Actor
from kanal.common.refusal import Refused
from kanal.issues import policy
from kanal.issues.models import Issue
from kanal.issues.queries.counting import tallies


def _hidden() -> Refused:
    return Refused(_("Isu itu tidak ditemukan."), status=404, code="hidden")


def find_for(actor: Actor) -> QuerySet[Issue]:
    """The issues that a person may see at the desk, without those that went up in another."""
    return Issue.objects.filter(merged_into=None) if policy.sees(actor) else Issue.objects.none()


def get_for(actor: Actor, issue_id: int) -> Issue:
    """An issue at the desk, merged ones too. Raises Refused (404) alike for what is missing and what is hidden."""
    issue = Issue.objects.filter(pk=issue_id).first() if policy.sees(actor) else None
    if issue is None:
        raise _hidden()
    return issue


def get_public(issue_id: int) -> Issue:
    """An issue that everybody may read; a merged one leads to the whole. Raises Refused (404) for every other.

    When it was first and last told comes from what counts now: a report that became secret leaves no trace.
    """
    asked = Issue.objects.filter(pk=issue_id).first()
    issue = whole(asked) if asked else None
    if issue is None or not Issue.objects.filter(policy.public_filter(), pk=issue.pk).exists():
        raise _hidden()
    tally = tallies([issue.pk])[issue.pk]
    if tally.voices < policy.LEAST_PUBLIC:
        raise _hidden()
    issue.first_seen, issue.last_seen = tally.first, tally.last
    return issue


def whole(issue: Issue) -> Issue:
    """The issue in which this one went up, itself if in none. Merged issues merge no more, so the way ends."""
    while issue.merged_into is not None:
        issue = issue.merged_into
    return issue
