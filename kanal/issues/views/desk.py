"""/meja/isu/: what people keep saying, the loudest first, and everything about one of them."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kanal.agencies.desk import DeskRequest, desk
from kanal.agencies.queries import reference
from kanal.common.refusal import Refused
from kanal.common.text import drop_surrogates, one_line
from kanal.issues import actions, contributions, policy, queries
from kanal.issues.forms import AddForm, DescribeForm, MergeForm, MoveForm, RenameForm, SplitForm, WeightsForm
from kanal.issues.models import Issue
from kanal.issues.queries import campaigned, ranked, spots, story
from kanal.issues.queries import desk as desk_queries
from kanal.issues.queries.lanes import lanes_of
from kanal.issues.ranking import HALF, Factor
from kanal.issues.workflow import BULLETIN, CONFIRMED, STATUS, VERBS, Phase, Status
from kanal.reports.models import Report
from kanal.reports.queries import map_sketch, report_reference
from kanal.reports.queries.pages import CURSOR
from kanal.reports.workflow import STATUS as REPORT_STATUS
from kanal.reports.workflow import Status as ReportStatus

FORMS = {
    "ubah-judul": RenameForm,
    "ubah-rincian": DescribeForm,
    "pindah": MoveForm,
    "tambah": AddForm,
    "gabung": MergeForm,
    "pecah": SplitForm,
}
"""What is typed for each deed, by its part of the address."""
VERB_OF = {
    "ubah-judul": "rename",
    "ubah-rincian": "describe",
    "pindah": "move",
    "tambah": "add_reports",
    "gabung": "merge",
    "pecah": "split",
}


@require_safe
@desk(*policy.READERS)
def listing(request: DeskRequest) -> HttpResponse:
    """The issues in the order of their rank; filters in the address."""
    filters = desk_queries.read_filters(request.GET)
    board = filters.bentuk == desk_queries.BOARD
    found = lanes_of(request.actor, filters) if board else desk_queries.board(request.actor, filters)
    context = {
        "filters": filters,
        "board": found,
        "loose": campaigned.loose_campaigns(request.actor),
        "lanes": board,
        "statuses": [(one.value, STATUS[one]) for one in Status],
        "own": bool(request.actor.agencies),
        "sudden": len(ranked.ranking().sudden()),
        "agencies": sorted((a for a in reference().agencies.values() if a.active), key=lambda a: a.name),
        "categories": sorted(
            (c for c in report_reference().categories.values() if c.active or c.code == filters.kategori),
            key=lambda c: c.name,
        ),
        "founds": policy.allows("found", policy.person(request.actor), Issue()),
        "counted_at": ranked.ranking().at,
    }
    return render(request, "issues/desk_issues.html", context)


@never_cache
@require_safe
@desk(*policy.READERS)
def detail(request: DeskRequest, pk: int) -> HttpResponse:
    """One issue: its figures with their working, its reports, what can be done now."""
    return page(request, queries.get_for(request.actor, pk))


def page(request: DeskRequest, issue: Issue, status: int = 200, **forms: Any) -> HttpResponse:
    """The page of an issue; `forms` are those that were filled in wrongly, by their deed."""
    actor = request.actor
    can = policy.verbs_for(actor, issue)
    over = STATUS[Status(issue.status)].phase is Phase.GONE or issue.merged_into_id is not None
    tally = queries.tallies([issue.pk])[issue.pk]
    facts = ranked.facts_of(Issue.objects.filter(pk=issue.pk))[issue.pk]
    blank = {deed: form(issue=issue, actor=actor) for deed, form in FORMS.items() if VERB_OF[deed] in can}
    context = {
        "issue": issue,
        "standing": STATUS[Status(issue.status)],
        "agency": reference().agency_today(issue.agency_id),
        "regions": [reference().regions[one.pk].place for one in issue.regions.only("pk")],
        "tally": tally,
        "rank": None if over else ranked.ranking().rank(issue.pk),
        "trend": desk_queries.columns(facts.windows),
        "story": story.story(issue),
        **_where(issue),
        "neighbours": desk_queries.neighbours_of(actor, issue),
        "letters": _letters(can),
        "public": not over and issue.status in CONFIRMED and tally.voices >= queries.LEAST_PUBLIC,
        **_evidence(request, issue),
        "history": issue.events.select_related("user").order_by("-at", "-id"),
        **_bulletins(request, issue),
        "proposals": desk_queries.proposals_of(issue),
        "campaigns": campaigned.campaigns_in(issue.pk),
        "verbs": VERBS,
        "statuses": STATUS,
        "can": can,
        "links": contributions.links_for(actor, issue),
        "forms_of": {**blank, **forms},
        "wrong": next(iter(forms.values()), None),
    }
    return render(request, "issues/desk_issue.html", context, status=status)


def _evidence(request: DeskRequest, issue: Issue) -> dict[str, Any]:
    """The reports that this person may read: the page and the words that the address asks for."""
    words = one_line(drop_surrogates(request.GET.get("cari", "")))[: desk_queries.LONGEST_SEARCH]
    shown = desk_queries.evidence_for(request.actor, issue, request.GET.get(CURSOR), words)
    return {
        "searched": words,
        "evidence": shown,
        "said": [(report, _report_status(report)) for report in shown.page.rows],
        "before": shown.page.previous_address(request.GET),
        "after": shown.page.next_address(request.GET),
    }


def _where(issue: Issue) -> dict[str, Any]:
    """Where its voices come from, as a drawing and as a list."""
    districts = desk_queries.districts_of(issue)
    places = desk_queries.places_of(districts)
    return {"places": places, "sketch": map_sketch.sketch(), "marks": spots.marks(districts)}


_LETTERS = {
    "a": "confirm",
    "b": "dismiss",
    "s": "move",
    "u": "rename",
    "r": "describe",
    "g": "merge",
    "t": "add_reports",
    "x": "remove_reports",
    "p": "split",
}
"""The letter of each verb; the template writes them beside the buttons."""


def _letters(can: Sequence[str]) -> list[tuple[tuple[str, ...], str]]:
    """The letters of the page and what they do, as far as somebody may."""
    deeds = [((key,), str(VERBS[verb].words)) for key, verb in _LETTERS.items() if verb in can]
    picks = [(("e",), _("pilih laporan"))] if "remove_reports" in can else []
    return [(("j", "k"), _("isu berikutnya, sebelumnya")), *deeds, *picks]


def _bulletins(request: DeskRequest, issue: Issue) -> dict[str, Any]:
    """What everybody concerned was told, and whether this person may write to them."""
    return {
        "bulletins": queries.bulletins_for(request.actor, issue),
        "tells": policy.writes_bulletins(request.actor, issue, issue.agency_id),
        "bulletin_statuses": BULLETIN,
    }


def _report_status(report: Report) -> Any:
    return REPORT_STATUS[ReportStatus(report.status)]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk(*policy.READERS)
def weights(request: DeskRequest) -> HttpResponse:
    """How the rank is worked out, and for coordinators how much each factor weighs."""
    may = policy.weighs(request.actor)
    form = WeightsForm(request.POST or None, known=ranked.weights())
    if request.method == "POST":
        policy.check_weights(policy.person(request.actor))
        if form.is_valid():
            try:
                actions.weigh(told=form.told(), by=policy.person(request.actor))
            except Refused as refused:
                form.add_error(None, refused.sentence)
            else:
                messages.success(request, _("Bobot disimpan. Urutan isu dihitung ulang."))
                return redirect("issues:desk_weights")
    fields = [(one, form[one.value], HALF.get(one)) for one in Factor]
    context = {"form": form, "fields": fields, "may": may, "history": ranked.weighings()}
    return render(request, "issues/desk_weights.html", context, status=400 if form.errors else 200)
