"""What the buttons on the page of an episode do. Each takes what a form sends and leads back to the page."""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from kanal.agencies.desk import DeskRequest, desk
from kanal.common import formats
from kanal.common.refusal import Refused, once
from kanal.common.text import row_id
from kanal.dialogue import actions, policy, queries
from kanal.dialogue.forms.episodes import InviteForm, TopicForm
from kanal.dialogue.models import Episode
from kanal.dialogue.queries.live import left_over
from kanal.dialogue.views import episodes, rundown

Press = Callable[[DeskRequest, Episode], None]


def _announce(request: DeskRequest, episode: Episode) -> None:
    actions.announce(episode=episode, by=request.actor, version=rundown.version_seen(request))


def _hold(request: DeskRequest, episode: Episode) -> None:
    actions.hold(episode=episode, by=request.actor, version=rundown.version_seen(request))
    left = left_over(episode).count()
    if left:
        words = ngettext(
            "%(num)s pertanyaan belum terjawab. Buka Siaran untuk menindaklanjutinya.",
            "%(num)s pertanyaan belum terjawab. Buka Siaran untuk menindaklanjutinya.",
            left,
        )
        messages.warning(request, words % {"num": formats.number(left)})


def _cancel(request: DeskRequest, episode: Episode) -> None:
    reason = request.POST.get("reason", "")
    actions.cancel(episode=episode, reason=reason, by=request.actor, version=rundown.version_seen(request))


def _uninvite(request: DeskRequest, episode: Episode) -> None:
    invitation = queries.invitation_of(episode, row_id(request.POST.get("invitation", "")))
    actions.uninvite(invitation=invitation, by=request.actor)


def _reply(request: DeskRequest, episode: Episode) -> None:
    invitation = queries.invitation_of(episode, row_id(request.POST.get("invitation", "")))
    coming = request.POST.get("coming") == "1"
    actions.reply(invitation=invitation, coming=coming, who=request.POST.get("who", ""), by=request.actor)


DONE: Mapping[str, tuple[Press, str | Promise]] = {
    "umumkan": (_announce, gettext_lazy("Acara diumumkan. Warga bisa melihatnya di agenda.")),
    "selesai": (_hold, gettext_lazy("Tercatat sudah berlangsung.")),
    "batal": (_cancel, gettext_lazy("Acara dibatalkan. Dinas yang diundang dikabari.")),
    "tarik-undangan": (_uninvite, gettext_lazy("Undangan dibatalkan.")),
    "jawab": (_reply, gettext_lazy("Jawaban tercatat.")),
    **rundown.PRESSES,
}


@require_POST
@desk(*policy.READERS)
def press(request: DeskRequest, pk: int, deed: str) -> HttpResponse:
    """Do what a button says; pressed twice it is done once."""
    episode = queries.get_for(request.actor, pk)
    if deed not in DONE:
        raise Refused(_("Halaman itu tidak ada."), status=404)
    done, words = DONE[deed]
    with once():
        done(request, episode)
    if words:
        messages.success(request, str(words))
    back = reverse("dialogue:desk_episode", args=[pk])
    return redirect(f"{back}#topik" if deed in rundown.PRESSES else back)


@require_POST
@desk(*policy.HOSTS)
def topic(request: DeskRequest, pk: int) -> HttpResponse:
    """Put a free topic last."""
    episode = queries.get_for(request.actor, pk)
    form = TopicForm(request.POST)
    if not form.is_valid():
        return episodes.page(request, episode, 400, topic_form=form)
    topic, version = form.cleaned_data["topic"], rundown.version_seen(request)
    try:
        actions.add_topic(episode=episode, topic=topic, by=request.actor, version=version)
    except Refused as refused:
        form.add_error("topic", refused.sentence)
        return episodes.page(request, queries.get_for(request.actor, pk), refused.status, topic_form=form)
    return redirect("dialogue:desk_episode", pk=pk)


@require_POST
@desk(*policy.HOSTS)
def invite(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask an agency to come."""
    episode = queries.get_for(request.actor, pk)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return episodes.page(request, episode, 400, invite_form=form)
    agency = form.chosen()
    actions.invite(episode=episode, agency=agency, by=request.actor)
    messages.success(request, _("%(agency)s diundang dan dikabari lewat e-mail.") % {"agency": agency.name})
    return redirect("dialogue:desk_episode", pk=pk)
