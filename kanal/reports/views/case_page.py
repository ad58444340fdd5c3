"""What the page of one case shows: which buttons, which form is open, which text, what comes before and after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from kanal.agencies.desk import DeskRequest
from kanal.agencies.queries import Actor, reference
from kanal.reports import actions, grants, policy
from kanal.reports.forms.case_answer import DraftAnswerForm, SendBackForm, TaskForm
from kanal.reports.forms.desk import read_filters
from kanal.reports.forms.verb import VerbForm
from kanal.reports.forms.verbs import FORMS, KEYS
from kanal.reports.models import Answer, Report, ReportTask
from kanal.reports.queries.case import Case, pieces
from kanal.reports.queries.case_words import deadlines, history
from kanal.reports.queries.desk import ORDERS, in_queue
from kanal.reports.queries.fit_for_all import held_back
from kanal.reports.queries.map_sketch import sketch
from kanal.reports.queries.messages import listened_to
from kanal.reports.queries.radio import broadcast_of
from kanal.reports.queries.search import matching
from kanal.reports.workflow import VERBS, Kind, Phase, Status

AT_ONCE = frozenset({"start", "take"})
"""Verbs without a field to fill in: their button does them."""
BESIDE_THE_ANSWER = frozenset({"submit_answer", "approve_answer", "send_back_answer", "publish_answer"})
LONGEST_LIST = 500
IN_THE_ROW = 4
"""Buttons shown before "Lainnya"."""
FIRST = ("assign", "start", "draft_answer", "ask_info", "note", "return_", "take", "merge", "split", "close", "reopen")
"""What a running report most often needs."""
FIRST_WHEN_DISPUTED = ("reopen", "decline_reopen", "note")
"""The reporter asked for it to be opened again: that is what must be decided."""
FIRST_WHEN_DONE = ("close", "note", "reopen", "draft_answer")
BRIGHT = frozenset({"assign", "start", "draft_answer", "reopen"})
"""Verbs that may be the one bright button of the page when they come first."""


@dataclass(frozen=True, slots=True)
class Button:
    """One verb that can be done now. `posts` is False when it opens a form first."""

    verb: str
    words: str
    icon: str
    key: str
    posts: bool
    go: bool = False


@dataclass(frozen=True)
class Panel:
    """The form that is open."""

    verb: str
    form: VerbForm
    allowed: bool = True
    main: Report | None = None
    """What a merge would join the report with, for comparing."""


def today() -> date:
    """The regency's date."""
    return reference().today()


def case_url(code: str) -> str:
    """The address of the case."""
    return reverse("reports:desk_detail", args=[code])


def buttons(case: Case, *, busy: bool) -> list[Button]:
    """The verbs on offer, everyday ones first. The first is bright unless a form with its own bright button is open."""
    offered = [verb for verb in case.verbs if verb in FORMS and verb not in BESIDE_THE_ANSWER and _sensible(case, verb)]
    first = _first(case)
    offered.sort(key=lambda verb: first.index(verb) if verb in first else len(first))
    return [
        Button(
            verb=verb,
            words=str(VERBS[verb].words),
            icon=VERBS[verb].icon,
            key=KEYS.get(verb, ""),
            posts=verb in AT_ONCE,
            go=place == 0 and not busy and verb in BRIGHT,
        )
        for place, verb in enumerate(offered)
    ]


def _first(case: Case) -> tuple[str, ...]:
    """The verbs that this report most likely needs now, in order."""
    if case.report.reopen_asked_at:
        return FIRST_WHEN_DISPUTED
    return FIRST if case.status.phase in {Phase.OPEN, Phase.WAITING} else FIRST_WHEN_DONE


def _sensible(case: Case, verb: str) -> bool:
    """Allowed is not yet useful: nobody takes what is theirs, or marks what is marked."""
    report = case.report
    pointless = {
        "take": report.officer_id == case.actor.user_id,
        "flag_rapid": report.is_rapid,
        "unflag_rapid": not report.is_rapid,
        "decline_reopen": report.reopen_asked_at is None,
        "edit_public_text": report.kind == Kind.WHISTLEBLOWING,
        "split": report.agency_id is None and report.kind != Kind.WHISTLEBLOWING,
    }
    return not pointless.get(verb, False)


def panel_of(case: Case, params: QueryDict) -> Panel | None:
    """The form that is open: the one asked for, or, for a report nobody has yet, where it should go."""
    verb = params.get("aksi", "")
    if verb in FORMS and FORMS[verb].verb in case.verbs and verb != "draft_answer":
        return Panel(verb, FORMS[verb](case.report, case.actor, initial=_initial(verb, params)))
    if not verb and case.report.status == Status.RECEIVED and case.may("assign"):
        return Panel("assign", FORMS["assign"](case.report, case.actor))
    return None


def _initial(verb: str, params: QueryDict) -> dict[str, Any]:
    return {"into": params.get("ke_laporan", "")[:40]} if verb == "merge" else {}


def main_of(actor: Actor, form: VerbForm) -> Report | None:
    """The report that a merge form names, when it was understood."""
    found = getattr(form, "cleaned_data", {}).get("into")
    return found if isinstance(found, Report) and policy.sees(actor, found) else None


def shows_editor(case: Case, params: QueryDict) -> bool:
    """Whether the answer can be written here and now: it was asked for, or it is this desk's to write.

    That is so when it was begun or is due next, and nobody else's: the agency that has the case answers it.
    """
    if not case.may("draft_answer"):
        return False
    if params.get("aksi") == "draft_answer":
        return True
    if answers_elsewhere(case):
        return False
    return case.making.state == Answer.State.DRAFT if case.making else case.report.status == Status.IN_PROGRESS


def answers_elsewhere(case: Case) -> bool:
    """Whether the answer is for another desk to write: this person may, but is not of the agency that has the case."""
    agency = case.agency
    return bool(agency and agency.id not in case.actor.agencies and case.may("draft_answer"))


@dataclass(frozen=True, slots=True)
class AnswerSteps:
    """How far the answer is, and what can be done with it now."""

    editor: DraftAnswerForm | None
    state: str
    step: int
    two_eyes: bool
    submit: bool
    approve: bool
    publish: bool
    send_back: SendBackForm | None = None
    elsewhere: bool = False
    held_back: tuple[str, ...] = ()
    """What of the text in the making everybody will read without."""


def answer_steps(case: Case, params: QueryDict, bound: Mapping[str, VerbForm]) -> AnswerSteps:
    """The stepper Draf, Disetujui, Terbit, and its buttons. Nobody approves their own answer."""
    making = case.making
    state = making.state if making else ""
    agency = case.agency
    two_eyes = bool(agency and agency.two_eyes)
    own = bool(making and making.author_id == case.actor.user_id)
    submitted = state == Answer.State.SUBMITTED
    approve = submitted and case.may("approve_answer") and not own
    ready = state == Answer.State.APPROVED or (bool(making) and not two_eyes)
    editor = bound.get("draft_answer")
    if editor is None and shows_editor(case, params):
        initial = {"text": making.text, "promised_on": making.promised_on} if making else {}
        editor = DraftAnswerForm(case.report, case.actor, initial=initial)
    send_back = bound.get("send_back_answer") or (SendBackForm(case.report, case.actor) if approve else None)
    return AnswerSteps(
        editor=editor if isinstance(editor, DraftAnswerForm) else None,
        state=state,
        step={"": 1, Answer.State.DRAFT: 1, Answer.State.SUBMITTED: 2, Answer.State.APPROVED: 3}.get(state, 1),
        two_eyes=two_eyes,
        submit=two_eyes and state == Answer.State.DRAFT and case.may("submit_answer"),
        approve=approve,
        publish=ready and case.may("publish_answer"),
        send_back=send_back if isinstance(send_back, SendBackForm) else None,
        held_back=tuple(held_back(making.text, case.report)) if making and case.raw else (),
        elsewhere=answers_elsewhere(case) and case.status.phase in {Phase.OPEN, Phase.WAITING},
    )


@dataclass(frozen=True)
class TaskView:
    """A task with what this person may do about it. `link` is the outside party's address, to be sent by hand."""

    task: ReportTask
    doer: str
    form: TaskForm | None
    may_close: bool
    link: str = ""
    expired: bool = False


def task_views(case: Case, bound: Mapping[int, TaskForm]) -> list[TaskView]:
    """The tasks of the case."""
    return [_task_view(case, task, bound) for task in case.tasks]


def _task_view(case: Case, task: ReportTask, bound: Mapping[int, TaskForm]) -> TaskView:
    unfinished = task.state in {ReportTask.State.OPEN, ReportTask.State.ANSWERED}
    may_close = unfinished and case.may("close_task")
    form = bound.get(task.pk) or (TaskForm(task) if unfinished and task.agency_id in case.actor.agencies else None)
    link = actions.partner_link(task) if may_close and not task.agency_id else ""
    expired = bool(link and task.link_expires_at and task.link_expires_at < timezone.now())
    doer = reference().told(task.agency_id) or task.partner_name
    return TaskView(task, doer, form, may_close, link, expired)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the report lies on the drawn map; `exact` is False when only its village or kecamatan is known."""

    lat: float
    lon: float
    x: float
    y: float
    exact: bool


def spot_of(case: Case) -> Spot | None:
    """The report's own point, or the middle of its place."""
    report, region = case.report, case.region
    lat, lon, exact = report.lat, report.lon, True
    if lat is None or lon is None:
        lat, lon, exact = (region.lat, region.lon, False) if region else (None, None, False)
    if lat is None or lon is None:
        return None
    x, y = sketch().place(lat, lon)
    return Spot(lat, lon, x, y, exact)


def listed_from(request: DeskRequest) -> str | None:
    """The query string of the queue one came from: `?dari=`, or the page that led here; None when it was another."""
    if "dari" in request.GET or "dari" in request.POST:
        return str(request.POST.get("dari") or request.GET.get("dari", "")).removeprefix("?")[:LONGEST_LIST]
    came = urlsplit(request.headers.get("Referer", ""))
    if came.netloc == request.get_host() and came.path == reverse("reports:desk_queue"):
        return came.query[:LONGEST_LIST]
    return None


def neighbour(request: DeskRequest, report: Report) -> Report | None:
    """The report before or after this one in the list whose address came along as `?dari=`; None at its end."""
    params = QueryDict(listed_from(request) or "")
    filters = read_filters(params, request.actor)
    order = ORDERS[filters.ordering]
    back = request.GET.get("ke") == "sebelumnya"
    listed = in_queue(request.actor, filters).exclude(pk=report.pk).defer("body")
    found = matching(listed, filters.text) if filters.text else listed
    rows = order.page(found, order.cursor(report, back=back), limit=1).rows
    return rows[0] if rows else None


def _identity(request: DeskRequest, case: Case) -> dict[str, Any]:
    """What the panel of the person shows: closed, or open for a few minutes more."""
    may = policy.may_open_identity(request.actor, case.report)
    until = grants.granted_until(request.session, request.actor, case.report) if may else None
    return {
        "may_open_identity": may,
        "identity_until": until,
        "identity": actions.identity_of(case.report, request.actor) if until else None,
        "grant_minutes": grants.MINUTES,
    }


def context(request: DeskRequest, case: Case, **extra: Any) -> dict[str, Any]:
    """All that the template draws. `extra` may bring bound forms: `panel`, `bound` by verb, `bound_tasks` by task."""
    params = request.GET
    bound: Mapping[str, VerbForm] = extra.get("bound", {})
    panel = extra["panel"] if "panel" in extra else panel_of(case, params)
    steps = answer_steps(case, params, bound)
    offered = buttons(case, busy=panel is not None or steps.editor is not None or steps.publish or steps.approve)
    listed = listed_from(request)
    public_text = params.get("teks") == "umum" or not case.raw
    return {
        "case": case,
        "report": case.report,
        "panel": panel,
        "answer": steps,
        "row": offered[:IN_THE_ROW],
        "more": offered[IN_THE_ROW:],
        "pieces": [] if public_text else pieces(case.report.body),
        "public_text": public_text,
        "lines": history(case.events, raw=case.raw),
        "deadlines": deadlines(case.clocks, today()),
        "tasks": task_views(case, extra.get("bound_tasks", {})),
        "spot": spot_of(case),
        "sketch": sketch(),
        "broadcast": broadcast_of(case.report) if policy.hears_broadcast(request.actor, case.report) else None,
        "spoken": listened_to(case.report) if case.raw else [],
        "tiles": settings.TILE_URL,
        "tile_attribution": settings.TILE_ATTRIBUTION,
        "listed": listed or "",
        "keep": f"&{urlencode({'dari': listed})}" if listed is not None else "",
        "identity_error": extra.get("identity_error", ""),
        "identity_reason": extra.get("identity_reason", ""),
        **_identity(request, case),
    }
