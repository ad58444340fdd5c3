"""Filing the voices of an event: a look at all of them, one press, and slips to hand out."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from kanal.agencies.desk import DeskRequest, desk
from kanal.agencies.queries import reference
from kanal.reports import policy
from kanal.reports.actions import Ready
from kanal.reports.actions.gatherings import file_rows
from kanal.reports.actions.notices import private_link
from kanal.reports.forms.gathering_rows import checked_drafts
from kanal.reports.models import Gathering, GatheringRow
from kanal.reports.policy import GATHERERS
from kanal.reports.queries import report_reference
from kanal.reports.queries.desk_views import forget_counts
from kanal.reports.queries.gatherings import drafts_of, gathering_of, slips_of
from kanal.reports.views.qr import inline_qr
from kanal.reports.workflow import KIND_WORDS

MOST_SLIPS = 500


@never_cache
@desk(*GATHERERS)
def file(request: DeskRequest, pk: int) -> HttpResponse:
    """The rows as they would be filed; POST files those that were looked at and have not changed since."""
    gathering = gathering_of(request.actor, pk)
    rows = checked_drafts(drafts_of(gathering))
    if request.method == "POST":
        seen = set(request.POST.getlist("pick"))
        ready = [Ready(d.id, d.version, c.filing) for d, c in rows if c.filing and f"{d.id}:{d.version}" in seen]
        return _file(request, gathering, ready)
    context = {
        "gathering": gathering,
        "ready": [(draft, row.filing) for draft, row in rows if row.filing],
        "wrong": [(draft, row) for draft, row in rows if not row.filing],
        "regions": reference().regions,
        "categories": report_reference().categories,
        "kinds": KIND_WORDS,
    }
    return render(request, "reports/gathering_file.html", context)


def _file(request: DeskRequest, gathering: Gathering, ready: list[Ready]) -> HttpResponse:
    filed = len(file_rows(gathering=gathering, ready=ready, by=policy.staff(request.actor)))
    forget_counts(request.actor)
    if filed:
        sentence = ngettext("%(num)s laporan diajukan.", "%(num)s laporan diajukan.", filed) % {"num": filed}
        messages.success(request, sentence)
    else:
        messages.info(request, _("Tidak ada yang baru untuk diajukan: baris-baris itu sudah diajukan atau berubah."))
    return redirect(f"{reverse('reports:gathering', args=[gathering.pk])}#diajukan")


@require_GET
@never_cache
@desk(*GATHERERS)
def slips(request: DeskRequest, pk: int) -> HttpResponse:
    """Small slips on one sheet: those filed within the last half hour, with `?semua=1` all of the event."""
    gathering = gathering_of(request.actor, pk)
    everything = "semua" in request.GET
    rows = slips_of(gathering, since=None if everything else timezone.now() - policy.HAND_OVER)[:MOST_SLIPS]
    context = {
        "gathering": gathering,
        "slips": [_slip(request, row) for row in rows],
        "everything": everything,
        "minutes": policy.HAND_OVER // timedelta(minutes=1),
        "track": settings.BASE_URL + reverse("reports:track"),
    }
    response = render(request, "reports/gathering_slips.html", context)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _slip(request: DeskRequest, row: GatheringRow) -> dict[str, Any]:
    """One slip. The private link is for the hands of who filed the row, within half an hour (docs/adr/0012)."""
    report = row.report
    assert report is not None  # noqa: S101  # the rows are chosen by it
    by_hand = row.filed_by_id == request.user.pk and policy.hands_over_link(
        request.actor, report, recorded_at=report.received_at
    )
    link = private_link(report) if by_hand else ""
    status = settings.BASE_URL + reverse("reports:status", args=[report.tracking_code])
    label = _("Kode QR tautan pribadi") if link else _("Kode QR halaman lacak")
    return {
        "number": row.number,
        "code": report.tracking_code,
        "due": report.due_on,
        "link": link,
        "qr": inline_qr(link or status, f"{label} {report.tracking_code}"),
    }
