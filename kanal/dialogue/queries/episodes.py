"""Which episodes there are, for everybody and at the desk."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.agencies.queries import Actor
from kanal.common.refusal import Refused
from kanal.dialogue import policy
from kanal.dialogue.models import Episode, EpisodeEvent, Invitation, Programme, Slot
from kanal.dialogue.workflow import AHEAD
from kanal.reports.queries.pages import Keyset, Page

PER_PAGE = 20
MOST_AHEAD = 60
MOST_EVENTS, MOST_LINES = 300, 40
STILL_ON = timedelta(hours=6)
"""So long after its beginning an episode still stands among those to come."""
NEWEST = Keyset(("-starts_at", "-id"))


def _hidden() -> Refused:
    return Refused(_("Acara itu tidak ditemukan."), status=404, code="hidden")


def programmes(*, active: bool = False) -> list[Programme]:
    """The programmes by name; only those that still run, if asked."""
    return list(Programme.objects.filter(active=True) if active else Programme.objects.all())


def programme_of(pk: int) -> Programme:
    """One programme; raises Refused (404)."""
    found = Programme.objects.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise _hidden()
    return found


def public(programme: str = "") -> QuerySet[Episode]:
    """The episodes that everybody may know of, of one programme (its code) or all."""
    rows = Episode.objects.filter(policy.public_filter()).select_related("programme")
    return rows.filter(programme__code=programme) if programme else rows


def upcoming(programme: str = "", *, at: datetime | None = None) -> list[Episode]:
    """What is announced and still to come, the nearest first; what was called off stands there until its day."""
    since = (at or timezone.now()) - STILL_ON
    rows = public(programme).filter(starts_at__gte=since).order_by("starts_at", "id")
    return list(rows.prefetch_related("slots")[:MOST_AHEAD])


def past(programme: str, cursor: str | None, *, at: datetime | None = None) -> Page[Episode]:
    """What was, the newest first."""
    rows = public(programme).filter(starts_at__lt=(at or timezone.now()) - STILL_ON)
    return NEWEST.page(rows.prefetch_related("slots"), cursor, limit=PER_PAGE)


def get_public(pk: int) -> Episode:
    """An episode that everybody may read. Raises Refused (404) alike for what is missing and what is hidden."""
    episode = public().filter(pk=pk).first() if pk < 2**63 else None
    if episode is None:
        raise _hidden()
    return episode


def find_for(actor: Actor, *, ahead: bool) -> QuerySet[Episode]:
    """The episodes that a person may open at the desk: those still to be prepared or held, or those that are over."""
    rows = Episode.objects.filter(policy.sees(actor)).select_related("programme")
    return rows.filter(status__in=AHEAD) if ahead else rows.exclude(status__in=AHEAD)


def get_for(actor: Actor, pk: int) -> Episode:
    """An episode at the desk. Raises Refused (404) alike for what is missing and what is hidden."""
    rows = Episode.objects.filter(policy.sees(actor)).select_related("programme")
    episode = rows.filter(pk=pk).first() if pk < 2**63 else None
    if episode is None:
        raise _hidden()
    return episode


def topics_of(episode: Episode) -> list[Slot]:
    """What is talked about, in its order."""
    return list(episode.slots.select_related("issue"))


def invitation_of(episode: Episode, pk: int | None) -> Invitation:
    """One invitation; raises Refused (404)."""
    found = episode.invitations.select_related("agency", "episode__programme").filter(pk=pk).first() if pk else None
    if found is None:
        raise Refused(_("Undangan itu tidak ada lagi."), status=404, code="hidden")
    return found


def slot_of(episode: Episode, pk: int | None) -> Slot:
    """One topic; raises Refused (404)."""
    found = episode.slots.select_related("episode").filter(pk=pk).first() if pk else None
    if found is None:
        raise Refused(_("Topik itu tidak ada lagi."), status=404, code="hidden")
    return found


def history(episode: Episode) -> list[EpisodeEvent]:
    """What was done to an episode, the latest first. Who arranges topics moves many: that is one line until another."""
    found = list[EpisodeEvent]()
    for event in episode.events.select_related("user").order_by("-at", "-id")[:MOST_EVENTS]:
        last = found[-1] if found else None
        if not (last and last.verb == event.verb == "arrange" and last.user_id == event.user_id):
            found.append(event)
    return found[:MOST_LINES]
