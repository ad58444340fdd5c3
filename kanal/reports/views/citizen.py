"""Reporting and tracking: what everybody may do without an account. No session is opened here."""

import logging
from base64 import b64encode
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from kanal.agencies.places import NOWHERE, locate
from kanal.agencies.queries import reference
from kanal.channels.web import challenge as puzzles
from kanal.channels.web import doorkeeper, limits, parking
from kanal.common.codes import normalise_code
from kanal.common.images import MAX_BYTES
from kanal.common.looks import is_looks
from kanal.common.refusal import Refused
from kanal.common.text import row_id
from kanal.reports import actions, contributions, policy
from kanal.reports.actions.attachments import MOST
from kanal.reports.forms.fields import Coordinate
from kanal.reports.forms.filing import LEAST_LETTERS, LONGEST, FilingForm
from kanal.reports.forms.filing_words import script_words
from kanal.reports.models import Report
from kanal.reports.queries import private_link_token, tracking
from kanal.reports.queries.places import map_data
from kanal.reports.queries.similar import Probe
from kanal.reports.queries.similar import similar as find_similar
from kanal.reports.queries.week import handled_lately, last_seven_days

log = logging.getLogger(__name__)

MOST_SIMILAR = 3
_SHORTEST_PROBE = 20
_MAP_SECONDS = 3600


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front door."""
    facts = reference()
    handled = [(report, tracking.status_of(report), tracking.answered_after(report)) for report in handled_lately()]
    context = {
        "week": last_seven_days(),
        "handled": handled,
        "blocks": contributions.blocks_of_home(),
        "facts": facts,
        "promises": {row.kind: row.amount for row in facts.allowances if row.valid_to is None},
    }
    return render(request, "reports/home.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest) -> HttpResponse:
    """The form "Buat laporan"; filing it leads to the private page with the receipt."""
    if request.method != "POST":
        return _form_page(request, FilingForm(), puzzles.new_stamp())
    stamp = puzzles.read_stamp(request.POST.get("stamp", ""))
    if stamp is None:
        form = FilingForm(request.POST, request.FILES)
        sentence = _("Halaman ini terlalu lama terbuka. Tulisan Anda masih ada; tekan Kirim sekali lagi.")
        return _once_more(request, form, sentence, status=400)
    if not limits.within(request, "tries"):
        form = FilingForm(request.POST, stamp=stamp)
        form.add_error(None, limits.sentence_for_forms())
        return _form_page(request, form, request.POST["stamp"], status=429)
    form = FilingForm(request.POST, request.FILES, stamp=stamp, parked=request.POST.getlist("parked"))
    status = 400 if not form.is_valid() else doorkeeper.refusal(request, form, stamp)
    if status:
        return _form_page(request, form, request.POST["stamp"], status=status)
    return _filed(request, form)


def _filed(request: HttpRequest, form: FilingForm) -> HttpResponse:
    try:
        report = actions.file_report(form.filing())
    except (OperationalError, OSError):
        log.exception("a report could not be stored")
        form.add_error(
            None, _("Maaf, kami sedang bermasalah. Tulisan Anda masih ada di bawah; tunggu sebentar, lalu tekan Kirim.")
        )
        return _form_page(request, form, request.POST["stamp"], status=503)
    except Refused as refused:
        if refused.code != "used":
            raise
        return _once_more(request, form, refused.sentence, status=409)
    if report.body != form.cleaned_data["body"]:
        return _another_report(request, form, report)
    if form.kept:
        parking.release(report.inbound.external_id if report.inbound else "")
    address = reverse("reports:private", args=[report.tracking_code, private_link_token(report)])
    if _asked_by_script(request):
        return JsonResponse({"next": address}, status=201)
    return HttpResponseRedirect(address, status=303)


def _another_report(request: HttpRequest, form: FilingForm, known: Report) -> HttpResponse:
    """Somebody went back to the form, wrote something else and sent it: the first report is filed, this one is not."""
    sentence = _(
        "Laporan %(code)s dari halaman ini sudah kami terima. Tulisan di bawah berbeda: "
        "tekan Kirim bila itu laporan lain."
    )
    return _once_more(request, form, sentence % {"code": known.tracking_code}, status=409)


def _once_more(request: HttpRequest, form: FilingForm, sentence: str, status: int) -> HttpResponse:
    """The form with a stamp of its own and everything that was written, to be sent again."""
    stamp = puzzles.new_stamp()
    form.stamp = puzzles.read_stamp(stamp)
    form.add_error(None, sentence)
    return _form_page(request, form, stamp, status=status)


def _asked_by_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


def _form_page(request: HttpRequest, form: FilingForm, stamp: str, status: int = 200) -> HttpResponse:
    if form.is_bound and form.kept and form.stamp:
        try:
            parking.park(form.stamp.submission, form.kept)
        except OSError:
            log.exception("photos of an unfinished report could not be parked")
            form.kept = []
    facts = reference()
    context: dict[str, Any] = {
        "form": form,
        "stamp": stamp,
        "step": form.first_wrong_step() if form.is_bound else 1,
        "most": MOST,
        "least": LEAST_LETTERS,
        "longest": LONGEST,
        "largest": MAX_BYTES,
        "kept": [(photo, f"data:image/jpeg;base64,{b64encode(photo.thumb).decode()}") for photo in form.kept],
        "tiles": settings.TILE_URL,
        "attribution": settings.TILE_ATTRIBUTION,
        "words": script_words(facts.regency.name),
    }
    return render(request, "reports/file.html", context, status=status)


@never_cache
@require_GET
def challenge(request: HttpRequest) -> HttpResponse:
    """A fresh puzzle for the form that asks; an expired stamp is replaced.

    The stamp comes in a header, not in the address: who holds it can ask for the receipt again, and addresses end up
    in log files.
    """
    text = request.headers.get("X-Kanal-Stamp", "")
    stamp = puzzles.read_stamp(text)
    if stamp is None:
        text = puzzles.new_stamp()
        stamp = puzzles.read_stamp(text)
    return JsonResponse({"stamp": text, **puzzles.new_puzzle(stamp.submission if stamp else "")})


@never_cache
@require_http_methods(["GET", "POST"])
def similar(request: HttpRequest) -> HttpResponse:
    """Public reports that may be about the same matter, as a fragment of the form; empty when there are none.

    The form asks with POST, so that half-written words do not lie in log files.
    """
    limits.check(request, "similar")
    told = request.POST if request.method == "POST" else request.GET
    text = told.get("text", "")[:LONGEST]
    number = Coordinate()
    probe = Probe(
        text,
        region_id=row_id(told.get("region", "")),
        lat=number.clean(told.get("lat")),
        lon=number.clean(told.get("lon")),
        looks=tuple(one for one in told.getlist("looks")[:MOST] if is_looks(one)),
    )
    among = Report.objects.filter(published=True)
    found = find_similar(probe, among, limit=MOST_SIMILAR) if len(text) >= _SHORTEST_PROBE else []
    found = [one for one in found if policy.is_public(one.report)]
    return render(request, "reports/file_similar.html", {"found": found, "facts": reference(), "tracking": tracking})


@require_GET
def places(request: HttpRequest) -> HttpResponse:
    """Where things are: `?lat=&lon=` names the village of a pin, `?peta` is the map."""
    if "peta" in request.GET:
        response = JsonResponse(map_data())
        response.headers["Cache-Control"] = f"public, max-age={_MAP_SECONDS}"
        return response
    number = Coordinate()
    lat, lon = number.clean(request.GET.get("lat")), number.clean(request.GET.get("lon"))
    found = locate(lat, lon) if lat is not None and lon is not None else NOWHERE
    region = reference().regions.get(found.region_id or 0)
    return JsonResponse({"inside": found.inside, "id": found.region_id, "place": region.place if region else ""})


@never_cache
@require_safe
def track(request: HttpRequest) -> HttpResponse:
    """Ask for a code; a code that can be one leads to its page, so that the address can be kept."""
    typed = request.GET.get("kode")
    if typed is None:
        return render(request, "reports/track.html", {"typed": "", "wrong": False})
    code = normalise_code(typed, reference().regency.code_prefix)
    if code is None:
        limits.check(request, "track")
        return _unknown(request, typed)
    return redirect("reports:status", code=code)


def _unknown(request: HttpRequest, typed: str) -> HttpResponse:
    return render(request, "reports/track.html", {"typed": typed[:40], "wrong": True}, status=404)


@never_cache
@require_safe
def status(request: HttpRequest, code: str) -> HttpResponse:
    """Where a report stands, for whoever knows its code: no words, no person. Unknown and wrong codes look alike."""
    limits.check(request, "track")
    known = normalise_code(code, reference().regency.code_prefix)
    report = tracking.by_code(known) if known else None
    if report is None:
        return _unknown(request, code)
    open_to_all = policy.is_public(report)
    context = {
        "report": report,
        "info": tracking.status_of(report),
        "steps": tracking.timeline(report),
        "duties": [] if report.secret else tracking.duties(report),
        "agency": "" if report.secret else reference().told(report.agency_id),
        "public": open_to_all,
    }
    response = render(request, "reports/status.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
