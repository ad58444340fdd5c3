"""What askers are told, each where they asked: that it was taken, what was answered, that the episode is called off.

Every text goes into the outbox in the transaction of its cause, and names its cause, so that nobody reads it twice.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from kanal.channels.actions import Message, queue
from kanal.channels.models import Address
from kanal.common import formats
from kanal.common.text import shorten
from kanal.dialogue.models import Episode, Question, Voice
from kanal.dialogue.workflow import QuestionStatus
from kanal.reports.actions.notices import tongue

AT_ONCE = 200
"""Messages that are put into the outbox by one statement."""
QUOTED = 80


def receipt(voice: Voice) -> None:
    """Say that it was taken; somebody who asks the same again is not told again. What is answered is told at once."""
    question = voice.question
    assert voice.address is not None  # noqa: S101  # who cannot be reached is not told
    if question.status == QuestionStatus.ANSWERED:
        answered(question, only=voice.address)
        return
    _send(
        [voice.address],
        question.episode,
        "question_taken",
        key=str(question.pk),
        say=lambda: _(
            "Pertanyaan Anda untuk %(programme)s, %(when)s, sudah kami catat. Jawabannya kami kirim ke sini."
        ),
        thread=voice.inbound.thread if voice.inbound else "",
    )


def answered(question: Question, *, only: Address | None = None) -> None:
    """Tell everybody who asked it what was answered, or only one of them."""
    _send(
        [only] if only else askers(question),
        question.episode,
        "question_answered",
        key=str(question.pk),
        say=lambda: _("Pertanyaan Anda di %(programme)s: “%(question)s”\nJawaban: %(answer)s"),
        question=shorten(question.shown, QUOTED),
        answer=question.answer,
    )


def called_off(episode: Episode, questions: Iterable[Question]) -> None:
    """Tell everybody whose question waited that the episode is called off, and that the question is kept."""
    theirs = Address.objects.filter(pk__in=_addresses(questions)).iterator()
    _send(
        theirs,
        episode,
        "question_called_off",
        key=str(episode.pk),
        say=lambda: _(
            "%(programme)s, %(when)s, dibatalkan: %(reason)s Pertanyaan Anda kami simpan untuk acara berikutnya."
        ),
        reason=_sentence(episode.reason),
    )


def askers(question: Question) -> Iterator[Address]:
    """Where those who asked can be told, each address once."""
    return Address.objects.filter(pk__in=_addresses([question])).iterator()


def _addresses(questions: Iterable[Question]) -> QuerySet[Voice, Any]:
    voices = Voice.objects.filter(question__in=[one.pk for one in questions], address__isnull=False)
    return voices.values("address_id")


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _send(
    to: Iterable[Address],
    episode: Episode,
    purpose: str,
    *,
    key: str,
    say: Callable[[], str],
    thread: str = "",
    **more: str,
) -> None:
    """Queue one text for many, each in the language that they chose."""
    link = settings.BASE_URL + reverse("dialogue:episode", args=[episode.pk])
    addresses = iter(to)
    while some := list(islice(addresses, AT_ONCE)):
        queue(
            Message(
                purpose=purpose,
                dedupe_key=f"{purpose}:{key}:{address.pk}",
                subject=subject,
                body=f"{body}\n{link}\n",
                reference=f"dialog-{episode.pk}",
                address=address,
                thread=thread,
            )
            for address in some
            for subject, body in [_written(address, episode, say, more)]
        )


def _written(address: Address, episode: Episode, say: Callable[[], str], more: dict[str, str]) -> tuple[str, str]:
    with override(tongue(address.language)):
        facts = {"programme": episode.programme.name, "when": formats.day_time(episode.starts_at), **more}
        return _("Pertanyaan Anda untuk %(programme)s") % facts, say() % facts
