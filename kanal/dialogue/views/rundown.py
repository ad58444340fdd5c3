"""How the topics of an episode are chosen, ordered and timed; and an issue put on from its own page."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kanal.agencies.desk import DeskRequest, desk
from kanal.common.refusal import Refused
from kanal.common.text import row_id
from kanal.dialogue import actions, policy, queries
from kanal.dialogue.actions import Topic
from kanal.dialogue.forms.rundown import PutForm
from kanal.dialogue.models import Episode
from kanal.dialogue.queries import rundown
from kanal.dialogue.queries.promises import get_for as promise_for
from kanal.dialogue.rundown import FRAME, SHORTEST
from kanal.issues.queries import get_for as issue_for
from kanal.issues.queries import whole

MINUTES = "menit-"
"""What the name of a field begins with that says how long a topic is; its id follows."""
SHOWN = 5
"""Proposals that are seen at once; the rest is unfolded."""


def version_seen(request: DeskRequest) -> int | None:
    """The version of the episode on the page from which something is sent."""
    return row_id(request.POST.get("version", ""))


def context_of(episode: Episode, *, arranges: bool) -> dict[str, Any]:
    """What the page of an episode shows of its topics, and for those who arrange them what is proposed."""
    topics = queries.topics_of(episode)
    found = rundown.proposals_for(episode) if arranges else []
    minutes = rundown.minutes_of(episode, topics)
    return {
        "topics": topics,
        "minutes": minutes,
        "fills": bool(found) and minutes.left >= FRAME + SHORTEST and len(topics) < actions.MOST_TOPICS,
        "proposals": found[:SHOWN],
        "more_proposals": found[SHOWN:],
        "waiting": rundown.candidates_waiting() if arranges and not found else 0,
    }


def _move(request: DeskRequest, episode: Episode) -> None:
    slot = queries.slot_of(episode, row_id(request.POST.get("slot", "")))
    to = row_id(request.POST.get("to", ""))
    if to is None:
        raise Refused(_("Tempat itu tidak terbaca."), status=400)
    actions.move_topic(slot=slot, to=to, by=request.actor, version=version_seen(request))


def _drop(request: DeskRequest, episode: Episode) -> None:
    slot = queries.slot_of(episode, row_id(request.POST.get("slot", "")))
    actions.drop_topic(slot=slot, by=request.actor, version=version_seen(request))


def _order(request: DeskRequest, episode: Episode) -> None:
    told = [row_id(one) for one in request.POST.get("order", "").split(",")]
    order = [pk for pk in told if pk is not None]
    actions.order_topics(episode=episode, order=order, by=request.actor, version=version_seen(request))


def _time(request: DeskRequest, episode: Episode) -> None:
    told = {}
    for name, value in request.POST.items():
        pk = row_id(name.removeprefix(MINUTES)) if name.startswith(MINUTES) else None
        if pk is not None:
            told[pk] = row_id(str(value).strip()) or 0
    actions.set_minutes(episode=episode, minutes=told, by=request.actor, version=version_seen(request))


def _take(request: DeskRequest, episode: Episode) -> None:
    topic = _topic(request)
    actions.put_topics(episode=episode, topics=[topic], by=request.actor, version=version_seen(request))


def _topic(request: DeskRequest) -> Topic:
    """The issue or the promise that a button names."""
    issue, promise = row_id(request.POST.get("isu", "")), row_id(request.POST.get("janji", ""))
    if issue is not None:
        return Topic(issue=whole(issue_for(request.actor, issue)))
    if promise is not None:
        return Topic(commitment=promise_for(request.actor, promise))
    raise Refused(_("Pilih dulu topiknya."), status=400)


def _fill(request: DeskRequest, episode: Episode) -> None:
    """Fill what is free of the episode with what is proposed."""
    policy.check("arrange", request.actor, episode)
    topics = actions.fill_up(episode=episode, by=request.actor, version=version_seen(request))
    said = ngettext("%(num)s topik dimasukkan.", "%(num)s topik dimasukkan.", len(topics))
    messages.success(request, said % {"num": len(topics)})


PRESSES: Mapping[str, tuple[Callable[[DeskRequest, Episode], None], str | Promise]] = {
    "pindah": (_move, ""),
    "urutan": (_order, ""),
    "menit": (_time, gettext_lazy("Lama topik disimpan.")),
    "hapus-topik": (_drop, gettext_lazy("Topik dihapus dari susunan.")),
    "ambil": (_take, gettext_lazy("Topik dimasukkan ke susunan.")),
    "otomatis": (_fill, ""),
}
"""The buttons that arrange topics: what they do, and what is said afterwards."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk(*policy.HOSTS)
def put(request: DeskRequest, pk: int) -> HttpResponse:
    """Put an issue on an episode that is still ahead."""
    issue = whole(issue_for(request.actor, pk))
    form = PutForm(request.POST or None, actor=request.actor, issue=issue)
    if request.method == "POST" and form.is_valid():
        try:
            actions.put_topics(episode=form.episode(), topics=[form.topic()], by=request.actor)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("Topik dimasukkan ke susunan."))
            return redirect("dialogue:desk_episode", pk=form.episode().pk)
    context = {"form": form, "issue": issue, "standing_in": form.standing_in}
    return render(request, "dialogue/desk_put_topic.html", context, status=400 if form.errors else 200)
