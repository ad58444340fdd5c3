"""Accepting, from the queue, what Kanal proposes for a report."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kanal.agencies.desk import DeskRequest, desk
from kanal.agencies.models import Agency, Membership
from kanal.common.refusal import Refused, once
from kanal.reports import actions, policy
from kanal.reports.forms.desk_bulk import read_chosen
from kanal.reports.models import Report
from kanal.reports.queries import get_for
from kanal.reports.queries.desk_views import forget_counts
from kanal.reports.queries.routing import propose_for
from kanal.reports.views.desk_bulk import way_back

NAME = "usul"


@require_POST
@desk(Membership.Role.COORDINATOR)
def accept(request: DeskRequest) -> HttpResponse:
    """Hand one report on as proposed. What the button said is what is done: a proposal that changed is refused."""
    wanted, _slash, agency_code = request.POST.get(NAME, "").partition("/")
    chosen = read_chosen([wanted])
    if not chosen:
        raise Refused(_("Usul itu tidak ditemukan. Buka laporannya dan pilih dinasnya."), status=404)
    report = get_for(request.actor, chosen[0].code)
    try:
        with once():
            _accept(request, report, agency_code, version=chosen[0].version)
    except Refused as refusal:
        messages.warning(request, f"{report.tracking_code}: {refusal.sentence}")
        return redirect(way_back(request))
    forget_counts(request.actor)
    said = _("%(code)s diteruskan ke %(agency)s.") % {"code": report.tracking_code, "agency": report.agency or ""}
    messages.success(request, said)
    return redirect(way_back(request))


def _accept(request: DeskRequest, report: Report, agency_code: str, *, version: int) -> None:
    best = next(iter(propose_for(report)), None)
    agency = Agency.objects.filter(pk=best.agency_id).first() if best and best.sure else None
    if best is None or agency is None or agency.code != agency_code:
        raise Refused(_("Usulnya sudah berubah. Buka laporannya dan pilih dinasnya."))
    by = policy.staff(request.actor)
    actions.assign(report=report, agency=agency, by=by, version=version, why=best.why, category_id=best.category_id)
