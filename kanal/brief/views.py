"""/meja/lembar/: the weekly briefs, as a list, as a page and as paper."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kanal.agencies.desk import DeskRequest, desk
from kanal.agencies.queries import reference
from kanal.brief import actions, paper, policy, queries
from kanal.brief.figures import thaw
from kanal.brief.forms import MakeForm
from kanal.brief.models import Edition
from kanal.brief.policy import About
from kanal.brief.weeks import in_words, this_friday
from kanal.brief.wording import shown
from kanal.common.refusal import Refused
from kanal.issues.policy import sees as reads_issues
from kanal.reports.queries.pages import CURSOR


@require_safe
@desk(*policy.READERS)
def editions(request: DeskRequest) -> HttpResponse:
    """Every edition that a person may read, the newest first, and the button that makes one."""
    scope = request.GET.get("cakupan", "")
    scope = scope if scope in Edition.Scope.values else ""
    rows = queries.find_for(request.actor)
    cursor = request.GET.get(CURSOR)
    page = queries.page_of(rows.filter(scope=scope) if scope else rows, cursor)
    form = MakeForm(actor=request.actor)
    context = {
        "form": form if form.abouts else None,
        "week": in_words(this_friday(reference().today())),
        "everything": request.actor.has(*policy.ALL_READERS),
        "scope": scope,
        "first": None if scope or cursor else queries.newest_of_all(rows),
        "editions": [(one, queries.name_of(About(one.agency_id, one.region_id))) for one in page.rows],
        "before": page.previous_address(request.GET),
        "after": page.next_address(request.GET),
    }
    return render(request, "brief/editions.html", context)


@require_POST
@desk(*policy.READERS)
def make(request: DeskRequest) -> HttpResponse:
    """Count this week's edition, or a new version of it."""
    form = MakeForm(request.POST, actor=request.actor)
    if not form.is_valid():
        raise Refused(_("Lembar ini dibuat oleh pimpinan, koordinator, atau kepala dinasnya."), status=403)
    survey = queries.survey(this_friday(reference().today()))
    try:
        edition = actions.make(about=form.chosen(), survey=survey, by=request.actor)
    except Refused as refused:
        if refused.code != "meanwhile":
            raise
        messages.info(request, refused.sentence)
        return redirect("brief:editions")
    messages.success(request, _("Lembar %(week)s selesai disusun.") % {"week": edition.week_words})
    return redirect("brief:edition", pk=edition.pk)


@require_safe
@desk(*policy.READERS)
def edition(request: DeskRequest, pk: int) -> HttpResponse:
    """One edition as a page."""
    found = queries.get_for(request.actor, pk)
    figures, taken = queries.told_now(thaw(found.figures))
    context = {
        "edition": found,
        "brief": shown(figures, version=found.version, taken=taken),
        "versions": queries.versions(found),
        "reads_issues": reads_issues(request.actor),
        "reads_cases": not request.actor.roles <= {policy.Role.INSPECTOR},
    }
    return render(request, "brief/edition.html", context)


@require_safe
@desk(*policy.READERS)
def pdf(request: DeskRequest, pk: int) -> HttpResponse:
    """One edition as an A4 PDF, set from what was kept."""
    found = queries.get_for(request.actor, pk)
    return HttpResponse(
        paper.pdf(found),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{paper.file_name(found)}"'},
    )
