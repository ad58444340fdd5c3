"""Messages that become questions: those that begin with the word of an episode, and those that the desk hands over."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from kanal.agencies import places
from kanal.agencies.queries import Actor
from kanal.channels.actions import Message, queue, settle
from kanal.channels.adapters import Said
from kanal.channels.models import Address, Inbound, Medium
from kanal.common.refusal import Refused
from kanal.dialogue.actions import questions
from kanal.dialogue.actions.notices import INDONESIAN
from kanal.dialogue.actions.questions import Asked
from kanal.dialogue.models import Episode, Programme, Question, Voice
from kanal.dialogue.queries.questions import listening_for
from kanal.dialogue.workflow import VERBS
from kanal.reports.actions.notices import tongue
from kanal.reports.actions.triage import take_message, words_of
from kanal.reports.policy import staff

LONGEST_WORD: int = getattr(Programme._meta.get_field("word"), "max_length")  # noqa: B009, SLF001  # documented; of text columns


def after_word(text: str) -> tuple[str, str]:
    """The first word of a message in capitals, and what follows it; ("", "") when it can be no word of an episode."""
    first, *others = text.split(maxsplit=1)[:2] or [""]
    word = first.strip(".,:;!?#*_\"'").upper()
    plain = word.isascii() and word.isalpha() and len(word) <= LONGEST_WORD
    return (word, "".join(others).strip(" :,-")) if plain else ("", "")


@transaction.atomic
def hear(inbound: Inbound, said: Said) -> bool:
    """Take up a message that begins with the word of an episode which runs or is near. False for any other."""
    episode, words = _asked(inbound, said)
    if episode is None or inbound.address is None:
        return False
    asked = _as_asked(inbound, words, name=said.name)
    try:
        with transaction.atomic():
            questions.ask(episode=episode, asked=asked, at=inbound.received_at)
    except Refused as refused:
        _say_no(inbound, episode, refused)
        return True
    settle(inbound, Inbound.State.ANSWERED, why=_becomes(episode))
    return True


def _asked(inbound: Inbound, said: Said) -> tuple[Episode | None, str]:
    if said.unread:
        return None, ""
    word, words = after_word(said.text)
    episode = listening_for(word, at=inbound.received_at) if word else None
    if episode is None and inbound.medium == Medium.EMAIL and said.subject:
        word, rest = after_word(said.subject)
        episode = listening_for(word, at=inbound.received_at) if word else None
        words = f"{rest}\n{said.text}".strip()
    return episode, words


def _as_asked(inbound: Inbound, words: str, *, name: str = "") -> Asked:
    """A message as a question; a place that it plainly names is where it comes from."""
    named = places.meant(words[:400])
    return Asked(
        text=words,
        medium=inbound.medium,
        name=name,
        region_id=named[0].id if len(named) == 1 else None,
        place=inbound.place,
        address=inbound.address,
        inbound=inbound,
        openly=inbound.public,
    )


def _becomes(episode: Episode) -> str:
    with override(INDONESIAN):
        return _("Menjadi pertanyaan untuk %(programme)s.") % {"programme": episode.programme.name}


def _say_no(inbound: Inbound, episode: Episode, refused: Refused) -> None:
    """Say why it is no question yet. Words that somebody wrote stay in the inbox, where a person reads them."""
    empty = refused.code == "empty"
    settle(inbound, Inbound.State.ANSWERED if empty else Inbound.State.WAITING, why="")
    address = inbound.address
    if address is None or inbound.public:
        return
    with override(tongue(address.language)):
        facts = {"word": episode.programme.word, "programme": episode.programme.name}
        words = _("Tulis %(word)s lalu pertanyaan Anda dengan kata-kata.") % facts if empty else refused.sentence
        subject = _("Pertanyaan Anda untuk %(programme)s") % facts
    once = f"{episode.pk}:{address.pk}" if refused.code == "too_many" else str(inbound.pk)
    queue([_no(address, subject, words, key=f"question_no:{refused.code}:{once}", thread=inbound.thread)])


def _no(address: Address, subject: str, words: str, *, key: str, thread: str) -> Message:
    return Message(
        purpose="question_no", dedupe_key=key, subject=subject, body=f"{words}\n", address=address, thread=thread
    )


@transaction.atomic
def follow_change(inbound: Inbound) -> None:
    """Let a question that waits follow its message, which was reworded or taken back. What others asked too stays."""
    voices = Voice.objects.filter(inbound=inbound, question__status__in=VERBS["retract"].since)
    voice = voices.select_related("question__episode__programme").first()
    question = Question.objects.select_for_update().get(pk=voice.question_id) if voice else None
    if voice is None or question is None or question.times > 1:
        return
    words = "" if inbound.removed_at else _words_left(inbound, voice.question.episode)
    if words:
        questions.reword(question, words)
    else:
        questions.retract(question)


def _words_left(inbound: Inbound, episode: Episode) -> str:
    """The question in the new words of a message; "" when they ask nothing any more."""
    word, rest = after_word(inbound.text)
    try:
        return questions.words_of(rest if word == episode.programme.word else inbound.text)
    except Refused:
        return ""


@transaction.atomic
def ask_from_message(*, inbound: Inbound, episode: Episode, by: Actor) -> Voice:
    """Make a question of a message that waits in the inbox; its sender gets the receipt where they wrote.

    Raises Refused when somebody took the message up meanwhile, and for what `ask` refuses.
    """
    row = take_message(inbound=inbound, by=staff(by), why=_becomes(episode))
    word, rest = after_word(row.text)
    text = rest if word == episode.programme.word else words_of(row)
    return questions.ask(episode=episode, asked=_as_asked(row, text), by=by)
