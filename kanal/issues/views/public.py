"""/isu/: what people keep saying, for everybody, and the page of each issue. No personal data, no small groups."""

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from kanal.agencies.queries import reference
from kanal.common.answers import csv_answer, feed_answer
from kanal.issues import queries
from kanal.issues.models import Issue
from kanal.issues.queries import account, open_data, openly, spots, story
from kanal.issues.workflow import STATUS, Status
from kanal.reports.queries import map_sketch, report_reference
from kanal.reports.queries.public import among
from kanal.reports.queries.public_filters import public_reports

REPORTS_PER_PAGE = 10


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The public issues, the loudest first or the newest; search and filters in the address."""
    filters = openly.read_filters(request.GET)
    context = {
        "filters": filters,
        "list": openly.listing(filters),
        "orders": openly.ORDERS.items(),
        "statuses": [(one.value, STATUS[one]) for one in openly.SHOWN],
        "choices": openly.choices(filters),
        "chips": _chips(filters),
        "least": queries.LEAST_PUBLIC,
        "became": reference().became(filters.dinas),
    }
    return render(request, "issues/issues.html", context)


def _chips(filters: openly.Filters) -> list[tuple[str, str]]:
    """What narrows the list, in words, each with the address without it."""
    facts, kinds = reference(), report_reference()
    named = {
        "kecamatan": facts.regions_by_code[filters.kecamatan].place if filters.kecamatan else "",
        "kategori": kinds.categories_by_code[filters.kategori].name if filters.kategori else "",
        "dinas": facts.agencies_by_code[filters.dinas].short_name if filters.dinas else "",
    }
    return [(words, filters.parameters(**{name: ""})) for name, words in named.items() if words]


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One public issue; the address of one that went up in another leads there for ever."""
    issue = queries.get_public(pk)
    if issue.pk != pk:
        return HttpResponsePermanentRedirect(reverse("issues:public_issue", args=[issue.pk]))
    return render(request, "issues/issue.html", _context(request, issue))


def _context(request: HttpRequest, issue: Issue) -> dict[str, object]:
    facts, kinds = reference(), report_reference()
    figures = account.account_of(issue, queries.tallies([issue.pk])[issue.pk])
    reports = public_reports().filter(pk__in=queries.evidence(issue).values("pk"))
    return {
        "issue": issue,
        "standing": STATUS[Status(issue.status)],
        "agency": facts.agency_today(issue.agency_id),
        "category": kinds.categories.get(issue.category_id or 0),
        "regions": [facts.regions[one.pk].place for one in issue.regions.only("pk") if one.pk in facts.regions],
        "account": figures,
        "places": account.places_of(figures),
        "sketch": map_sketch.sketch(),
        "marks": spots.marks(figures.districts),
        "dots": spots.dots(figures.villages),
        "story": story.story(issue),
        "reports": among(reports, request.GET, limit=REPORTS_PER_PAGE),
        "rank": queries.ranking().rank(issue.pk),
        "least": queries.LEAST_PUBLIC,
    }


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The list as CSV, with the filters of the address."""
    rows = open_data.export_rows(openly.read_filters(request.GET))
    return csv_answer(f"isu-{timezone.localdate():%Y-%m-%d}.csv", open_data.export_header(), rows)


@require_safe
def data(request: HttpRequest) -> HttpResponseBase:
    """The list as JSON, with the filters of the address."""
    content, etag = open_data.json_body(openly.read_filters(request.GET))
    response = HttpResponse(content, content_type="application/json", headers={"ETag": etag})
    patch_cache_control(response, public=True, max_age=openly.SECONDS)
    return get_conditional_response(request, etag, response=response) or response


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """What changed last as Atom, with the filters of the address."""
    return feed_answer(open_data.feed_xml(openly.read_filters(request.GET)))
