"""The page of an outside party: one task behind a signed link, no account, nothing but what the task needs."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kanal.agencies.queries import reference
from kanal.common.refusal import Refused
from kanal.reports import actions, policy
from kanal.reports.forms.case_answer import TaskForm
from kanal.reports.models import Attachment, ReportTask

FINISHED = frozenset({ReportTask.State.ACCEPTED, ReportTask.State.CANCELLED})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Read the task and answer it. A forged, expired or withdrawn link is a clear page of its own (Refused)."""
    task = actions.task_from_token(token)
    form, status = TaskForm(task, request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        try:
            if form.is_valid():
                actions.answer_task(task=task, by=policy.PARTNER, text=form.cleaned_data["text"])
                messages.success(request, _("Terima kasih. Jawaban Anda sudah sampai kepada petugas."))
                return redirect("reports:partner", token)
            status = 400
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
            status = refusal.status
    response = render(request, "reports/partner.html", _context(task, form), status=status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    # The link leaves no site through the Referer header (settings: same-origin). "no-referrer" would be too much of a
    # good thing: browsers then say "Origin: null" with the form, which is refused as not coming from our page.
    return response


def _context(task: ReportTask, form: TaskForm) -> dict[str, object]:
    """What a stranger may read: the task, the place, the masked text. Of a secret report the task alone."""
    report = task.report
    photos = Attachment.objects.filter(report=report, public=True) if policy.is_public(report) else ()
    return {
        "task": task,
        "report": report,
        "form": None if task.state in FINISHED else form,
        "region": None if report.secret else reference().regions.get(report.region_id or 0),
        "photos": photos,
    }
