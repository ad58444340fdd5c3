"""What people wrote about an issue and what they were answered, as everybody may read it."""

from kanal.issues.models import Issue
from kanal.issues.queries.counting import evidence
from kanal.reports.models import Answer, Report
from kanal.reports.policy import quotable


def newest_words(issue: Issue, most: int) -> list[Report]:
    """The newest reports of an issue that may be quoted, with nothing of them but the masked text, place and day."""
    rows = evidence(issue).filter(quotable()).exclude(public_body="")
    return list(rows.only("pk", "public_body", "region_id", "received_at").order_by("-received_at", "-pk")[:most])


def newest_answers(issue: Issue, most: int) -> list[Answer]:
    """The newest published answers to its public reports."""
    reports = evidence(issue).filter(published=True).values("pk")
    rows = Answer.objects.filter(state=Answer.State.PUBLISHED, report__in=reports)
    return list(rows.only("pk", "public_text", "agency_id", "published_at").order_by("-published_at", "-pk")[:most])
