"""What the buttons on the page of an issue do. Each takes what a form sends and leads back to the page."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from kanal.agencies.desk import DeskRequest, desk
from kanal.common.refusal import Refused, once
from kanal.common.text import row_id
from kanal.issues import actions, policy, queries
from kanal.issues.models import Issue
from kanal.issues.queries.desk import chosen, proposal_of
from kanal.issues.views.desk import FORMS, VERB_OF, page
from kanal.issues.workflow import Status
from kanal.reports.models import Report

Press = Callable[[DeskRequest, Issue, Any], Issue]
"""Does the deed with the form's clean answers and returns the issue to look at afterwards."""


def _seen(request: DeskRequest) -> dict[str, Any]:
    return {"by": policy.person(request.actor), "version": row_id(request.POST.get("version", ""))}


def _reports(request: DeskRequest, issue: Issue) -> list[Report]:
    return chosen(request.actor, issue, request.POST.getlist("code"))


def _confirm(request: DeskRequest, issue: Issue, _form: Any) -> Issue:
    actions.confirm(issue=issue, **_seen(request))
    return issue


def _dismiss(request: DeskRequest, issue: Issue, _form: Any) -> Issue:
    actions.dismiss(issue=issue, reason=request.POST.get("reason", ""), **_seen(request))
    return issue


def _move(request: DeskRequest, issue: Issue, form: Any) -> Issue:
    data = form.cleaned_data
    actions.move(issue=issue, to=Status(data["to"]), note=data["note"], **_seen(request))
    return issue


def _rename(request: DeskRequest, issue: Issue, form: Any) -> Issue:
    data = form.cleaned_data
    actions.rename(issue=issue, title=data["title"], summary=data["summary"], **_seen(request))
    return issue


def _describe(request: DeskRequest, issue: Issue, form: Any) -> Issue:
    actions.describe(issue=issue, **form.told(), **_seen(request))
    return issue


def _add(request: DeskRequest, issue: Issue, form: Any) -> Issue:
    actions.add_reports(issue=issue, reports=form.cleaned_data["codes"], **_seen(request))
    return issue


def _remove(request: DeskRequest, issue: Issue, _form: Any) -> Issue:
    reports = _reports(request, issue)
    if not reports:
        raise Refused(_("Pilih dulu laporannya."), status=400, code="no_reports")
    actions.remove_reports(issue=issue, reports=reports, **_seen(request))
    return issue


def _split(request: DeskRequest, issue: Issue, form: Any) -> Issue:
    title = form.cleaned_data["split_title"]
    return actions.split(issue=issue, reports=_reports(request, issue), title=title, **_seen(request))


def _merge(request: DeskRequest, issue: Issue, form: Any) -> Issue:
    into: Issue = form.known[form.cleaned_data["into"]]
    actions.merge(issue=issue, into=into, reason=form.cleaned_data["reason"], **_seen(request))
    return into


def _accept(request: DeskRequest, issue: Issue, _form: Any) -> Issue:
    proposal = proposal_of(issue, row_id(request.POST.get("usul", "")))
    return actions.accept(proposal=proposal, by=policy.person(request.actor))


def _decline(request: DeskRequest, issue: Issue, _form: Any) -> Issue:
    proposal = proposal_of(issue, row_id(request.POST.get("usul", "")))
    actions.decline(proposal=proposal, by=policy.person(request.actor))
    return issue


DONE: Mapping[str, tuple[Press, str | Promise]] = {
    "akui": (_confirm, gettext_lazy("Diakui sebagai isu.")),
    "tolak": (_dismiss, gettext_lazy("Dicatat bukan isu. Mesin tidak mengusulkannya lagi.")),
    "pindah": (_move, gettext_lazy("Keadaan isu diubah.")),
    "ubah-judul": (_rename, gettext_lazy("Judul dan ringkasan disimpan.")),
    "ubah-rincian": (_describe, gettext_lazy("Kategori, dinas dan wilayah disimpan.")),
    "tambah": (_add, gettext_lazy("Laporan ditambahkan.")),
    "keluarkan": (_remove, gettext_lazy("Laporan dikeluarkan. Mesin tidak memasukkannya lagi.")),
    "pecah": (_split, gettext_lazy("Isu dipecah. Ini isu yang baru.")),
    "gabung": (_merge, gettext_lazy("Isu digabung. Ini isu yang menampungnya.")),
    "terima-usul": (_accept, gettext_lazy("Usul mesin diterima.")),
    "tolak-usul": (_decline, gettext_lazy("Usul ditolak dan tidak diajukan lagi.")),
}


@require_POST
@desk(*policy.READERS)
def press(request: DeskRequest, pk: int, deed: str) -> HttpResponse:
    """Do what a button says; pressed twice it is done once. What was typed stays when it cannot be done."""
    issue = queries.get_for(request.actor, pk)
    if deed not in DONE:
        raise Refused(_("Halaman itu tidak ada."), status=404)
    done, words = DONE[deed]
    form = _form(request, issue, deed)
    if form is not None and not form.is_valid():
        return page(request, issue, 400, **{deed: form})
    try:
        with once():
            issue = done(request, issue, form)
    except Refused as refused:
        if form is None:
            raise
        form.add_error(None, refused.sentence)
        return page(request, queries.get_for(request.actor, pk), refused.status, **{deed: form})
    messages.success(request, str(words))
    return redirect("issues:desk_issue", pk=issue.pk)


def _form(request: DeskRequest, issue: Issue, deed: str) -> Any:
    """What was typed; None for a deed that needs nothing. Raises Refused before it is read if it is not theirs."""
    if deed not in FORMS:
        return None
    verb = VERB_OF[deed]
    repeated = row_id(request.POST.get("version", "")) not in {None, issue.version}
    if not repeated:
        policy.check(verb, policy.person(request.actor), issue)
    return FORMS[deed](request.POST, issue=issue, actor=request.actor)
