"""Who asked is forgotten once nothing is owed any more; the masked question and its answer stay."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from kanal.dialogue.models import Question, Voice
from kanal.dialogue.workflow import QuestionStatus

KEEP = timedelta(days=30)
"""So long after the last word about a question its own words, name and place stay: it may still become a report."""
AT_ONCE = 200


def forget_askers(*, older_than: timedelta = KEEP) -> int:
    """Take own words, name, place and senders out of questions that were answered or set aside; returns how many."""
    over = Question.objects.filter(
        status__in=[QuestionStatus.ANSWERED, QuestionStatus.ASIDE], changed_at__lt=timezone.now() - older_than
    ).exclude(text="")
    gone = 0
    while some := list(over.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            Voice.objects.filter(question__in=some).update(contact=None, address=None, inbound=None)
            gone += Question.objects.filter(pk__in=some).update(text="", name="", place="")
    return gone
