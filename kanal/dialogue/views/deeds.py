"""What the buttons on the page of an episode do. Each takes what a form sends and leads back to the page."""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from kanal.agencies.desk import DeskRequest, desk
from kanal.common.refusal import Refused
from kanal.common.text import row_id
from kanal.dialogue import actions, policy, queries
from kanal.dialogue.forms.episodes import InviteForm, TopicForm
from kanal.dialogue.models import Episode
from kanal.dialogue.views import episodes

Press = Callable[[DeskRequest, Episode], None]


def _version(request: DeskRequest) -> int | None:
    return row_id(request.POST.get("version", ""))


def _announce(request: DeskRequest, episode: Episode) -> None:
    actions.announce(episode=episode, by=request.actor, version=_version(request))


def _hold(request: DeskRequest, episode: Episode) -> None:
    actions.hold(episode=episode, by=request.actor, version=_version(request))


def _cancel(request: DeskRequest, episode: Episode) -> None:
    reason = request.POST.get("reason", "")
    actions.cancel(episode=episode, reason=reason, by=request.actor, version=_version(request))


def _uninvite(request: DeskRequest, episode: Episode) -> None:
    invitation = queries.invitation_of(episode, row_id(request.POST.get("invitation", "")))
    actions.uninvite(invitation=invitation, by=request.actor)


def _reply(request: DeskRequest, episode: Episode) -> None:
    invitation = queries.invitation_of(episode, row_id(request.POST.get("invitation", "")))
    coming = request.POST.get("coming") == "1"
    actions.reply(invitation=invitation, coming=coming, who=request.POST.get("who", ""), by=request.actor)


def _move(request: DeskRequest, episode: Episode) -> None:
    slot = queries.slot_of(episode, row_id(request.POST.get("slot", "")))
    to = row_id(request.POST.get("to", ""))
    if to is None:
        raise Refused(_("Tempat itu tidak terbaca."), status=400)
    actions.move_topic(slot=slot, to=to, by=request.actor)


def _drop(request: DeskRequest, episode: Episode) -> None:
    actions.drop_topic(slot=queries.slot_of(episode, row_id(request.POST.get("slot", ""))), by=request.actor)


DONE: Mapping[str, tuple[Press, str | Promise]] = {
    "umumkan": (_announce, gettext_lazy("Acara diumumkan. Warga bisa melihatnya di agenda.")),
    "selesai": (_hold, gettext_lazy("Tercatat sudah berlangsung.")),
    "batal": (_cancel, gettext_lazy("Acara dibatalkan. Dinas yang diundang dikabari.")),
    "tarik-undangan": (_uninvite, gettext_lazy("Undangan dibatalkan.")),
    "jawab": (_reply, gettext_lazy("Jawaban tercatat.")),
    "pindah": (_move, ""),
    "hapus-topik": (_drop, gettext_lazy("Topik dihapus dari susunan.")),
}


@require_POST
@desk(*policy.READERS)
def press(request: DeskRequest, pk: int, deed: str) -> HttpResponse:
    """Do what a button says; pressed twice it is done once."""
    episode = queries.get_for(request.actor, pk)
    if deed not in DONE:
        raise Refused(_("Halaman itu tidak ada."), status=404)
    done, words = DONE[deed]
    try:
        done(request, episode)
    except Refused as refused:
        if refused.code != "repeated":
            raise
    if words:
        messages.success(request, str(words))
    return redirect("dialogue:desk_episode", pk=pk)


@require_POST
@desk(*policy.HOSTS)
def topic(request: DeskRequest, pk: int) -> HttpResponse:
    """Put a free topic last."""
    episode = queries.get_for(request.actor, pk)
    form = TopicForm(request.POST)
    if not form.is_valid():
        return episodes.page(request, episode, 400, topic_form=form)
    actions.add_topic(episode=episode, topic=form.cleaned_data["topic"], by=request.actor)
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
