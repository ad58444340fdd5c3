"""/meja/aplikasi/: other programs, their keys, where they are told of events, and what became of each event."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kanal.agencies.desk import DeskRequest, desk
from kanal.channels.app.signing import PREFIX
from kanal.common import formats
from kanal.common.refusal import Refused
from kanal.common.text import row_id
from kanal.reports import policy
from kanal.reports.forms.programs import AppForm, EventsForm, ReplayForm, SubscriptionForm
from kanal.reports.models import ApiClient, Subscription
from kanal.reports.queries.programs import log_of, program_of, programs, subscription_of, subscriptions_of
from kanal.reports.webhooks.actions import keeping
from kanal.reports.webhooks.shapes import PING, TYPES


@require_safe
@never_cache
@desk(*policy.APP_KEEPERS)
def listing(request: DeskRequest) -> HttpResponse:
    """Every program."""
    return render(request, "reports/desk_apps.html", {"programs": programs()})


@never_cache
@desk(*policy.APP_KEEPERS)
def begin(request: DeskRequest) -> HttpResponse:
    """A program that is to be let in."""
    form = AppForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        client = _kept(request, form, None)
        if client:
            messages.success(request, _("Aplikasi terdaftar. Buat kuncinya di bawah."))
            return redirect("reports:desk_app", pk=client.pk)
    return render(request, "reports/desk_app.html", {"form": form}, status=400 if form.errors else 200)


def _kept(request: DeskRequest, form: AppForm, client: ApiClient | None) -> ApiClient | None:
    try:
        return keeping.keep_app(app=form.app(), by=policy.staff(request.actor), client=client)
    except Refused as refusal:
        if refusal.code != "name":
            raise
        form.add_error("name", refusal.sentence)
        return None


@never_cache
@desk(*policy.APP_KEEPERS)
def detail(request: DeskRequest, pk: int) -> HttpResponse:
    """One program: what is known of it, its keys, its subscriptions."""
    client = program_of(pk)
    form = AppForm(request.POST if request.method == "POST" else None, client=client)
    if request.method == "POST" and form.is_valid() and _kept(request, form, client):
        messages.success(request, _("Tersimpan."))
        return redirect("reports:desk_app", pk=pk)
    return _app(request, client, form)


def _app(request: DeskRequest, client: ApiClient, form: AppForm, **more: Any) -> HttpResponse:
    context = {
        "form": form,
        "client": client,
        "stamp": keeping.stamp(client.signing_key_at),
        "subscriptions": subscriptions_of(client),
        **more,
    }
    return render(request, "reports/desk_app.html", context, status=400 if form.errors else 200)


@require_POST
@never_cache
@desk(*policy.APP_KEEPERS)
def new_key(request: DeskRequest, pk: int) -> HttpResponse:
    """Make a key and show it: this page is the only one that ever does."""
    client, by = program_of(pk), policy.staff(request.actor)
    if request.POST.get("jenis") == "open311":
        shown = keeping.change_open311_key(client=client, by=by)
    else:
        shown = keeping.change_signing_key(client=client, seen=request.POST.get("dilihat", ""), by=by)
    client = program_of(pk)
    return _app(request, client, AppForm(client=client), shown=shown, signs=shown.startswith(PREFIX))


@never_cache
@desk(*policy.APP_KEEPERS)
def subscribe(request: DeskRequest, pk: int) -> HttpResponse:
    """A new subscription; its key is shown on the page that follows, once."""
    client = program_of(pk)
    form = SubscriptionForm(request.POST if request.method == "POST" else None, kinds=list(TYPES))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        told = {"url": data["url"], "kinds": data["kinds"], "agency": data["agency"]}
        try:
            made = keeping.subscribe(client=client, by=policy.staff(request.actor), **told)
        except Refused as refusal:
            if refusal.code != "url":
                raise
            form.add_error("url", refusal.sentence)
        else:
            return _subscription(request, subscription_of(made.pk), shown=made.signing_key)
    context = {"client": client, "form": form}
    return render(request, "reports/desk_subscribe.html", context, status=400 if form.errors else 200)


@require_safe
@never_cache
@desk(*policy.APP_KEEPERS)
def subscription(request: DeskRequest, pk: int) -> HttpResponse:
    """How a subscription fares, and its log."""
    return _subscription(request, subscription_of(pk))


def _subscription(request: DeskRequest, row: Subscription, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "row": row,
        "log": log_of(row, row_id(request.GET.get("sebelum", ""))),
        "stamp": keeping.stamp(row.signing_key_at),
        "words": {**TYPES, PING: _("uji coba")},
        "kinds_form": EventsForm(kinds=row.events),
        "replay_form": ReplayForm(),
        **more,
    }
    return render(request, "reports/desk_subscription.html", context, status=status)


@require_POST
@never_cache
@desk(*policy.APP_KEEPERS)
def do(request: DeskRequest, pk: int, deed: str) -> HttpResponse:
    """Try the line, pause, go on, end, or send one event again."""
    row, by = subscription_of(pk), policy.staff(request.actor)
    states = {
        "jeda": Subscription.State.PAUSED,
        "lanjut": Subscription.State.ACTIVE,
        "akhiri": Subscription.State.ENDED,
    }
    if deed in states:
        keeping.set_state(subscription=row, state=states[deed], by=by)
        messages.success(request, _("Langganan sekarang: %(state)s.") % {"state": states[deed].label})
    elif deed == "uji":
        keeping.ping(subscription=row, by=by)
        messages.success(request, _("Uji coba dikirim sebentar lagi. Hasilnya ada di daftar di bawah."))
    elif deed == "ulang":
        one = row_id(request.POST.get("kiriman", "")) or 0
        _say_how_many(request, keeping.replay(subscription=row, one=one, by=by))
    else:
        raise Refused(_("Tombol itu tidak dikenal."), status=404)
    if deed == "akhiri":
        return redirect("reports:desk_app", pk=row.client_id)
    return redirect("reports:desk_subscription", pk=pk)


def _say_how_many(request: DeskRequest, number: int) -> None:
    if not number:
        messages.info(request, _("Tidak ada yang perlu dikirim ulang."))
        return
    sentence = ngettext(
        "%(number)s kejadian dikirim ulang sebentar lagi.", "%(number)s kejadian dikirim ulang sebentar lagi.", number
    )
    messages.success(request, sentence % {"number": formats.number(number)})


@require_POST
@never_cache
@desk(*policy.APP_KEEPERS)
def replay(request: DeskRequest, pk: int) -> HttpResponse:
    """Send again what happened since a moment."""
    row, form = subscription_of(pk), ReplayForm(request.POST)
    if not form.is_valid():
        return _subscription(request, row, status=400, replay_form=form)
    number = keeping.replay(subscription=row, since=form.cleaned_data["since"], by=policy.staff(request.actor))
    _say_how_many(request, number)
    return redirect("reports:desk_subscription", pk=pk)


@require_POST
@never_cache
@desk(*policy.APP_KEEPERS)
def choose(request: DeskRequest, pk: int) -> HttpResponse:
    """Tell it of other events from now on."""
    row, form = subscription_of(pk), EventsForm(request.POST)
    if not form.is_valid():
        return _subscription(request, row, status=400, kinds_form=form)
    keeping.choose_events(subscription=row, kinds=form.cleaned_data["kinds"], by=policy.staff(request.actor))
    messages.success(request, _("Tersimpan."))
    return redirect("reports:desk_subscription", pk=pk)


@require_POST
@never_cache
@desk(*policy.APP_KEEPERS)
def subscription_key(request: DeskRequest, pk: int) -> HttpResponse:
    """Replace the key of a subscription and show it, once."""
    seen = request.POST.get("dilihat", "")
    shown = keeping.change_subscription_key(subscription=subscription_of(pk), seen=seen, by=policy.staff(request.actor))
    return _subscription(request, subscription_of(pk), shown=shown)
