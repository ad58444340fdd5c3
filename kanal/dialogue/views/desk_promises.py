"""/meja/janji/: the promises of an agency on its officers' desk, and all of them on the coordinator's."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kanal.agencies.desk import DeskRequest, desk
from kanal.common.refusal import Refused, once
from kanal.common.text import row_id
from kanal.dialogue import actions, policy
from kanal.dialogue.forms.promises import CorrectForm, EvidenceForm, PromiseForm
from kanal.dialogue.models import Commitment
from kanal.dialogue.queries import episodes
from kanal.dialogue.queries import promises as queries
from kanal.dialogue.queries.telling import offer_of_promise
from kanal.dialogue.workflow import VERBS
from kanal.reports.queries.pages import CURSOR


@require_safe
@desk(*policy.READERS)
def listing(request: DeskRequest) -> HttpResponse:
    """What must be done, what waits for the coordinator, what is over (`tampilan`)."""
    group = request.GET.get("tampilan", "")
    group = group if group in queries.GROUPS else "jalan"
    page = queries.page_of(queries.find_for(request.actor, group), request.GET.get(CURSOR))
    context = {
        "group": group,
        "rows": queries.rows_of(page.rows),
        "before": page.previous_address(request.GET),
        "after": page.next_address(request.GET),
        "hosts": policy.hosts(request.actor),
    }
    return render(request, "dialogue/desk_promises.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk(*policy.HOSTS)
def begin(request: DeskRequest) -> HttpResponse:
    """A promise to be written down, of an episode (`dialog`) or of none."""
    asked = row_id(request.GET.get("dialog", ""))
    episode = episodes.get_for(request.actor, asked) if asked else None
    form = PromiseForm(request.POST or None, actor=request.actor, episode=episode)
    if request.method == "POST" and form.is_valid():
        try:
            commitment = actions.promise(promised=form.promised(), by=request.actor)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("Janji tercatat. Dinasnya dikabari, dan diingatkan sebelum tanggalnya."))
            return redirect("dialogue:desk_promise", pk=commitment.pk)
    context = {"form": form, "episode": episode, "promise": None}
    return render(request, "dialogue/desk_promise_form.html", context, status=400 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk(*policy.READERS)
def correct(request: DeskRequest, pk: int) -> HttpResponse:
    """A promise to be worded anew or moved."""
    commitment = queries.get_for(request.actor, pk)
    policy.check("correct", request.actor, commitment)
    form = CorrectForm(request.POST or None, actor=request.actor, commitment=commitment)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.correct(
                commitment=commitment,
                promised=form.promised(),
                note=data["note"],
                by=request.actor,
                version=data["version"],
            )
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("Janji diubah. Alasannya tampil di halaman janji."))
            return redirect("dialogue:desk_promise", pk=pk)
    context = {"form": form, "episode": commitment.episode, "promise": commitment}
    return render(request, "dialogue/desk_promise_form.html", context, status=400 if form.errors else 200)


@never_cache
@require_safe
@desk(*policy.READERS)
def detail(request: DeskRequest, pk: int) -> HttpResponse:
    """One promise: its clock, what was shown, what can be done now."""
    return _page(request, queries.get_for(request.actor, pk))


def _page(request: DeskRequest, commitment: Commitment, status: int = 200, **forms: Any) -> HttpResponse:
    context = {
        "row": queries.rows_of([commitment])[0],
        "promise": commitment,
        "working": queries.explanation(commitment),
        "evidence": queries.evidence_of(commitment, request.actor),
        "history": commitment.events.select_related("user").order_by("-at", "-id"),
        "verbs": VERBS,
        "can": set(policy.verbs_for(request.actor, commitment)),
        "evidence_form": EvidenceForm(),
        "offers": [offer] if (offer := offer_of_promise(request.actor, commitment)) else [],
        **forms,
    }
    return render(request, "dialogue/desk_promise.html", context, status=status)


@require_POST
@desk(*policy.READERS)
def fulfil(request: DeskRequest, pk: int) -> HttpResponse:
    """Say that it is done, and show it."""
    commitment = queries.get_for(request.actor, pk)
    form = EvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, commitment, 400, evidence_form=form)
    version = row_id(request.POST.get("version", ""))
    with once():
        actions.fulfil(commitment=commitment, shown=form.shown(), by=request.actor, version=version)
    messages.success(request, _("Terkirim. Koordinator memeriksanya dulu."))
    return redirect("dialogue:desk_promise", pk=pk)


DONE: Mapping[str, tuple[Callable[..., None], bool, str | Promise]] = {
    "terima": (actions.accept, False, gettext_lazy("Janji ini tercatat ditepati.")),
    "kembalikan": (actions.refuse, True, gettext_lazy("Dikembalikan ke dinasnya.")),
    "tidak-ditepati": (actions.give_up, True, gettext_lazy("Tercatat tidak ditepati.")),
    "tarik": (actions.withdraw, True, gettext_lazy("Janji ditarik dari daftar.")),
}
"""What each button does, whether it needs a reason, and what is said afterwards."""


@require_POST
@desk(*policy.READERS)
def press(request: DeskRequest, pk: int, deed: str) -> HttpResponse:
    """Do what a button says; pressed twice it is done once."""
    commitment = queries.get_for(request.actor, pk)
    if deed not in DONE:
        raise Refused(_("Halaman itu tidak ada."), status=404)
    done, for_a_reason, words = DONE[deed]
    given = {"reason": request.POST.get("reason", "")} if for_a_reason else {}
    version = row_id(request.POST.get("version", ""))
    with once():
        done(commitment=commitment, by=request.actor, version=version, **given)
    messages.success(request, str(words))
    return redirect("dialogue:desk_promise", pk=pk)
