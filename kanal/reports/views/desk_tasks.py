"""The points of reports that were given to one's agencies, with their clocks."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kanal.agencies.desk import DeskRequest, desk
from kanal.agencies.models import Membership
from kanal.agencies.queries import reference
from kanal.common.obligations import Unit
from kanal.common.text import shorten
from kanal.reports.models import ReportTask
from kanal.reports.queries.desk import tasks_of
from kanal.reports.queries.desk_rows import Mark, Rows
from kanal.reports.queries.pages import CURSOR
from kanal.reports.workflow import Colour

Role = Membership.Role
LONGEST_INSTRUCTION = 160


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task as the list shows it."""

    href: str
    what: str
    code: str
    title: str
    place: str
    doer: str
    secret: bool
    clock: Mark | None


@require_safe
@never_cache
@desk(Role.COORDINATOR, Role.OFFICER, Role.SUPERVISOR)
def tasks(request: DeskRequest) -> HttpResponse:
    """Open tasks (or with `?keadaan=dijawab` those waiting to be accepted), the nearest deadline first."""
    answered = request.GET.get("keadaan") == "dijawab"
    page = tasks_of(request.actor, answered=answered, cursor=request.GET.get(CURSOR))
    rows = Rows()
    here = reverse("reports:desk_tasks")
    context = {
        "lines": [_line(row, rows, answered=answered) for row in page.rows],
        "answered": answered,
        "tabs": [(here, _("Dikerjakan"), not answered), (f"{here}?keadaan=dijawab", _("Sudah dijawab"), answered)],
        "everyones": request.actor.has(Role.COORDINATOR),
        "before": page.previous_address(request.GET),
        "after": page.next_address(request.GET),
    }
    return render(request, "reports/desk_tasks.html", context)


def _line(row: Any, rows: Rows, *, answered: bool) -> TaskLine:
    code = row.report__tracking_code
    waiting = Mark(str(ReportTask.State.ANSWERED.label).capitalize(), "check", Colour.GREEN)
    return TaskLine(
        href=f"{reverse('reports:desk_detail', args=[code])}#tugas-{row.id}",
        what=shorten(row.instruction, LONGEST_INSTRUCTION),
        code=code,
        title=row.report__title,
        place=rows.place(row.report__region_id, row.report__place_text),
        doer=row.partner_name or rows.agency(reference().id_today(row.agency_id)),
        secret=row.report__secret,
        clock=waiting if answered else rows.clock(row.due_on, "task", Unit(row.unit)),
    )
