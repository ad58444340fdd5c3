"""What agencies and coordinators are told. Every text goes into the outbox in the transaction of its cause."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, override

from kanal.agencies.models import Membership
from kanal.agencies.queries import staff_of
from kanal.channels.actions import Message, queue
from kanal.common import formats
from kanal.dialogue.models import Commitment, Episode, Invitation

HANDLERS = (Membership.Role.OFFICER, Membership.Role.SUPERVISOR)
INDONESIAN = "id"
"""The language of letters to staff, whatever language the one who acts reads Kanal in."""


def tell_guests(
    episode: Episode, purpose: str, sentence: str, *, agency_id: int | None = None, sheet: str = ""
) -> None:
    """Write to the officers (and heads) of the agencies that are invited and did not decline, or of one of them.

    `sheet` is the address of what they prepare, said in a line of its own.
    """
    invited = episode.invitations.exclude(state=Invitation.State.DECLINED)
    if agency_id is not None:
        invited = invited.filter(agency_id=agency_id)
    people = staff_of(invited.values_list("agency_id", flat=True), *HANDLERS)
    with override(INDONESIAN):
        text = gettext(sentence) % {
            "programme": episode.programme.name,
            "when": formats.day_time(episode.starts_at),
            "place": episode.place,
            "reason": episode.reason,
            "word": episode.programme.word,
        }
        ready = gettext("Yang perlu disiapkan dan dibawa: %(link)s") % {"link": settings.BASE_URL + sheet}
    link = settings.BASE_URL + reverse("dialogue:desk_episode", args=[episode.pk])
    parts = [text, link, *([ready] if sheet else [])]
    body = "\n\n".join(parts)
    queue(
        Message(
            purpose=purpose,
            dedupe_key=f"{purpose}:{episode.pk}:{episode.version}:{email}",
            subject=text.partition(".")[0],
            body=f"{body}\n",
            to_staff=email,
        )
        for email in people.values_list("user__email", flat=True).distinct()
    )


def tell_about(
    commitment: Commitment, purpose: str, sentence: str, *, note: str = "", coordinators: bool = False
) -> None:
    """Write about a promise: to the officers and heads of the agency that made it, or to the coordinators."""
    people = staff_of([commitment.agency_id], *HANDLERS)
    if coordinators:
        people = Membership.objects.filter(role=Membership.Role.COORDINATOR, user__is_active=True)
    with override(INDONESIAN):
        quoted = f"“{commitment.text}”."
        text = gettext(sentence) % {"promise": quoted, "day": formats.day(commitment.due_on), "note": note}
    queue(
        Message(
            purpose=purpose,
            dedupe_key=f"{purpose}:{commitment.pk}:{commitment.version}:{email}",
            subject=text.partition(":")[0],
            body=f"{text}\n\n{desk_link(commitment)}\n",
            to_staff=email,
        )
        for email in people.values_list("user__email", flat=True).distinct()
    )


def desk_link(commitment: Commitment) -> str:
    """The full address of a promise at the desk."""
    return settings.BASE_URL + reverse("dialogue:desk_promise", args=[commitment.pk])
