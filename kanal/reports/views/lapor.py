"""/meja/lapor/: what SP4N-LAPOR! lacks or tells differently, and the rows to key in there."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kanal.agencies.desk import DeskRequest, desk
from kanal.agencies.queries import reference
from kanal.channels.lapor.gateway import can_push
from kanal.common import export, formats
from kanal.common.answers import csv_answer
from kanal.common.refusal import Refused
from kanal.reports import policy
from kanal.reports.forms.lapor import MirrorForm
from kanal.reports.queries import lapor as queries
from kanal.reports.queries.signs import forget_signs

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _tabs(counts: dict[str, int]) -> list[tuple[str, str]]:
    """The lists of the page by their word in the address; that of reports held back only when there are any."""
    names = {"masukkan": _("Belum di LAPOR!"), "perbarui": _("Perlu diperbarui"), "putuskan": _("Berbeda")}
    if counts[queries.HELD]:
        names[queries.HELD] = _("Tidak dikirim")
    return list(names.items())


@require_safe
@never_cache
@desk(*policy.LAPOR_READERS)
def page(request: DeskRequest) -> HttpResponse:
    """One list at a time; without a choice the first that holds anything."""
    counts = queries.counts(request.actor)
    tabs = _tabs(counts)
    asked = request.GET.get("daftar", "")
    known = [name for name, _words in tabs]
    name = asked if asked in known else next((one for one in known if counts[one]), known[0])
    lines = queries.listed(request.actor, name, request.GET.get("hal"))
    keeps = policy.keeps_lapor(request.actor)
    context: dict[str, Any] = {
        "tabs": [(f"?daftar={one}", f"{words} ({formats.number(counts[one])})", one == name) for one, words in tabs],
        "counts": counts,
        "name": name,
        "lines": lines.rows,
        "before": lines.address(lines.previous, request.GET),
        "after": lines.address(lines.next, request.GET),
        "keeps": keeps,
        "by_machine": can_push(),
        "folder": queries.folder_health() if keeps else None,
    }
    return render(request, "reports/desk_lapor.html", context)


@require_POST
@desk(*policy.LAPOR_READERS)
def decide(request: DeskRequest, pk: int) -> HttpResponse:
    """One step about one report."""
    mirror = queries.mirror_for(request.actor, pk)
    form = MirrorForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Langkah itu tidak dikenal. Muat ulang halamannya, lalu coba lagi."), status=400)
    try:
        messages.success(request, form.perform(mirror, policy.staff(request.actor)))
    except Refused as refusal:
        if refusal.status in {403, 404}:
            raise
        tell = messages.info if refusal.code == "repeated" else messages.error
        tell(request, f"{mirror.report.tracking_code}: {refusal.sentence}")
    forget_signs()
    wanted = request.POST.get("daftar", "")
    query = urlencode({"daftar": wanted}) if wanted in {*queries.LISTS, queries.HELD} else ""
    return redirect(f"{reverse('reports:desk_lapor')}?{query}" if query else "reports:desk_lapor")


@require_safe
@desk(*policy.LAPOR_KEEPERS)  # type: ignore[arg-type]  # a stream is an answer too
def sheet(request: DeskRequest, form: str) -> HttpResponseBase:
    """The rows to key in, in the columns that LAPOR!'s administrators know."""
    name = f"isian-lapor-{reference().today().isoformat()}.{form}"
    rows = queries.keyed(request.actor)
    if form == "csv":
        response: HttpResponseBase = csv_answer(name, queries.header(), rows)
    elif form == "xlsx":
        file = export.xlsx_file(queries.header(), rows, _("Isian LAPOR!"))
        response = FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
    else:
        raise Refused(_("Halaman itu tidak ada."), status=404)
    response.headers["Cache-Control"] = "private, no-store"
    return response
