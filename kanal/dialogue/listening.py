"""What rooms below tell and offer, handed to the verbs of this one."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.agencies.queries import Actor
from kanal.channels.adapters import Said
from kanal.channels.models import Inbound
from kanal.dialogue import policy
from kanal.dialogue.actions import hearing
from kanal.dialogue.queries.questions import next_to_ask
from kanal.reports.contributions import Button


def message_came(inbound: Inbound, said: Said) -> bool:
    """A message that begins with the word of an episode is a question to it, and no report."""
    return hearing.hear(inbound, said)


def message_changed(inbound: Inbound, **_signal: object) -> None:
    """A question that waits follows its message."""
    hearing.follow_change(inbound)


def offer_question(actor: Actor, inbound: Inbound) -> Button | None:
    """The button that makes a question of a message, while an episode runs or is near."""
    episode = next_to_ask(at=timezone.now()) if policy.hosts(actor) else None
    if episode is None:
        return None
    words = _("Pertanyaan untuk %(programme)s") % {"programme": episode.programme.name}
    return Button(words, reverse("dialogue:message_question", args=[inbound.pk, episode.pk]), "question", "t")
