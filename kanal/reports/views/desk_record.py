"""Recording a report for somebody on the phone, at the counter, or in a letter."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from kanal.agencies.desk import DeskRequest, desk
from kanal.agencies.models import Membership
from kanal.agencies.queries import reference
from kanal.common.codes import normalise_code
from kanal.common.refusal import Refused
from kanal.reports import actions, policy
from kanal.reports.actions.notices import private_link
from kanal.reports.forms.desk_record import RecordForm
from kanal.reports.queries.desk import recorded_by
from kanal.reports.queries.desk_views import forget_counts
from kanal.reports.views.qr import inline_qr
from kanal.reports.workflow import Kind

Role = Membership.Role


@never_cache
@desk(Role.COORDINATOR, Role.OFFICER, Role.SUPERVISOR, Role.INSPECTOR)
def record(request: DeskRequest) -> HttpResponse:
    """The form; after filing (`?kode=`) the code to read out, and (`&slip=1`) a slip with the private link."""
    if request.method == "POST":
        return _file(request)
    if "kode" in request.GET:
        return _recorded(request)
    return render(request, "reports/desk_record.html", {"form": RecordForm()})


def _file(request: DeskRequest) -> HttpResponse:
    form = RecordForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "reports/desk_record.html", {"form": form}, status=400)
    report = actions.file_report(form.filing_by(request.user.pk))
    forget_counts(request.actor)
    return redirect(f"{reverse('reports:desk_record')}?kode={report.tracking_code}")


def _recorded(request: DeskRequest) -> HttpResponse:
    code = normalise_code(request.GET["kode"], reference().regency.code_prefix)
    report = recorded_by(request.actor, code) if code else None
    if report is None:
        raise Refused(_("Laporan itu tidak ditemukan di antara yang Anda catat."), status=404)
    template = "reports/desk_slip.html" if "slip" in request.GET else "reports/desk_recorded.html"
    by_hand = policy.hands_over_link(request.actor, report, recorded_at=report.received_at)
    link = private_link(report) if by_hand and "slip" in request.GET else ""
    context = {
        "report": report,
        "may_open": policy.sees(request.actor, report),
        "spelled": _spelled(report.tracking_code),
        "by_hand": by_hand,
        "minutes": policy.HAND_OVER // timedelta(minutes=1),
        "confidential": report.kind == Kind.WHISTLEBLOWING,
        "link": link,
        "qr": inline_qr(link, _("Kode QR tautan pribadi")) if link else "",
        "track": settings.BASE_URL + reverse("reports:track"),
    }
    response = render(request, template, context)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _spelled(code: str) -> list[str]:
    """The code in the groups in which one reads it out."""
    return code.split("-")
