"""/meja/radio/: calls of a broadcast become reports while the programme runs."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kanal.agencies.desk import DeskRequest, desk
from kanal.agencies.models import Membership
from kanal.agencies.queries import Actor, reference
from kanal.common.codes import normalise_code
from kanal.common.refusal import Refused
from kanal.common.text import row_id
from kanal.reports.actions import radio as actions
from kanal.reports.forms.filing import LEAST_LETTERS, LONGEST
from kanal.reports.forms.radio import CallForm, MinutesForm, ShowForm, fresh_submission, numbered_categories
from kanal.reports.forms.radio_words import script_words
from kanal.reports.models import RadioShow
from kanal.reports.queries import radio as queries
from kanal.reports.queries import tracking
from kanal.reports.queries.desk_views import forget_counts

Role = Membership.Role
hosts = desk(Role.ANNOUNCER, Role.COORDINATOR)
_SHORTEST_PROBE = 12


@require_safe
@never_cache
@hosts
def studio(request: DeskRequest) -> HttpResponse:
    """The broadcast on the air with its form; before one begins, the button that begins it and the past ones."""
    running = queries.on_air()
    if running:
        return _on_air(request, running, CallForm())
    return _off_air(request, ShowForm())


def _off_air(request: DeskRequest, form: ShowForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "shows": queries.past_shows(), "words": script_words()}
    return render(request, "reports/radio.html", context, status=status)


def _on_air(request: DeskRequest, running: RadioShow, form: CallForm, status: int = 200) -> HttpResponse:
    context = {
        **_list(request.actor, running),
        "form": form,
        "numbered": numbered_categories(),
        "words": script_words(),
        "least": LEAST_LETTERS,
        "longest": LONGEST,
        "misconduct": settings.BASE_URL + reverse("reports:file"),
    }
    return render(request, "reports/radio_on_air.html", context, status=status)


def _list(actor: Actor, running: RadioShow, said: str = "") -> dict[str, Any]:
    """What the list of calls is drawn from."""
    return {
        "show": running,
        "calls": queries.calls_of(running),
        "places": reference().regions,
        "opens": actor.has(Role.COORDINATOR),
        "wrongly_noted": actions.WRONGLY_NOTED,
        "said": said,
    }


@require_POST
@hosts
def start(request: DeskRequest) -> HttpResponse:
    """Go on the air."""
    form = ShowForm(request.POST)
    if not form.is_valid():
        return _off_air(request, form, status=400)
    actions.start_show(by=request.actor, programme=form.cleaned_data["programme"])
    return redirect("reports:radio")


@require_POST
@hosts
def stop(request: DeskRequest, pk: int) -> HttpResponse:
    """Go off the air; what comes next is the minutes."""
    ended = actions.stop_show(show=queries.show_for(request.actor, pk), by=request.actor)
    messages.success(request, _("Siaran selesai. Lengkapi notulen dan tautan rekamannya."))
    return redirect("reports:radio_show", pk=ended.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@hosts
def show(request: DeskRequest, pk: int) -> HttpResponse:
    """One broadcast: its minutes, its recording, its calls."""
    found = queries.show_for(request.actor, pk)
    if request.method == "POST":
        return _save(request, found)
    seen = {"version": found.version, "minutes": found.minutes, "recording_url": found.recording_url}
    return _show_page(request, found, MinutesForm(initial=seen))


def _save(request: DeskRequest, found: RadioShow) -> HttpResponse:
    form = MinutesForm(request.POST)
    if not form.is_valid():
        return _show_page(request, found, form, status=400)
    try:
        actions.save_minutes(show=found, by=request.actor, **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return _show_page(request, found, form, status=refused.status)
    messages.success(request, _("Notulen tersimpan."))
    return redirect("reports:radio_show", pk=found.pk)


def _show_page(request: DeskRequest, found: RadioShow, form: MinutesForm, status: int = 200) -> HttpResponse:
    context = {**_list(request.actor, found), "form": form, "words": script_words()}
    return render(request, "reports/radio_show.html", context, status=status)


@require_POST
@hosts
def call(request: DeskRequest, pk: int) -> HttpResponse:
    """Take a call. The page's script gets JSON (`code` and the new list, or `errors` by field); a plain form a page."""
    running = queries.show_for(request.actor, pk)
    form = CallForm(request.POST)
    if not form.is_valid():
        return _wrong(request, running, form, 400)
    try:
        report = actions.take_call(show=running, by=request.actor, filing=form.filing())
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return _wrong(request, running, form, refused.status)
    if report.body != form.cleaned_data["body"]:
        return _another_call(request, running, form, report.tracking_code)
    forget_counts(request.actor)
    if _asked_by_script(request):
        rows = render_to_string("reports/_radio_calls.html", _list(request.actor, running), request, using="jinja2")
        return JsonResponse({"code": report.tracking_code, "list": rows}, status=201)
    messages.success(request, _("Tersimpan. Bacakan kodenya: %(code)s") % {"code": report.tracking_code})
    return HttpResponseRedirect(reverse("reports:radio"), status=303)


def _another_call(request: DeskRequest, running: RadioShow, form: CallForm, code: str) -> HttpResponse:
    """Somebody went back to a sent form and wrote something else: that is another call."""
    form.data = {**request.POST.dict(), "submission": fresh_submission()}
    sentence = _("Telepon %(code)s dari isian ini sudah tercatat. Tulisan ini berbeda: kirim bila itu telepon lain.")
    form.add_error(None, sentence % {"code": code})
    return _wrong(request, running, form, 409)


def _wrong(request: DeskRequest, running: RadioShow, form: CallForm, status: int) -> HttpResponse:
    if _asked_by_script(request):
        wrong = {name: " ".join(map(str, sentences)) for name, sentences in form.errors.items()}
        return JsonResponse({"errors": wrong}, status=status)
    return _on_air(request, running, form, status=status)


def _asked_by_script(request: DeskRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


@require_POST
@hosts
def take_back(request: DeskRequest, pk: int, code: str) -> HttpResponse:
    """Undo a call that was noted wrongly."""
    running = queries.show_for(request.actor, pk)
    known = normalise_code(code, reference().regency.code_prefix)
    said = _("%(code)s dibatalkan.") % {"code": known}
    try:
        actions.take_back(show=running, report=queries.call_of(running, known or ""), by=request.actor)
    except Refused as refused:
        if "HX-Request" not in request.headers:
            raise
        said = refused.sentence
    forget_counts(request.actor)
    if "HX-Request" in request.headers:
        return render(request, "reports/_radio_calls.html", _list(request.actor, running, said))
    messages.success(request, said)
    return redirect("reports:radio")


@require_POST
@hosts
def similar(request: DeskRequest) -> HttpResponse:
    """The sentence for the air: how many have told the same, as a fragment; empty when nobody has."""
    text = request.POST.get("text", "")[:LONGEST]
    region_id = row_id(request.POST.get("region", ""))
    found = queries.like_this(text, region_id) if len(text) >= _SHORTEST_PROBE else queries.Alike(0, ())
    context = {"found": found, "most": queries.MOST_ALIKE, "tracking": tracking}
    return render(request, "reports/_radio_similar.html", context)
