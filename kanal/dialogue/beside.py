"""What this room puts on the desk page of an issue: the way to put it on an episode.

Registered in `DialogueConfig.ready()`, see `kanal.issues.above`.
"""

from django.urls import reverse
from django.utils.translation import gettext as _

from kanal.agencies.queries import Actor
from kanal.dialogue import policy
from kanal.issues.above import Link
from kanal.issues.models import Issue
from kanal.issues.workflow import STATUS, Phase, Status


def of_issue(actor: Actor, issue: Issue) -> Link | None:
    """For hosts, while there is something to talk about."""
    if not policy.hosts(actor) or issue.merged_into_id or STATUS[Status(issue.status)].phase is Phase.GONE:
        return None
    return Link(_("Masukkan ke dialog"), reverse("dialogue:desk_put_topic", args=[issue.pk]), "radio")
