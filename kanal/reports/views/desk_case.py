"""The page of one case: reading it, and one address per verb. What may be done is asked of the policy alone."""

from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kanal.agencies.desk import DeskRequest, desk
from kanal.common import formats
from kanal.common.refusal import Refused
from kanal.reports import actions, contributions, grants, policy
from kanal.reports.forms.case_answer import DraftAnswerForm, TaskForm
from kanal.reports.forms.verb import Line, VerbForm
from kanal.reports.forms.verbs import FORMS
from kanal.reports.letter import letter_pdf
from kanal.reports.models import Report, ReportTask
from kanal.reports.queries.case import Case, alike_for, case_for, light_case, report_for
from kanal.reports.queries.case_words import deadlines
from kanal.reports.views.case_page import Panel, case_url, context, listed_from, main_of, neighbour, panel_of, today

HIDDEN = 404


@never_cache
@require_safe
@desk()
def detail(request: DeskRequest, code: str) -> HttpResponse:
    """The case; `?aksi=` opens one verb's form, `?teks=umum` the public's text, `?ke=` leads on through the queue."""
    if request.GET.get("ke"):
        return _along_the_queue(request, code)
    if request.headers.get("HX-Target") == "aksi":
        case = light_case(request.actor, report_for(request.actor, code))
        carried = {"case": case, "panel": panel_of(case, request.GET), "listed": listed_from(request) or ""}
        return render(request, "reports/_case_panel.html", carried)
    return _page(request, case_for(request.actor, code))


def _page(request: DeskRequest, case: Case, *, status: int = 200, **extra: Any) -> HttpResponse:
    """Draw the case, with forms that carry what somebody typed where there are any."""
    return render(request, "reports/desk_case.html", context(request, case, **extra), status=status)


def _along_the_queue(request: DeskRequest, code: str) -> HttpResponse:
    """To the report before or after this one in the list the person came from; at its end, back to the list."""
    found = neighbour(request, report_for(request.actor, code))
    listed = request.GET.get("dari", "").removeprefix("?")
    if found:
        return redirect(f"{case_url(found.tracking_code)}?{urlencode({'dari': listed})}")
    messages.info(request, _("Tidak ada laporan lagi ke arah itu dalam antrean ini."))
    return redirect(f"/meja/?{listed}")


@never_cache
@desk()
def verb(request: DeskRequest, code: str, verb: str) -> HttpResponse:
    """Do one verb of the workflow. Opened as a page it shows the verb's form."""
    form_class = FORMS.get(verb)
    if form_class is None:
        raise Http404
    report = report_for(request.actor, code)
    if request.method != "POST":
        return redirect(f"{case_url(code)}?{urlencode({'aksi': verb})}#aksi")
    form = form_class(report, request.actor, request.POST)
    if "insert" in request.POST and isinstance(form, DraftAnswerForm):
        return _inserted(request, form)
    return _done(request, verb, form)


def _done(request: DeskRequest, verb: str, form: VerbForm) -> HttpResponse:
    """Perform, and lead on; a refusal comes back on the page with everything that was typed."""
    try:
        policy.check(form.verb, form.by, form.report)
        if not form.is_valid():
            return _again(request, verb, form, status=400)
        messages.success(request, form.perform())
    except Refused as refusal:
        if refusal.status == HIDDEN:
            raise
        if refusal.code == "repeated":
            messages.success(request, _("Sudah dilakukan."))
            return _onwards(request, form.report)
        form.is_valid()
        form.add_error(None, refusal.sentence)
        return _again(request, verb, form, status=refusal.status)
    return _onwards(request, form.report)


def _again(request: DeskRequest, verb: str, form: VerbForm, *, status: int) -> HttpResponse:
    """The case as it is now, with the form still holding what was typed."""
    case = case_for(request.actor, form.report.tracking_code)
    if verb in {"draft_answer", "send_back_answer"} and case.may(form.verb):
        return _page(request, case, status=status, bound={verb: form})
    panel = Panel(verb, form, allowed=case.may(form.verb), main=main_of(request.actor, form))
    return _page(request, case, status=status, panel=panel)


def _inserted(request: DeskRequest, form: DraftAnswerForm) -> HttpResponse:
    """The editor with the chosen standard answer in it; nothing is saved yet. Serves browsers without script."""
    policy.check(form.verb, form.by, form.report)
    fresh = DraftAnswerForm(form.report, request.actor, initial=form.inserted())
    return _page(request, case_for(request.actor, form.report.tracking_code), bound={"draft_answer": fresh})


def _onwards(request: DeskRequest, report: Report) -> HttpResponse:
    """Back to where the person came from; to the queue when the case has left their desk."""
    wanted = request.POST.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return redirect(wanted)
    listed = request.POST.get("dari", "")
    if not policy.sees(request.actor, report):
        return redirect(f"/meja/?{listed.removeprefix('?')}")
    tail = f"?{urlencode({'dari': listed})}" if listed else ""
    return redirect(f"{case_url(report.tracking_code)}{tail}")


@never_cache
@desk()
def identity(request: DeskRequest, code: str) -> HttpResponse:
    """Open the reporter's identity for a quarter of an hour, with a reason that is kept; or close it again."""
    report = report_for(request.actor, code)
    if request.method != "POST":
        return redirect(f"{case_url(code)}#pelapor")
    if "close" in request.POST:
        grants.revoke(request.session, report)
        return redirect(f"{case_url(code)}#pelapor")
    reason = Line(longest=500, required=False).to_python(request.POST.get("reason", "")[:500])
    try:
        actions.open_identity(report=report, by=policy.staff(request.actor), reason=reason)
    except Refused as refusal:
        if refusal.status == HIDDEN:
            raise
        case = case_for(request.actor, code)
        return _page(request, case, status=refusal.status, identity_error=refusal.sentence, identity_reason=reason)
    grants.grant(request.session, request.actor, report)
    return redirect(f"{case_url(code)}#pelapor")


@never_cache
@require_POST
@desk()
def task(request: DeskRequest, code: str, pk: int) -> HttpResponse:
    """Answer a task of one's own agency; accept or cancel one of one's own case, or renew its link."""
    report = report_for(request.actor, code)
    found = ReportTask.objects.filter(report=report, pk=pk).first()
    if found is None:
        raise Refused(_("Tugas itu tidak ditemukan."), status=HIDDEN)
    if "close" in request.POST:
        return _close_task(request, found, accept=request.POST["close"] == "accept")
    if "renew" in request.POST:
        return _renew_task(request, found)
    form = TaskForm(found, request.POST)
    try:
        if form.is_valid():
            actions.answer_task(task=found, by=policy.staff(request.actor), text=form.cleaned_data["text"])
            messages.success(request, _("Jawaban tugas disimpan."))
            return _onwards(request, report)
        status = 400
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        status = refusal.status
    return _page(request, case_for(request.actor, code), status=status, bound_tasks={pk: form})


def _close_task(request: DeskRequest, found: ReportTask, *, accept: bool) -> HttpResponse:
    try:
        actions.close_task(task=found, by=policy.staff(request.actor), accept=accept)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return _page(request, case_for(request.actor, found.report.tracking_code), status=refusal.status)
    messages.success(request, _("Tugas diterima.") if accept else _("Tugas dibatalkan."))
    return _onwards(request, found.report)


def _renew_task(request: DeskRequest, found: ReportTask) -> HttpResponse:
    renewed = actions.renew_task(task=found, by=policy.staff(request.actor))
    said = _("Tautan untuk %(name)s berlaku lagi sampai %(day)s.")
    messages.success(request, said % {"name": renewed.partner_name, "day": formats.day(renewed.link_expires_at)})
    return redirect(f"{case_url(found.report.tracking_code)}#tugas")


@never_cache
@require_safe
@desk()
def preview(request: DeskRequest, code: str) -> HttpResponse:
    """The case beside the queue: its text, its clocks, and where it should go."""
    case = light_case(request.actor, report_for(request.actor, code))
    panel = panel_of(case, request.GET)
    return render(
        request,
        "reports/_case_preview.html",
        {
            "case": case,
            "report": case.report,
            "panel": panel if panel and panel.verb == "assign" else None,
            "deadlines": deadlines(case.clocks, today()),
            "back_to": _came_from(request),
        },
    )


def _came_from(request: HttpRequest) -> str:
    """The list that asked for the preview, so that a deed leads back to it."""
    came = urlsplit(request.headers.get("HX-Current-URL", ""))
    return urlunsplit(("", "", came.path, came.query, "")) if came.netloc == request.get_host() else ""


@never_cache
@require_safe
@desk()
def similar(request: DeskRequest, code: str) -> HttpResponse:
    """Reports like this one, in place on the page or, without script, on a page of their own."""
    report = report_for(request.actor, code)
    case = light_case(request.actor, report)
    inside = bool(request.headers.get("HX-Request"))
    template = "reports/_case_similar.html" if inside else "reports/desk_case_similar.html"
    alike = alike_for(request.actor, report)
    blocks = contributions.blocks_of_similar(request.actor, report, [one.report for one in alike.found])
    return render(request, template, {"case": case, "report": report, "alike": alike, "blocks": blocks})


@never_cache
@require_safe
@desk()
def letter(request: DeskRequest, code: str) -> HttpResponse:
    """The case as a PDF for the letter file; the identity is on it only while it stands open for this person."""
    case = case_for(request.actor, code)
    open_until = grants.granted_until(request.session, request.actor, case.report)
    may = open_until is not None and policy.may_open_identity(request.actor, case.report)
    content = letter_pdf(case, identity=actions.identity_of(case.report, request.actor) if may else None)
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{case.report.tracking_code}.pdf"'},
    )
