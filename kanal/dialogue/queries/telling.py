"""What of dialogue is told to everybody concerned: a promise that is done, an answer given in an episode.

The words are a beginning for whoever writes the bulletin. `promise:12` and `episode:5` name where they come from.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import override

from kanal.agencies.queries import Actor
from kanal.common import formats
from kanal.dialogue.models import Commitment, Episode, Slot
from kanal.dialogue.queries.episodes import get_for as episode_for
from kanal.dialogue.queries.live import public_minutes
from kanal.dialogue.queries.promises import evidence_of
from kanal.dialogue.queries.promises import get_for as promise_for
from kanal.dialogue.workflow import PromiseStatus, Status
from kanal.issues.contributions import ToTell
from kanal.issues.models import Bulletin, Issue
from kanal.issues.policy import sees_bulletin, writes_bulletins
from kanal.issues.queries import bulletins_about, whole
from kanal.issues.workflow import BulletinKind

PROMISE, EPISODE = "promise", "episode"
INDONESIAN = "id"
_DONE = {PromiseStatus.CLAIMED: BulletinKind.WORK, PromiseStatus.KEPT: BulletinKind.PROMISE}


@dataclass(frozen=True, slots=True)
class Offer:
    """An issue whose reporters can be told, where that is written, and what was written already."""

    issue: Issue
    about: str
    may: bool
    bulletins: list[Bulletin]


def offer_of_promise(actor: Actor, commitment: Commitment) -> Offer | None:
    """The issue of a promise that is done, or that its agency calls done."""
    if commitment.issue is None or commitment.status not in _DONE:
        return None
    return _offer(actor, commitment.issue, f"{PROMISE}:{commitment.pk}", commitment.agency_id)


def offers_of_episode(actor: Actor, episode: Episode) -> list[Offer]:
    """The issues among the topics of an episode that took place."""
    if episode.status != Status.HELD:
        return []
    slots = episode.slots.filter(issue__isnull=False).select_related("issue", "issue__merged_into")
    about = f"{EPISODE}:{episode.pk}"
    offers = [_offer(actor, slot.issue, about, slot.issue.agency_id) for slot in slots if slot.issue]
    return [offer for offer in offers if offer]


def _offer(actor: Actor, issue: Issue, about: str, agency_id: int | None) -> Offer | None:
    issue = whole(issue)
    rows = bulletins_about(about).filter(issue=issue).select_related("issue")
    known = [one for one in rows if sees_bulletin(actor, one)]
    may = writes_bulletins(actor, issue, agency_id)
    return Offer(issue, about, may, known) if may or known else None


def promise_to_tell(actor: Actor, issue: Issue, pk: int) -> ToTell | None:
    """What was promised and what was done, in the words of both."""
    commitment = promise_for(actor, pk)
    if commitment.issue is None or whole(commitment.issue) != issue or commitment.status not in _DONE:
        return None
    shown = evidence_of(commitment, actor)
    with override(INDONESIAN):
        text = _("Janjinya: %(promise)s") % {"promise": commitment.text}
    done = [shown[-1].text] if shown else []
    return ToTell(_DONE[PromiseStatus(commitment.status)], "\n\n".join([*done, text]), commitment.agency_id)


def episode_to_tell(actor: Actor, issue: Issue, pk: int) -> ToTell | None:
    """Where and when it was talked about, and the minutes of that topic once everybody reads them."""
    episode = episode_for(actor, pk)
    slot = next((one for one in _slots(episode) if one.issue and whole(one.issue) == issue), None)
    if slot is None or episode.status != Status.HELD:
        return None
    with override(INDONESIAN):
        words = _("Dibahas dalam %(programme)s, %(day)s: %(topic)s.")
        day = formats.day(episode.starts_at)
        text = words % {"programme": episode.programme.name, "day": day, "topic": slot.topic.rstrip(".")}
    said = [one.shown for one in public_minutes(episode) if one.slot_id == slot.pk and one.shown]
    return ToTell(BulletinKind.ANSWER, "\n\n".join([text, *said]), issue.agency_id)


def _slots(episode: Episode) -> list[Slot]:
    return list(episode.slots.filter(issue__isnull=False).select_related("issue", "issue__merged_into"))
