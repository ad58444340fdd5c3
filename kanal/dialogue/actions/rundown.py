"""What is talked about in an episode, in which order, and how long each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from kanal.agencies.queries import Actor
from kanal.common.refusal import Refused
from kanal.dialogue.actions.deed import Deed, told
from kanal.dialogue.models import Commitment, Episode, Slot
from kanal.dialogue.queries.rundown import filling
from kanal.issues.models import Issue

MOST_TOPICS = 20
"""Topics of one episode; nobody talks about more in an evening."""
MOST_MINUTES = Episode.LONGEST


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic to put on: an issue or a promise, in any words (none: its own), or something free."""

    words: str = ""
    issue: Issue | None = None
    commitment: Commitment | None = None
    minutes: int = Slot.USUAL


def _seen(episode: Episode, version: int | None, by: Actor) -> int | None:
    """What a person saw. What they arranged themselves since then is no surprise to them, so that does not count."""
    last = episode.events.order_by("-id").first()
    own = last is not None and last.verb == "arrange" and last.user_id == by.user_id
    return None if own else version


def _words(topic: Topic) -> str:
    if topic.words.strip():
        return told(Slot, "topic", topic.words)
    if topic.commitment:
        return _short(_("Menagih janji: %(promise)s") % {"promise": topic.commitment.text})
    return told(Slot, "topic", topic.issue.title if topic.issue else "", missing=_("Tulis topiknya."))


def _short(text: str) -> str:
    most: int = Slot._meta.get_field("topic").max_length or 0  # noqa: SLF001  # documented
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + "…"


def _put(episode: Episode, topic: Topic) -> Slot:
    """Put a topic last. Raises Refused for what stands there already, and where there is no more room."""
    words, slots = _words(topic), episode.slots
    if topic.issue and slots.filter(issue=topic.issue).exists():
        raise Refused(_("Isu itu sudah ada di susunan acara."), code="repeated")
    if topic.commitment and slots.filter(commitment=topic.commitment).exists():
        raise Refused(_("Janji itu sudah ada di susunan acara."), code="repeated")
    if not (topic.issue or topic.commitment) and slots.filter(topic=words).exists():
        raise Refused(_("Topik itu sudah ada di susunan acara."), code="repeated")
    if slots.count() >= MOST_TOPICS:
        raise Refused(_("Satu acara memuat paling banyak %(most)d topik.") % {"most": MOST_TOPICS}, code="too_many")
    last = slots.aggregate(last=Max("number"))["last"] or 0
    return Slot.objects.create(
        episode=episode,
        number=last + 1,
        topic=words,
        issue=topic.issue,
        commitment=topic.commitment,
        minutes=_sensible(topic.minutes),
    )


def _sensible(minutes: int) -> int:
    if not 1 <= minutes <= MOST_MINUTES:
        raise Refused(_("Lama sebuah topik 1 sampai %(most)d menit.") % {"most": MOST_MINUTES}, status=400)
    return minutes


@transaction.atomic
def add_topic(
    *,
    episode: Episode,
    by: Actor,
    topic: str = "",
    issue: Issue | None = None,
    commitment: Commitment | None = None,
    minutes: int = Slot.USUAL,
    version: int | None = None,
) -> Slot:
    """Put a topic last: an issue or a promise, worded as one likes (no words: as it is titled), or something free."""
    return put_topics(episode=episode, topics=[Topic(topic, issue, commitment, minutes)], by=by, version=version)[0]


@transaction.atomic
def put_topics(*, episode: Episode, topics: Sequence[Topic], by: Actor, version: int | None = None) -> list[Slot]:
    """Put several topics last, in one deed: all of them or none."""
    with Deed("arrange", episode, by=by, version=_seen(episode, version, by)) as deed:
        slots = [_put(deed.subject, one) for one in topics]
        deed.data = {"added": "; ".join(one.topic for one in slots)}
    return slots


@transaction.atomic
def fill_up(*, episode: Episode, by: Actor, version: int | None = None) -> list[Slot]:
    """Fill what is free of an episode with what is proposed. Raises Refused when nothing is, or there is no room."""
    chosen = filling(episode)
    if not chosen:
        raise Refused(_("Tidak ada yang bisa ditambahkan: waktunya sudah penuh, atau tidak ada usul."), code="nothing")
    issues = Issue.objects.defer("profile").in_bulk([one.candidate.issue_id for one, _m in chosen])
    promises = Commitment.objects.in_bulk([one.candidate.late[0].commitment_id for one, _m in chosen if one.is_promise])
    topics = [
        Topic(commitment=promises[one.candidate.late[0].commitment_id], minutes=minutes)
        if one.is_promise
        else Topic(issue=issues[one.candidate.issue_id], minutes=minutes)
        for one, minutes in chosen
    ]
    return put_topics(episode=episode, topics=topics, by=by, version=version)


@transaction.atomic
def move_topic(*, slot: Slot, to: int, by: Actor, version: int | None = None) -> None:
    """Put a topic at a place counted from 1; beyond an end means at that end."""
    with Deed("arrange", slot.episode, by=by, version=_seen(slot.episode, version, by)) as deed:
        order = list(deed.subject.slots.exclude(pk=slot.pk))
        order.insert(max(0, to - 1), slot)
        _number(order)
        deed.data = {"moved": slot.topic, "to": slot.number}


def _number(order: Sequence[Slot]) -> None:
    for number, one in enumerate(order, 1):
        one.number = number
    Slot.objects.bulk_update(order, ["number"])


@transaction.atomic
def order_topics(*, episode: Episode, order: Sequence[int], by: Actor, version: int | None = None) -> None:
    """Put all topics in the order of their ids. Raises Refused when these are not the topics that stand there."""
    with Deed("arrange", episode, by=by, version=_seen(episode, version, by)) as deed:
        slots = {one.pk: one for one in deed.subject.slots.all()}
        if sorted(order) != sorted(slots):
            raise Refused(_("Susunannya baru saja berubah. Lihat dulu yang terbaru."), code="stale")
        _number([slots[pk] for pk in order])
        deed.data = {"order": list(order)}


@transaction.atomic
def set_minutes(*, episode: Episode, minutes: Mapping[int, int], by: Actor, version: int | None = None) -> None:
    """Say how long topics are talked about, by their ids; a topic that is gone meanwhile is passed over."""
    fit = {pk: _sensible(one) for pk, one in minutes.items()}
    with Deed("arrange", episode, by=by, version=_seen(episode, version, by)) as deed:
        slots = list(deed.subject.slots.filter(pk__in=fit))
        for slot in slots:
            slot.minutes = fit[slot.pk]
        Slot.objects.bulk_update(slots, ["minutes"])
        deed.data = {"minutes": sum(one.minutes for one in slots)}


@transaction.atomic
def drop_topic(*, slot: Slot, by: Actor, version: int | None = None) -> None:
    """Take a topic out; a second click finds nothing and does no harm."""
    with Deed("arrange", slot.episode, by=by, version=_seen(slot.episode, version, by)) as deed:
        Slot.objects.filter(pk=slot.pk).delete()
        deed.data = {"dropped": slot.topic}
