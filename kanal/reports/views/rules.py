from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kanal.agencies.desk import DeskRequest, desk
from kanal.agencies.models import Membership
from kanal.agencies.queries import reference
from kanal.reports import policy
from kanal.reports.actions.alone import turn_switch
from kanal.reports.actions.rules import accept_rule
from kanal.reports.forms.rules import SwitchForm, TrialForm
from kanal.reports.queries.alone import MOST_REFUSED, switches
from kanal.reports.queries.learned import likely_rules
from kanal.reports.queries.routing import Proposal, rules_said, try_rules
from kanal.reports.routing import Verdict


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk(Membership.Role.COORDINATOR)
def bench(request: DeskRequest) -> HttpResponse:
    """The routing rules in their order, and the test bench: which would fire for this text, and why every other not.

    The text is posted, not put into the address: it may be a citizen's, and addresses end in logs.
    """
    form = TrialForm(request.POST if request.method == "POST" else None)
    proposals: list[Proposal] | None = None
    verdicts: list[Verdict] = []
    if form.is_bound and form.is_valid():
        proposals, verdicts = try_rules(form.cleaned_data["text"], **form.circumstances())
    context = {
        "likely": likely_rules(),
        "switches": switches(),
        "most_refused": MOST_REFUSED,
        "switch_form": SwitchForm(),
        "form": form,
        "rules": rules_said(),
        "proposals": proposals,
        "verdicts": {verdict.rule.id: verdict for verdict in verdicts},
        "fired": next((verdict for verdict in verdicts if verdict.fits), None),
        "agencies": reference().agencies,
    }
    return render(request, "reports/desk_rules.html", context, status=400 if form.errors else 200)


@require_POST
@desk(Membership.Role.COORDINATOR)
def turn(request: DeskRequest) -> HttpResponse:
    """Switch on or off that Kanal hands on reports of a category by itself."""
    form = SwitchForm(request.POST)
    if form.is_valid():
        row = turn_switch(**form.wanted(), by=policy.staff(request.actor))
        said = _("Kanal meneruskan sendiri laporan %(name)s bila cukup yakin.")
        off = _("Laporan %(name)s menunggu Anda lagi.")
        messages.success(request, (said if row.on else off) % {"name": row.category.name})
    else:
        messages.warning(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect(f"{reverse('reports:desk_rules')}#sendiri")


@require_POST
@desk(Membership.Role.COORDINATOR)
def accept(request: DeskRequest) -> HttpResponse:
    """Make a proposed rule one of the regency's."""
    words, agency = request.POST.get("words", ""), request.POST.get("agency", "")
    rule = accept_rule(words=words, agency=agency, by=policy.staff(request.actor))
    messages.success(request, _("Aturan %(order)s ditambahkan: %(name)s.") % {"order": rule.order, "name": rule.name})
    return redirect(f"{reverse('reports:desk_rules')}#daftar")
