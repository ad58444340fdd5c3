"""/janji/: what was promised, by whom, by when, and whether it was kept; for everybody."""

import logging

from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kanal.agencies.models import User
from kanal.agencies.queries import NOBODY, actor_of, reference
from kanal.common.answers import csv_answer, feed_answer
from kanal.common.refusal import Refused
from kanal.dialogue.models import EvidencePhoto
from kanal.dialogue.queries import promises as queries
from kanal.dialogue.workflow import STANDING, VERBS, PromiseStatus, Standing
from kanal.reports.policy import is_public
from kanal.reports.queries.pages import CURSOR

log = logging.getLogger(__name__)
_PUBLIC_SECONDS = 3600


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The promises with their account; filters in the address, keyset pages."""
    filters = queries.read_filters(request.GET)
    page = queries.page_of(queries.wanted(filters), request.GET.get(CURSOR))
    context = {
        "filters": filters,
        "counts": queries.counted(filters),
        "standings": [(one.value, STANDING[one]) for one in Standing],
        "rows": queries.rows_of(page.rows),
        "page": page,
        "before": page.previous_address(request.GET),
        "after": page.next_address(request.GET),
        "agencies": queries.by_agency(filters),
        "issues": queries.by_issue(filters),
        "agency": reference().agencies_by_code.get(filters.dinas),
        "became": reference().became(filters.dinas),
    }
    return render(request, "dialogue/promises.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The list as CSV, with the filters of the address."""
    rows = queries.export_rows(queries.read_filters(request.GET))
    return csv_answer(f"janji-{timezone.localdate():%Y-%m-%d}.csv", queries.export_header(), rows)


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """What changed last as Atom, with the filters of the address."""
    return feed_answer(queries.feed_xml(queries.read_filters(request.GET)))


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One promise: who, what, by when, what became of it, and what was shown for it."""
    commitment = queries.get_public(pk)
    report = commitment.report
    context = {
        "row": queries.rows_of([commitment])[0],
        "promise": commitment,
        "working": queries.explanation(commitment),
        "issue": queries.public_issue(commitment),
        "report": report if report and is_public(report) else None,
        "evidence": queries.evidence_of(commitment, NOBODY),
        "kept": commitment.status == PromiseStatus.KEPT,
        "history": commitment.events.order_by("at", "id"),
        "verbs": VERBS,
    }
    return render(request, "dialogue/promise.html", context)


@require_safe
def photo(request: HttpRequest, pk: int, size: str) -> HttpResponse:
    """A photo of evidence, `besar` or `kecil`: to everybody of a kept promise, else to those at the desk."""
    actor = actor_of(request.user) if isinstance(request.user, User) else NOBODY
    found = queries.photo_of(actor, pk)
    response = HttpResponse(_content(found, size), content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    if found.evidence.commitment.status == PromiseStatus.KEPT:
        patch_cache_control(response, public=True, max_age=_PUBLIC_SECONDS)
    else:
        patch_cache_control(response, private=True, no_store=True)
    return response


def _content(found: EvidencePhoto, size: str) -> bytes:
    if size not in {"besar", "kecil"}:
        raise Refused(_("Foto itu tidak ditemukan."), status=404)
    try:
        with default_storage.open(found.path if size == "besar" else found.thumb_path) as stored:
            data: bytes = stored.read()
    except OSError as error:
        log.exception("photo %s of a promise cannot be read", found.pk)
        raise Refused(_("Foto itu tidak ditemukan."), status=404) from error
    return data
