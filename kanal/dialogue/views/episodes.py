"""/meja/dialog/: the episodes of those who host them and of the agencies that are invited."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kanal.agencies.desk import DeskRequest, desk
from kanal.agencies.queries import reference
from kanal.common.refusal import Refused
from kanal.dialogue import actions, policy, queries
from kanal.dialogue.forms.episodes import EpisodeForm, InviteForm, TopicForm
from kanal.dialogue.models import Episode
from kanal.dialogue.queries.live import left_over
from kanal.dialogue.queries.telling import offers_of_episode
from kanal.dialogue.views import rundown
from kanal.dialogue.views.public import status_of
from kanal.dialogue.workflow import VERBS
from kanal.reports.queries.pages import CURSOR

PER_PAGE = 30
OVER = "sudah"


@require_safe
@desk(*policy.READERS)
def listing(request: DeskRequest) -> HttpResponse:
    """What is ahead, or (`?tampilan=sudah`) what is over."""
    over = request.GET.get("tampilan") == OVER
    rows = queries.find_for(request.actor, ahead=not over)
    page = queries.NEWEST.page(rows, request.GET.get(CURSOR), limit=PER_PAGE)
    context = {
        "over": over,
        "page": page,
        "before": page.previous_address(request.GET),
        "after": page.next_address(request.GET),
        "hosts": policy.hosts(request.actor),
        "keeps": policy.keeps_programmes(request.actor),
        "status_of": status_of,
    }
    return render(request, "dialogue/desk_episodes.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk(*policy.HOSTS)
def begin(request: DeskRequest) -> HttpResponse:
    """A new episode."""
    form = EpisodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        episode = actions.plan(plan=form.plan(), by=request.actor)
        return redirect("dialogue:desk_episode", pk=episode.pk)
    return _form(request, form, None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk(*policy.HOSTS)
def change(request: DeskRequest, pk: int) -> HttpResponse:
    """When and where, to be moved."""
    episode = queries.get_for(request.actor, pk)
    policy.check("change", request.actor, episode)
    form = EpisodeForm(request.POST or None, episode=episode)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(episode=episode, plan=form.plan(), by=request.actor, version=form.cleaned_data["version"])
        except Refused as refused:
            form.add_error(None, refused.sentence)
            return _form(request, form, episode, refused.status)
        messages.success(request, _("Jadwal tersimpan."))
        return redirect("dialogue:desk_episode", pk=pk)
    return _form(request, form, episode)


def _form(request: DeskRequest, form: EpisodeForm, episode: Episode | None, status: int = 200) -> HttpResponse:
    context = {"form": form, "episode": episode}
    return render(request, "dialogue/desk_episode_form.html", context, status=400 if form.errors else status)


@never_cache
@require_safe
@desk(*policy.READERS)
def detail(request: DeskRequest, pk: int) -> HttpResponse:
    """One episode: when, its topics, who is invited, what was done."""
    return page(request, queries.get_for(request.actor, pk))


def page(request: DeskRequest, episode: Episode, status: int = 200, **forms: Any) -> HttpResponse:
    """The page of an episode, with a form in which something was wrong."""
    can = set(policy.verbs_for(request.actor, episode))
    guests = list(episode.invitations.select_related("agency"))
    context = {
        "episode": episode,
        "standing": status_of(episode),
        **rundown.context_of(episode, arranges="arrange" in can),
        "guests": guests,
        "told": reference().told,
        "history": queries.history(episode),
        "promises": queries.promises_in(episode),
        "asked": left_over(episode).count() if episode.announced_at else 0,
        "records": policy.hosts(request.actor) and episode.announced_at is not None,
        "verbs": VERBS,
        "can": can,
        "answers": {one.pk for one in guests if _answers(request, episode, one.agency_id)},
        "hosts": policy.reads_host_sheet(request.actor),
        "sheets": {one.agency_id for one in guests if policy.reads_agency_sheet(request.actor, one.agency_id)},
        "topic_form": TopicForm(),
        "invite_form": InviteForm(),
        "public": episode.announced_at is not None,
        "now": timezone.now(),
        "offers": offers_of_episode(request.actor, episode),
        **forms,
    }
    return render(request, "dialogue/desk_episode.html", context, status=status)


def _answers(request: DeskRequest, episode: Episode, agency_id: int) -> bool:
    return policy.allows("reply", request.actor, episode, agency_id=agency_id)
