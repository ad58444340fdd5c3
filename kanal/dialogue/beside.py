"""What this room puts on the desk page of an issue: the way to put it on an episode.

Registered in `DialogueConfig.ready()`, see `kanal.issues.contributions`.
"""

from collections.abc import Collection, Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.agencies.queries import Actor
from kanal.dialogue import policy
from kanal.dialogue.models import Commitment, Invitation
from kanal.dialogue.workflow import AHEAD, PromiseStatus
from kanal.issues.contributions import Link
from kanal.issues.models import Issue
from kanal.issues.workflow import STATUS, Phase, Status


def of_issue(actor: Actor, issue: Issue) -> Link | None:
    """For hosts, while there is something to talk about."""
    if not policy.hosts(actor) or issue.merged_into_id or STATUS[Status(issue.status)].phase is Phase.GONE:
        return None
    return Link(_("Masukkan ke dialog"), reverse("dialogue:desk_put_topic", args=[issue.pk]), "radio")


def goes_over(agency_ids: Collection[int]) -> Iterator[tuple[str, int]]:
    """What of this room goes on elsewhere when an agency is merged (kanal.agencies.contributions)."""
    owed = [PromiseStatus.OPEN, PromiseStatus.CLAIMED]
    promises = Commitment.objects.filter(agency_id__in=agency_ids, status__in=owed)
    yield _("Janji yang belum selesai"), promises.count()
    ahead = Invitation.objects.filter(episode__status__in=AHEAD, episode__starts_at__gte=timezone.now())
    yield _("Undangan dialog yang akan datang"), ahead.filter(agency_id__in=agency_ids).count()
