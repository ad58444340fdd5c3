"""One verb for several reports: first what it still needs, then each report on its own, then one sentence."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from kanal.agencies.desk import DeskRequest, desk
from kanal.agencies.models import Membership
from kanal.common.refusal import Refused
from kanal.reports.actions.bulk import Chosen
from kanal.reports.forms.desk_bulk import BULK_VERBS, MANY, BulkForm, BulkVerb, read_chosen, told
from kanal.reports.queries.desk import among
from kanal.reports.queries.desk_views import forget_counts, verbs_offered

Role = Membership.Role
LONGEST_RETURN = 2000


@desk(Role.COORDINATOR, Role.OFFICER, Role.SUPERVISOR, Role.INSPECTOR)
def bulk(request: DeskRequest) -> HttpResponse:
    """Ask what is missing (first visit), or do it (the form of that page)."""
    if request.method != "POST":
        return redirect("reports:desk_queue")
    back = way_back(request)
    chosen = read_chosen(request.POST.getlist("pilih"))
    if not chosen:
        messages.warning(request, _("Belum ada laporan yang dicentang."))
        return redirect(back)
    verb = _verb(request)
    if "langkah" not in request.POST:
        return _ask(request, verb, verb.form(chosen=chosen), back)
    form = verb.form(request.POST, chosen=chosen)
    if not form.is_valid():
        return _ask(request, verb, form, back, status=400)
    return _do(request, verb, form, back)


def _do(request: DeskRequest, verb: BulkVerb, form: BulkForm, back: str) -> HttpResponse:
    try:
        outcome = form.do(request.actor)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return _ask(request, verb, form, back, status=refusal.status)
    forget_counts(request.actor)
    say = messages.warning if outcome.refused else messages.success
    say(request, told(verb, outcome))
    return redirect(back)


def _verb(request: DeskRequest) -> BulkVerb:
    name = request.POST.get("verb", "")
    if name not in BULK_VERBS:
        raise Refused(_("Pilih dulu apa yang hendak dilakukan."), status=400)
    if name not in verbs_offered(request.actor, BULK_VERBS):
        raise Refused(
            _("“%(verb)s” bukan bagian Anda. Minta koordinator bila perlu.") % {"verb": BULK_VERBS[name].words},
            status=403,
        )
    return BULK_VERBS[name]


def _ask(request: DeskRequest, verb: BulkVerb, form: BulkForm, back: str, *, status: int = 200) -> HttpResponse:
    shown = among(request.actor, [one.code for one in form.chosen])
    if verb.name == "merge" and not form.is_bound and shown:
        form.initial["into"] = min(shown, key=lambda row: row.received_at).tracking_code
    context = {
        "verb": verb,
        "form": form,
        "shown": shown,
        "values": [_value(one) for one in form.chosen],
        "back": back,
        "many": len(form.chosen) > MANY,
        "query": back.partition("?")[2],
    }
    return render(request, "reports/desk_bulk.html", context, status=status)


def _value(one: Chosen) -> str:
    return f"{one.code}.{one.version}"


def way_back(request: HttpRequest) -> str:
    """The list that one came from; always a page of the queue, whatever was sent."""
    query = QueryDict(request.POST.get("kembali", "")[:LONGEST_RETURN]).urlencode()
    address = reverse("reports:desk_queue")
    return f"{address}?{query}" if query else address
