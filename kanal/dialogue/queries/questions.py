"""Which questions there are, and which episode takes one now."""

from datetime import datetime, timedelta

from django.core import signing
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.common.refusal import Refused
from kanal.common.text import row_id
from kanal.dialogue.models import Episode, Question, Voice
from kanal.dialogue.workflow import UNANSWERED, QuestionStatus, Status

NEAR = timedelta(days=7)
"""So long before it begins an episode listens to messages with its word."""
AFTERWARDS = timedelta(hours=2)
"""So long after its end it still takes questions, unless it was said to be over."""
_SALT = "kanal.dialogue.question"


def ends_at(episode: Episode) -> datetime:
    """When it is to be over."""
    return episode.starts_at + timedelta(minutes=episode.duration)


def takes_questions(episode: Episode, *, at: datetime | None = None) -> bool:
    """Whether citizens may ask it something: it is announced, and not over."""
    return episode.status == Status.ANNOUNCED and (at or timezone.now()) < ends_at(episode) + AFTERWARDS


def listening_for(word: str, *, at: datetime) -> Episode | None:
    """The episode that a message with this word asks: the one that runs, else the next of the coming days."""
    return _nearest(Episode.objects.filter(programme__word=word), at)


def next_to_ask(*, at: datetime) -> Episode | None:
    """The episode that runs, else the next of the coming days, whatever its word."""
    return _nearest(Episode.objects.all(), at)


def _nearest(rows: QuerySet[Episode], at: datetime) -> Episode | None:
    longest = timedelta(minutes=Episode.LONGEST) + AFTERWARDS
    near = rows.filter(status=Status.ANNOUNCED, starts_at__gt=at - longest, starts_at__lte=at + NEAR)
    taking = [one for one in near.select_related("programme").order_by("starts_at") if takes_questions(one, at=at)]
    begun = [one for one in taking if one.starts_at <= at]
    return begun[-1] if begun else next(iter(taking), None)


def question_of(episode: Episode, pk: int | None) -> Question:
    """One question of an episode, or one kept for it by an earlier one. Raises Refused (404)."""
    rows = Question.objects.select_related("episode__programme", "slot", "issue", "report")
    found = rows.filter(of_programme(episode), pk=pk).first() if pk else None
    if found is None or (found.episode_id != episode.pk and found.status != QuestionStatus.LATER):
        raise Refused(_("Pertanyaan itu tidak ditemukan."), status=404, code="hidden")
    return found


def of_programme(episode: Episode) -> Q:
    """The questions of the programme of an episode, until that episode."""
    return Q(episode__programme_id=episode.programme_id, episode__starts_at__lte=episode.starts_at)


def unanswered(episode: Episode) -> QuerySet[Question]:
    """What still waits there."""
    return episode.questions.filter(status__in=UNANSWERED)


def token_of(voice: Voice) -> str:
    """What the address of the asker's own page carries."""
    return signing.Signer(salt=_SALT).sign(str(voice.pk))


def voice_by(token: str) -> Voice:
    """Whose page it is. Raises Refused (404)."""
    try:
        pk = row_id(signing.Signer(salt=_SALT).unsign(token))
    except signing.BadSignature:
        pk = None
    rows = Voice.objects.select_related("question__episode__programme", "question__report")
    found = rows.filter(pk=pk).first() if pk else None
    if found is None:
        raise Refused(_("Halaman pertanyaan itu tidak ditemukan."), status=404, code="hidden")
    return found
