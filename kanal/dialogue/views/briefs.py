"""/meja/dialog/<id>/lembar/: the sheets for the host and for the agencies that come, as pages and on paper."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kanal.agencies.desk import DeskRequest, desk
from kanal.dialogue import policy, queries
from kanal.dialogue.briefs.paper import agency_pdf as agency_paper
from kanal.dialogue.briefs.paper import cases_head
from kanal.dialogue.briefs.paper import host_pdf as host_paper
from kanal.dialogue.queries import briefs
from kanal.dialogue.queries.briefs import AgencySheet, HostSheet


def _host_sheet(request: DeskRequest, pk: int) -> HostSheet:
    episode = queries.get_for(request.actor, pk)
    policy.check_sheet(allowed=policy.reads_host_sheet(request.actor))
    return briefs.host_sheet(episode)


def _agency_sheet(request: DeskRequest, pk: int, code: str) -> AgencySheet:
    episode = queries.get_for(request.actor, pk)
    invitation = briefs.invitation_to(episode, code)
    policy.check_sheet(allowed=policy.reads_agency_sheet(request.actor, invitation.agency_id))
    return briefs.agency_sheet(episode, invitation.agency_id)


def _paper(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@never_cache
@require_safe
@desk(*policy.READERS)
def host(request: DeskRequest, pk: int) -> HttpResponse:
    """What the host has before them on air."""
    return render(request, "dialogue/desk_host_sheet.html", {"sheet": _host_sheet(request, pk)})


@never_cache
@require_safe
@desk(*policy.READERS)
def host_pdf(request: DeskRequest, pk: int) -> HttpResponse:
    """The same on paper, to be read at arm's length."""
    return _paper(host_paper(_host_sheet(request, pk), by=request.actor.name), f"lembar-penyiar-{pk}")


@never_cache
@require_safe
@desk(*policy.READERS)
def agency(request: DeskRequest, pk: int, code: str) -> HttpResponse:
    """What an invited agency prepares and brings."""
    sheet = _agency_sheet(request, pk, code)
    return render(request, "dialogue/desk_agency_sheet.html", {"sheet": sheet, "cases_head": cases_head(sheet)})


@never_cache
@require_safe
@desk(*policy.READERS)
def agency_pdf(request: DeskRequest, pk: int, code: str) -> HttpResponse:
    """The same on paper."""
    sheet = _agency_sheet(request, pk, code)
    return _paper(agency_paper(sheet, by=request.actor.name), f"lembar-dinas-{pk}-{code}")
