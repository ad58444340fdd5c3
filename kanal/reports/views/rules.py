from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kanal.agencies.desk import DeskRequest, desk
from kanal.agencies.models import Membership
from kanal.agencies.queries import reference
from kanal.reports.forms.rules import TrialForm
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
        "form": form,
        "rules": rules_said(),
        "proposals": proposals,
        "verdicts": {verdict.rule.id: verdict for verdict in verdicts},
        "fired": next((verdict for verdict in verdicts if verdict.fits), None),
        "agencies": reference().agencies,
    }
    return render(request, "reports/desk_rules.html", context, status=400 if form.errors else 200)
