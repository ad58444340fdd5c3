"""/meja/dialog/acara/: the programmes that episodes belong to."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kanal.agencies.desk import DeskRequest, desk
from kanal.agencies.models import Membership
from kanal.common.refusal import Refused
from kanal.dialogue import actions, queries
from kanal.dialogue.forms.episodes import ProgrammeForm, programme_facts

keepers = desk(Membership.Role.COORDINATOR)


@require_safe
@keepers
def listing(request: DeskRequest) -> HttpResponse:
    """Every programme."""
    return render(request, "dialogue/desk_programmes.html", {"programmes": queries.programmes()})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@keepers
def edit(request: DeskRequest, pk: int | None = None) -> HttpResponse:
    """A programme, new or known."""
    known = queries.programme_of(pk) if pk is not None else None
    form = ProgrammeForm(request.POST or None, initial=programme_facts(known) if known else {})
    if request.method == "POST" and form.is_valid():
        try:
            actions.keep_programme(programme=known, by=request.actor, **form.cleaned_data)
        except Refused as refused:
            form.add_error("word" if refused.code == "word" else "name", refused.sentence)
        else:
            messages.success(request, _("Acara tetap tersimpan."))
            return redirect("dialogue:programmes")
    context = {"form": form, "programme": known}
    return render(request, "dialogue/desk_programme.html", context, status=400 if form.errors else 200)
