"""What is talked about in an episode, and in which order."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from kanal.agencies.queries import Actor
from kanal.common.refusal import Refused
from kanal.dialogue.actions.deed import Deed, told
from kanal.dialogue.models import Episode, Slot
from kanal.issues.models import Issue

MOST = 20
"""Topics of one episode; nobody talks about more in an evening."""


@transaction.atomic
def add_topic(*, episode: Episode, topic: str, by: Actor, issue: Issue | None = None) -> Slot:
    """Put a topic last: an issue, worded as one likes (no words: as it is titled), or something free."""
    topic = told(Slot, "topic", topic or (issue.title if issue else ""), missing=_("Tulis topiknya."))
    with Deed("arrange", episode, by=by) as deed:
        slots = deed.subject.slots
        if issue and slots.filter(issue=issue).exists():
            raise Refused(_("Isu itu sudah ada di susunan acara."), code="repeated")
        if slots.count() >= MOST:
            raise Refused(_("Satu acara memuat paling banyak %(most)d topik.") % {"most": MOST}, code="too_many")
        last = slots.aggregate(last=Max("number"))["last"] or 0
        deed.data = {"added": topic}
        return Slot.objects.create(episode=deed.subject, number=last + 1, topic=topic, issue=issue)


@transaction.atomic
def move_topic(*, slot: Slot, to: int, by: Actor) -> None:
    """Put a topic at a place counted from 1; beyond an end means at that end."""
    with Deed("arrange", slot.episode, by=by) as deed:
        order = list(deed.subject.slots.exclude(pk=slot.pk))
        order.insert(max(0, to - 1), slot)
        for number, one in enumerate(order, 1):
            one.number = number
        Slot.objects.bulk_update(order, ["number"])
        deed.data = {"moved": slot.topic, "to": slot.number}


@transaction.atomic
def drop_topic(*, slot: Slot, by: Actor) -> None:
    """Take a topic out; a second click finds nothing and does no harm."""
    with Deed("arrange", slot.episode, by=by) as deed:
        Slot.objects.filter(pk=slot.pk).delete()
        deed.data = {"dropped": slot.topic}
