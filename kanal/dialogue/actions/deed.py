"""The frame of every write to an episode or a promise: one lock, one permission check, one line of history.

The transaction is the verb's own (`@transaction.atomic`).
"""

from datetime import datetime
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.agencies.queries import Actor
from kanal.common.refusal import Refused, refuse_stale
from kanal.common.text import TooLong, clean, one_line
from kanal.dialogue import policy
from kanal.dialogue.models import Commitment, CommitmentEvent, Episode, EpisodeEvent
from kanal.dialogue.signals import commitment_changed, episode_changed
from kanal.dialogue.workflow import VERBS

Subject = TypeVar("Subject", Episode, Commitment)


class Deed(Generic[Subject]):
    """`with Deed("announce", episode, by=by) as deed:` changes `deed.subject`; leaving the block writes it all.

    The verb's permission and starting status are checked under the row's lock; its target status is set on the way out.
    `version` is what the person saw: when somebody else was faster the deed is refused (`Refused.code` is "stale"), and
    when it was the same person doing the same thing (a double click) it is "repeated" and the page may call it done.
    `agency_id` names the invitation that it is about. Raises Refused; nothing is written then.
    """

    def __init__(
        self, verb: str, given: Subject, *, by: Actor, version: int | None = None, agency_id: int | None = None
    ) -> None:
        self.verb = VERBS[verb]
        self.by = by
        self.at = timezone.now()
        self.note = ""
        self.data: dict[str, Any] = {}
        self._agency_id = agency_id
        self._version = version
        self._given: Subject = given

    def __enter__(self) -> Self:
        rows = type(self._given)._default_manager  # noqa: SLF001  # Django's name for a model's plain manager
        self.subject: Subject = rows.select_for_update().get(pk=self._given.pk)
        changed = _("Baru saja diubah orang lain. Lihat dulu keadaannya yang terbaru.")
        refuse_stale(self.subject, seen=self._version, verb=self.verb.name, user_id=self.by.user_id, changed=changed)
        policy.check(self.verb.name, self.by, self.subject, agency_id=self._agency_id)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._write()

    def _write(self) -> None:
        if self.verb.to is not None:
            self.subject.status = self.verb.to
        self.subject.version += 1
        self.subject.save()
        tell(self.subject, self.verb.name, by=self.by, at=self.at, note=self.note, data=self.data)
        self._given.__dict__.update(self.subject.__dict__)


def tell(
    subject: Episode | Commitment,
    verb: str,
    *,
    by: Actor | None,
    at: datetime,
    note: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    """Write one line of the history of an episode or a promise (without a person: the clock), and tell rooms above."""
    line = {"verb": verb, "at": at, "user_id": by.user_id if by else None, "note": note, "data": data or {}}
    if isinstance(subject, Commitment):
        CommitmentEvent.objects.create(commitment=subject, **line)
        commitment_changed.send(sender=Commitment, commitment=subject, verb=verb)
    else:
        EpisodeEvent.objects.create(episode=subject, **line)
        episode_changed.send(sender=Episode, episode=subject, verb=verb)


def told(model: type[models.Model], name: str, text: str, missing: str = "") -> str:
    """A line as a column keeps it. Raises Refused when it is too long, or empty where `missing` says what lacks."""
    most: int = getattr(model._meta.get_field(name), "max_length")  # noqa: B009, SLF001  # documented; of text columns
    try:
        line = one_line(clean(text, max_chars=most))
    except TooLong as fault:
        sentence = _("Paling panjang %(most)s huruf; ini %(length)s.")
        raise Refused(sentence % {"most": fault.limit, "length": fault.actual}, status=400, code="too_long") from None
    if missing and not line:
        raise Refused(missing, status=400, code="empty")
    return line
