"""What dialogue tells in the story of an issue: where it was talked about and what was promised there.

Registered in `DialogueConfig.ready()`, see `kanal.issues.contributions`. Only what everybody may know.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.agencies.queries import reference
from kanal.common import formats
from kanal.dialogue import policy
from kanal.dialogue.models import Commitment, Episode
from kanal.dialogue.queries.promises import standing_of
from kanal.dialogue.workflow import STANDING, Standing, Status
from kanal.issues.contributions import Chapter, Entry


def told(issue_ids: Sequence[int]) -> Iterator[Entry]:
    """The announced and held episodes with these issues among their topics, and the promises about them."""
    episodes = Episode.objects.filter(policy.public_filter(), slots__issue_id__in=issue_ids)
    for episode in episodes.exclude(status=Status.CANCELLED).select_related("programme").distinct():
        yield _talk(episode)
    for promise in Commitment.objects.filter(issue_id__in=issue_ids).order_by("pk"):
        yield from _promise(promise)


def _talk(episode: Episode) -> Entry:
    name = {"programme": episode.programme.name}
    if episode.status == Status.HELD:
        words, state = _("Dibahas di %(programme)s") % name, "done"
    else:
        state = "next" if episode.starts_at > timezone.now() else "done"
        words = _("Dijadwalkan dibahas di %(programme)s") % name
    chapter = Chapter.DISCUSSED if episode.status == Status.HELD else Chapter.MOVED
    address = reverse("dialogue:episode", args=[episode.pk])
    return Entry(episode.starts_at, words, chapter, episode.theme, address, state, "yellow")


def _promise(promise: Commitment) -> Iterator[Entry]:
    facts = reference()
    address = reverse("dialogue:promise", args=[promise.pk])
    by = _("%(agency)s, paling lambat %(day)s.") % {
        "agency": facts.told(promise.agency_id),
        "day": formats.day(promise.due_on),
    }
    words = _("Janji: %(text)s") % {"text": promise.text}
    yield Entry(promise.opened_at, words, Chapter.PROMISED, by, address, colour="yellow")
    standing = standing_of(promise, facts.today())
    info, state = STANDING[standing], "next" if standing is Standing.OPEN else "done"
    ended = _("Harus ditepati") if standing is Standing.OPEN else _("Janji: %(text)s") % {"text": info.word}
    colour = info.colour or "blue"
    yield Entry(_end(promise, standing), ended, Chapter.ENDED, promise.text, address, state, colour)


def _end(promise: Commitment, standing: Standing) -> datetime | date:
    """When a promise came to stand as it does."""
    if promise.kept_on is not None:
        return promise.kept_on
    if standing is Standing.CLAIMED and promise.claimed_at:
        return promise.claimed_at
    return promise.changed_at if standing in {Standing.BROKEN, Standing.WITHDRAWN} else promise.due_on
