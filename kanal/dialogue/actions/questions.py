"""How a question to an episode comes in: from the page, from the mailroom, by telephone, or out of the inbox."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from kanal.agencies.queries import Actor
from kanal.channels.actions import store_inbound
from kanal.channels.models import Address, Inbound, Medium
from kanal.common.kept import kept
from kanal.common.masking import mask
from kanal.common.refusal import Refused
from kanal.common.secrets import lookup_hash
from kanal.common.text import one_line, shorten
from kanal.dialogue import policy
from kanal.dialogue.actions import telling
from kanal.dialogue.actions.deed import tell
from kanal.dialogue.actions.notices import INDONESIAN
from kanal.dialogue.models import Episode, Question, Slot, Voice
from kanal.dialogue.queries.questions import takes_questions
from kanal.dialogue.workflow import UNANSWERED, QuestionStatus

LEAST_LETTERS = 5
MOST_OF_ONE = 5
"""Different questions of one person that wait at one episode; what comes beyond is left to the desk."""
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks. `address` is where the answer goes; `inbound` the message, made of `submission` if none.

    `openly`: others read the message where it was written, so nothing is sent back there.
    """

    text: str
    medium: str = Medium.WEB
    submission: str = ""
    name: str = ""
    region_id: int | None = None
    place: str = ""
    slot: Slot | None = None
    address: Address | None = None
    inbound: Inbound | None = None
    openly: bool = False


@transaction.atomic
def ask(*, episode: Episode, asked: Asked, by: Actor | None = None, at: datetime | None = None) -> Voice:
    """Take in a question; without `by` a citizen asks. The same words again are one more voice of the same question.

    The same message again changes nothing. Raises Refused for no words or too many, for an episode that takes none
    (any more), and when one person asks too much.
    """
    at = at or timezone.now()
    text = words_of(asked.text)
    if (known := _known(asked)) is not None:
        return known
    episode = Episode.objects.select_for_update(of=("self",)).select_related("programme").get(pk=episode.pk)
    _check(episode, by, at)
    question = episode.questions.select_for_update().filter(alike=_alike(text)).order_by("pk").first()
    if question is None:
        _check_room(episode, asked)
        question = _new(episode, asked, text, at)
        tell(question, "ask", by=by, at=at, data={"medium": asked.medium})
    else:
        _join(question, asked)
    voice = _voice(question, asked, at)
    if asked.address and not asked.openly:
        telling.receipt(voice)
    return voice


def words_of(text: str) -> str:
    """The words of a question as they are kept. Raises Refused for too many, or for none that ask anything."""
    words = kept(text, most=Question.LONGEST)
    if sum(map(str.isalnum, words)) < LEAST_LETTERS:
        raise Refused(_("Tulis pertanyaannya dengan kata-kata."), status=400, code="empty")
    return words


def _alike(text: str) -> str:
    """What the same words have in common, without what people change when they pass a text on: capitals, signs."""
    words = "".join(char if char.isalnum() else " " for char in text.casefold()).split()
    return lookup_hash("question", " ".join(words))


def _known(asked: Asked) -> Voice | None:
    of = (
        {"inbound": asked.inbound}
        if asked.inbound
        else {
            "inbound__medium": asked.medium,
            "inbound__external_id": asked.submission,
        }
    )
    return Voice.objects.select_related("question__episode__programme").filter(**of).first()


def _check(episode: Episode, by: Actor | None, at: datetime) -> None:
    if by is not None:
        policy.check("ask", by, Question(episode=episode, status=QuestionStatus.WAITING))
    if not takes_questions(episode, at=at):
        raise Refused(_("Acara ini tidak menerima pertanyaan lagi."), code="over")


def _check_room(episode: Episode, asked: Asked) -> None:
    if asked.address is None:
        return
    waiting = episode.questions.filter(status__in=UNANSWERED, voices__contact_id=asked.address.contact_id)
    if waiting.distinct().count() >= MOST_OF_ONE:
        sentence = _("Anda sudah mengajukan %(most)d pertanyaan ke acara ini. Tunggu dulu jawabannya.")
        raise Refused(sentence % {"most": MOST_OF_ONE}, status=429, code="too_many")


def _new(episode: Episode, asked: Asked, text: str, at: datetime) -> Question:
    return Question.objects.create(
        episode=episode,
        slot=asked.slot,
        issue=asked.slot.issue if asked.slot else None,
        text=text,
        shown=mask(text).text,
        alike=_alike(text),
        medium=asked.medium,
        name=shorten(one_line(asked.name), LONGEST_NAME),
        region_id=asked.region_id,
        place=shorten(one_line(asked.place), LONGEST_NAME),
        asked_at=at,
    )


def _join(question: Question, asked: Asked) -> None:
    """Count one more message, and its sender unless they asked the same before; the nameless count once together."""
    theirs = Q(contact_id=asked.address.contact_id) if asked.address else Q(contact=None)
    fresh = not question.voices.filter(theirs).exists()
    question.times += 1
    question.people += fresh
    question.save(update_fields=["times", "people", "changed_at"])


def _voice(question: Question, asked: Asked, at: datetime) -> Voice:
    inbound = asked.inbound or store_inbound(medium=asked.medium, external_id=asked.submission, at=at)
    return Voice.objects.create(
        question=question,
        contact_id=asked.address.contact_id if asked.address else None,
        address=None if asked.openly else asked.address,
        inbound=inbound,
        at=at,
    )


@transaction.atomic
def ask_once(*, episode: Episode, asked: Asked, by: Actor | None = None) -> Voice:
    """`ask` for a form that may be sent twice at the same moment: the slower one finds what the faster one made.

    Raises Refused for a form whose stamp made something else, such as a report.
    """
    try:
        return ask(episode=episode, asked=asked, by=by)
    except IntegrityError:
        known = _known(asked)
        if known is None and Inbound.objects.filter(medium=asked.medium, external_id=asked.submission).exists():
            sentence = _("Halaman ini terlalu lama terbuka. Tulisan Anda masih ada; tekan Kirim sekali lagi.")
            raise Refused(sentence, code="used") from None
        if known is None:
            raise
        return known


@transaction.atomic
def reword(question: Question, words: str) -> None:
    """Take over the new words of the only one who asked it."""
    question.text, question.shown, question.alike = words, mask(words).text, _alike(words)
    question.version += 1
    question.save()
    tell(question, "reword", by=None, at=timezone.now())


@transaction.atomic
def retract(question: Question) -> None:
    """The only one who asked it took it back: its words go."""
    with override(INDONESIAN):
        question.reason = _("Ditarik penanyanya.")
        question.shown = _("(ditarik)")
    question.text = question.name = question.place = ""
    question.status, question.version = QuestionStatus.ASIDE, question.version + 1
    question.save()
    tell(question, "retract", by=None, at=timezone.now())
