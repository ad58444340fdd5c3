"""What programs are told: what became of a call, how a report fares."""

from datetime import date
from typing import Literal

from django.conf import settings
from django.urls import reverse

from kanal.agencies.queries import reference
from kanal.channels.app.adapter import message_id
from kanal.channels.app.payloads import StatusOut, Taken
from kanal.channels.models import Inbound, Medium
from kanal.common.codes import normalise_code
from kanal.reports import policy
from kanal.reports.models import Answer, ApiClient, ApiFiling, Report, TalkPart
from kanal.reports.queries import report_reference, tracking
from kanal.reports.workflow import NEVER, OPEN_VALUES

State = Literal["filed", "added", "waiting", "accepted", "dropped"]


def fate_of(client: ApiClient, identifier: str, *, repeated: bool = False) -> Taken | None:
    """What became of a call of this id; None when it is not read yet."""
    inbound = Inbound.objects.filter(medium=Medium.APP, external_id=message_id(client.pk, identifier)).first()
    if inbound is None:
        return None
    report = Report.objects.defer("body", "public_body").filter(inbound=inbound).first()
    state: State = "filed"
    if report is None:
        part = TalkPart.objects.select_related("report").filter(inbound=inbound).first()
        report = part.report if part else None
        state = "added"
    if report is None or not policy.tells_programs(report):
        dropped = inbound.state == Inbound.State.DROPPED
        return Taken(id=identifier, state="dropped" if dropped else "waiting", repeated=repeated)
    return Taken(
        id=identifier,
        state=state,
        repeated=repeated,
        code=report.tracking_code,
        url=_page(report),
        due_on=_due(report),
    )


def _page(report: Report) -> str:
    page = "reports:public_detail" if policy.is_public(report) else "reports:status"
    return settings.BASE_URL + reverse(page, args=[report.tracking_code])


def _due(report: Report) -> date | None:
    return None if report.due_on == NEVER or report.status not in OPEN_VALUES else report.due_on


def status_for(client: ApiClient, code: str) -> StatusOut | None:
    """How a report fares; None for what is not this program's to ask, whether it exists or not."""
    report = tracking.by_code(normalise_code(code, reference().regency.code_prefix) or "") if code else None
    if report is None:
        return None
    filed_by = ApiFiling.objects.filter(report=report).values_list("client_id", flat=True).first()
    if not policy.asks_status(client.pk, report, filed_by=filed_by):
        return None
    category = report_reference().categories.get(report.category_id or 0)
    agency = reference().agency_today(report.agency_id)
    return StatusOut(
        code=report.tracking_code,
        status=str(report.status),
        status_word=str(tracking.status_of(report).word),
        kind=str(report.kind),
        received_at=report.received_at,
        changed_at=max(report.changed_at, report.received_at),
        url=_page(report),
        category=category.code if category else None,
        agency=agency.name if agency else None,
        due_on=_due(report),
        answer=_answer(report),
    )


def _answer(report: Report) -> str | None:
    if not report.answered_at or not policy.is_public(report):
        return None
    answers = Answer.objects.filter(report=report, state=Answer.State.PUBLISHED)
    return answers.order_by("-pk").values_list("public_text", flat=True).first()
