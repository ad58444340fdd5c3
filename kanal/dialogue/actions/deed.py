"""The frame of every write to an episode, a promise or a question: see `kanal.common.deed`."""

from datetime import datetime
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy

from kanal.agencies.queries import Actor
from kanal.common.deed import Frame
from kanal.common.kept import kept
from kanal.common.text import one_line
from kanal.dialogue import policy
from kanal.dialogue.models import Commitment, CommitmentEvent, Episode, EpisodeEvent, Question, QuestionEvent
from kanal.dialogue.signals import commitment_changed, episode_changed, question_changed
from kanal.dialogue.workflow import VERBS

Subject = TypeVar("Subject", bound=Episode | Commitment | Question)


class Deed(Frame[Subject, Actor]):
    """`with Deed("announce", episode, by=by) as deed:` changes `deed.subject`; leaving the block writes it all.

    `agency_id` names the invitation that it is about.
    """

    changed = gettext_lazy("Baru saja diubah orang lain. Lihat dulu keadaannya yang terbaru.")

    def __init__(
        self, verb: str, given: Subject, *, by: Actor, version: int | None = None, agency_id: int | None = None
    ) -> None:
        super().__init__(VERBS[verb], given, by=by, version=version)
        self._agency_id = agency_id

    @property
    def subject(self) -> Subject:
        """The episode, promise or question under its lock."""
        return self.row

    def check(self) -> None:
        """Ask the policy."""
        policy.check(self.verb.name, self.by, self.subject, agency_id=self._agency_id)

    def tell(self) -> None:
        """Write the line of history."""
        tell(self.subject, self.verb.name, by=self.by, at=self.at, note=self.note, data=self.data)


def tell(
    subject: Episode | Commitment | Question,
    verb: str,
    *,
    by: Actor | None,
    at: datetime,
    note: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    """Write one line of a history (without a person: the clock, or a citizen), and tell rooms above."""
    line = {"verb": verb, "at": at, "user_id": by.user_id if by else None, "note": note, "data": data or {}}
    if isinstance(subject, Commitment):
        CommitmentEvent.objects.create(commitment=subject, **line)
        commitment_changed.send(sender=Commitment, commitment=subject, verb=verb)
    elif isinstance(subject, Question):
        QuestionEvent.objects.create(question=subject, **line)
        question_changed.send(sender=Question, question=subject, verb=verb)
    else:
        EpisodeEvent.objects.create(episode=subject, **line)
        episode_changed.send(sender=Episode, episode=subject, verb=verb)


def told(model: type[models.Model], name: str, text: str, missing: str = "") -> str:
    """A line as a column keeps it. Raises Refused when it is too long, or empty where `missing` says what lacks."""
    most: int = getattr(model._meta.get_field(name), "max_length")  # noqa: B009, SLF001  # documented; of text columns
    return one_line(kept(text, most=most, missing=missing))
