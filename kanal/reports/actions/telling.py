"""One word that concerns many reports: it stands on the page of each, and may be the answer to some of them.

Who may speak to all of them at once, and that everybody concerned is written to, is the matter of the room above.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kanal.agencies.queries import reference
from kanal.common.refusal import Refused
from kanal.reports.actions.answers import approve_answer, draft_answer, publish_answer, submit_answer
from kanal.reports.models import Answer, Report, ReportEvent
from kanal.reports.policy import Doer, counted_openly

TOLD = "told"
"""The verb of the line in a report's history."""


@dataclass(frozen=True, slots=True)
class Word:
    """What is told: a heading in the language of the country, a text that is fit for everybody, and what it is of."""

    heading: str
    text: str
    source: int


@transaction.atomic
def tell_reports(*, ids: Collection[int], word: Word, by: Doer, at: datetime) -> set[int]:
    """Let a word stand on the pages of reports; returns the ids of those where it does.

    Secret reports, whistle-blowing and what was put away get none.
    """
    told = set(Report.objects.filter(counted_openly(), pk__in=ids).values_list("pk", flat=True))
    data = {"heading": word.heading, "text": word.text, "source": word.source}
    ReportEvent.objects.bulk_create(
        ReportEvent(report_id=pk, verb=TOLD, at=at, by=by.by, user_id=by.user_id, public=True, data=data)
        for pk in sorted(told)
    )
    return told


@transaction.atomic
def answer_alike(*, report: Report, text: str, author: Doer, by: Doer, at: datetime) -> Answer:
    """Publish the same answer for one more report; its reporter is written to by whoever answers them all.

    Every rule of the single answer holds, for its author and for whoever lets it out. Raises Refused as those verbs
    do, and when another answer to this report is in the making.
    """
    list(Report.objects.select_for_update().filter(pk=report.pk).values("pk"))
    if Answer.objects.filter(report=report).exclude(state=Answer.State.PUBLISHED).exists():
        raise Refused(_("Sudah ada jawaban lain yang sedang disiapkan."), code="in_the_making")
    draft_answer(report=report, by=author, text=text, at=at)
    agency = reference().agency_today(report.agency_id)
    if agency and agency.two_eyes:
        submit_answer(report=report, by=author, at=at, tells=False)
        approve_answer(report=report, by=by, at=at)
    return publish_answer(report=report, by=by, at=at, tells=False)
