"""What anybody may see and do without an account: the public list, its map, one report, following it."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kanal.agencies.queries import reference
from kanal.channels.web import limits
from kanal.common.answers import csv_answer, feed_answer
from kanal.common.export import xlsx_file
from kanal.common.refusal import Refused
from kanal.common.secrets import lookup_hash
from kanal.reports import actions, contributions
from kanal.reports.forms.public import FlagForm, FollowForm
from kanal.reports.models import Report
from kanal.reports.queries import follow_links, map_sketch, public_map
from kanal.reports.queries.public import listing as list_page
from kanal.reports.queries.public_case import find_public, has_supported, public_case
from kanal.reports.queries.public_choices import choices
from kanal.reports.queries.public_export import MOST_ROWS, export_header, export_rows, feed_xml
from kanal.reports.queries.public_filters import ORDERS, chips, read_filters
from kanal.reports.workflow import Status

BROWSER_COOKIE = "dukung"
"""A random text by which one browser counts once as "saya juga mengalami"; it names nobody."""

_YEAR = 365 * 24 * 3600
_GROUND_SECONDS = 3600


# --- the list -----------------------------------------------------------------------------------------------------


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The public list: search, filters in the address, keyset pages."""
    filters = read_filters(request.GET)
    context = {
        "filters": filters,
        "page": list_page(filters, request.GET),
        "chips": chips(filters),
        "orders": ORDERS.values(),
        "choices": choices(filters),
        "most_rows": MOST_ROWS,
        "became": reference().became(filters.dinas),
        **_map_ground(),
    }
    return render(request, "reports/public_list.html", context)


def _map_ground() -> dict[str, Any]:
    return {"sketch": map_sketch.sketch(), "tiles": settings.TILE_URL, "attribution": settings.TILE_ATTRIBUTION}


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The list as Atom, with the same filters in the address."""
    return feed_answer(feed_xml(read_filters(request.GET)))


@require_safe
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The list as a spreadsheet, in the order and with the filters of the address."""
    filters = read_filters(request.GET)
    name = f"aduan-{timezone.localdate():%Y-%m-%d}.{form}"
    rows = export_rows(filters)
    if form == "csv":
        return csv_answer(name, export_header(), rows)
    if form == "xlsx":
        return FileResponse(xlsx_file(export_header(), rows, _("Aduan warga")), as_attachment=True, filename=name)
    raise Refused(_("Ekspor tersedia sebagai CSV atau XLSX."), status=404)


# --- the map ------------------------------------------------------------------------------------------------------


@require_safe
def map_page(request: HttpRequest) -> HttpResponse:
    """The full map; without script a drawing and a table per kecamatan."""
    filters = read_filters(request.GET)
    figures = public_map.map_figures(filters)
    context = {
        "filters": filters,
        "figures": figures,
        "chips": chips(filters),
        "choices": choices(filters),
        **_map_ground(),
        "marks": map_sketch.marks(figures.districts),
        "districts": sorted((d for d in figures.districts if d.tally.total), key=lambda d: -d.tally.total),
    }
    return render(request, "reports/public_map.html", context)


@require_safe
def map_data(request: HttpRequest) -> HttpResponseBase:
    """Figures per village and kecamatan; with `kotak=south,west,north,east` the single points in that box."""
    filters = read_filters(request.GET)
    box = public_map.read_box(request.GET.get("kotak", ""))
    body = public_map.points_body(filters, box) if box else public_map.map_body(filters)
    return _json(request, body, public_map.SECONDS)


@require_safe
def map_ground(request: HttpRequest) -> HttpResponseBase:
    """What lies under the marks: outlines of the kecamatan as GeoJSON, or the middles of the villages."""
    return _json(request, public_map.ground(), _GROUND_SECONDS)


def _json(request: HttpRequest, body: public_map.Body, seconds: int) -> HttpResponseBase:
    response = HttpResponse(body.content, content_type="application/json", headers={"ETag": body.etag})
    patch_cache_control(response, public=True, max_age=seconds)
    return get_conditional_response(request, body.etag, response=response) or response


# --- one report ---------------------------------------------------------------------------------------------------


@require_safe
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One public report. A merged one leads to its main report and says so."""
    report = find_public(code)
    if report.status == Status.MERGED and report.merged_into:
        messages.info(request, _("%(code)s sudah digabung dengan laporan ini.") % {"code": report.tracking_code})
        return _to_report(report.merged_into)
    return _page(request, report)


def _page(
    request: HttpRequest,
    report: Report,
    *,
    follow_form: FollowForm | None = None,
    flag_form: FlagForm | None = None,
    status: int = 200,
) -> HttpResponse:
    case = public_case(report)
    context = {
        "case": case,
        "report": report,
        "sketch": map_sketch.sketch() if case.point else None,
        "supported": _supports(request, report),
        "follow_form": follow_form or FollowForm(auto_id="ikuti_%s"),
        "blocks": contributions.blocks_of_report(report),
        "flag_form": flag_form or FlagForm(auto_id="lapor_%s"),
    }
    return render(request, "reports/public_detail.html", context, status=status)


def _browser_key(request: HttpRequest) -> str:
    return request.COOKIES.get(BROWSER_COOKIE, "")[:64]


def _first_key(request: HttpRequest) -> str:
    """A new key. Made from the form's mark, so that a first press that came twice counts once all the same."""
    mark = request.META.get("CSRF_COOKIE", "")
    return lookup_hash("supporter.key", mark)[:32] if mark else secrets.token_urlsafe(24)


def _supports(request: HttpRequest, report: Report) -> bool:
    key = _browser_key(request)
    return bool(key) and has_supported(report, key)


def _to_report(report: Report) -> HttpResponseRedirect:
    response = HttpResponseRedirect(reverse("reports:public_detail", args=[report.tracking_code]))
    response.status_code = 303
    return response


def _open_for_deeds(code: str) -> Report:
    """The report that a visitor wants to do something with: for a merged one its main report."""
    report = find_public(code)
    return report.merged_into or report


@require_POST
def support(request: HttpRequest, code: str) -> HttpResponse:
    """Count one more "saya juga mengalami", once for each browser."""
    report = _open_for_deeds(code)
    limits.check(request, "follow")
    key = _browser_key(request) or _first_key(request)
    if actions.support(report=report, browser_key=key):
        messages.success(request, _("Terima kasih. Anda tercatat juga mengalaminya."))
    else:
        messages.info(request, _("Anda sudah tercatat juga mengalaminya."))
    response = _to_report(report)
    secure = request.is_secure()
    response.set_cookie(BROWSER_COOKIE, key, max_age=_YEAR, httponly=True, samesite="Lax", secure=secure)
    return response


@require_POST
def follow(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for messages; the answer never tells whether the address follows already."""
    report = _open_for_deeds(code)
    form = FollowForm(request.POST, auto_id="ikuti_%s")
    if not form.is_valid():
        return _page(request, report, follow_form=form, status=400)
    limits.check(request, "follow")
    actions.follow(report=report, email=form.cleaned_data["email"])
    messages.success(request, _("Kami mengirim tautan ke e-mail itu. Tekan tautannya untuk mulai dikabari."))
    return _to_report(report)


@require_POST
def flag(request: HttpRequest, code: str) -> HttpResponse:
    """A reader finds something unfit to be public; the coordinators look at it."""
    report = _open_for_deeds(code)
    form = FlagForm(request.POST, auto_id="lapor_%s")
    if not form.is_valid():
        return _page(request, report, flag_form=form, status=400)
    limits.check(request, "follow")
    actions.flag_content(report=report, reason=form.cleaned_data["reason"])
    messages.success(request, _("Terima kasih. Koordinator akan memeriksa halaman ini."))
    return _to_report(report)


@require_http_methods(["GET", "HEAD", "POST"])
def follow_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the e-mail. A button confirms: programs that open every link in a mailbox must not."""
    follower = follow_links.follower_to_confirm(token)
    report = follower.report
    if request.method == "POST":
        actions.confirm_follow(report=report, follower_id=follower.pk, at=timezone.now())
        messages.success(request, _("Mulai sekarang Anda dikabari tentang laporan ini."))
        return _to_report(report)
    return render(request, "reports/public_follow.html", {"report": report, "confirming": True})


@require_http_methods(["GET", "HEAD", "POST"])
def unfollow(request: HttpRequest, token: str) -> HttpResponse:
    """The link under each message that ends them."""
    follower = follow_links.follower_to_stop(token)
    if follower is None:
        return render(request, "reports/public_follow.html", {"report": None, "confirming": False})
    if request.method == "POST":
        actions.unfollow(report=follower.report, follower_id=follower.pk)
        return redirect(request.path)
    return render(request, "reports/public_follow.html", {"report": follower.report, "confirming": False})
