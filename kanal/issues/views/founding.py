"""/meja/isu/baru/: an issue begun by hand, from the board, from a report, or from reports ticked in the queue."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from kanal.agencies.desk import DeskRequest, desk
from kanal.agencies.queries import reference
from kanal.common.refusal import Refused
from kanal.issues import actions, policy
from kanal.issues.forms import MOST_CODES, FoundForm
from kanal.issues.models import Issue
from kanal.issues.queries.desk import named
from kanal.reports.models import Report

MOST_PLACES = 3
"""From more kecamatan than these it is rather a matter of the whole regency."""


@never_cache
@desk(*policy.READERS)
def found(request: DeskRequest) -> HttpResponse:
    """Ask what the issue is called and made of, or begin it. `laporan` and `pilih` name reports to begin with."""
    by = policy.person(request.actor)
    policy.check("found", by, Issue())
    typed = request.method == "POST" and "langkah" in request.POST
    if not typed:
        return _ask(request, FoundForm(actor=request.actor, initial=_beginning(request)))
    form = FoundForm(request.POST, actor=request.actor)
    if not form.is_valid():
        return _ask(request, form)
    try:
        issue = actions.found(said=form.said(), reports=form.cleaned_data["codes"], by=by)
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return _ask(request, form)
    messages.success(request, _("Isu dibuat."))
    return redirect("issues:desk_issue", pk=issue.pk)


def _ask(request: DeskRequest, form: FoundForm) -> HttpResponse:
    return render(request, "issues/desk_found.html", {"form": form}, status=400 if form.errors else 200)


def _beginning(request: DeskRequest) -> dict[str, Any]:
    """What the named reports say of the issue: most of them the category and the agency, all of them the places."""
    ticked = [value.rpartition(".")[0] for value in request.POST.getlist("pilih")]
    codes = [*request.GET.getlist("laporan"), *ticked][:MOST_CODES]
    reports = named(request.actor, codes)
    if codes and len(reports) < len(codes):
        messages.warning(request, _("Laporan rahasia, arsip, dan yang bukan antrean Anda dilewati."))
    return {
        "codes": "\n".join(report.tracking_code for report in reports),
        "category": _most(report.category_id for report in reports),
        "agency": _most(reference().id_today(report.agency_id) for report in reports),
        "regions": _districts(reports),
    }


def _most(ids: Iterable[int | None]) -> int | None:
    told = Counter(pk for pk in ids if pk)
    return told.most_common(1)[0][0] if told else None


def _districts(reports: Sequence[Report]) -> list[int]:
    regions = reference().regions
    found = {region.district_id if (region := regions.get(one.region_id or 0)) else None for one in reports}
    return sorted(pk for pk in found if pk) if None not in found and len(found) <= MOST_PLACES else []
