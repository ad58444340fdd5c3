"""What a program sent: kept by the mailroom first, taken up here in the transaction that keeps its message."""

import secrets

import msgspec
from django.db import transaction
from django.utils import timezone

from kanal.agencies import places
from kanal.channels.actions import settle
from kanal.channels.adapters import Said
from kanal.channels.app.payloads import MessageIn, ReportIn
from kanal.channels.models import Inbound, Medium
from kanal.common.refusal import Refused
from kanal.common.text import clean
from kanal.reports.actions import Filing, file_report
from kanal.reports.actions.reporter import reply
from kanal.reports.models import ApiClient, ApiFiling, Report, TalkPart
from kanal.reports.queries import report_reference
from kanal.reports.webhooks import checking
from kanal.reports.workflow import Kind

_LONGEST = 8000


@transaction.atomic
def take_up(inbound: Inbound, said: Said) -> None:
    """File what a program reported, or add what it said to the report it named. What cannot be waits for a person."""
    client = int(said.details["app"])
    told = {name: value for name, value in said.details.items() if name != "app"}
    if told["type"] == "report":
        _file(inbound, said, client, msgspec.convert(told, ReportIn))
    else:
        _add(inbound, said, client, msgspec.convert(told, MessageIn))


def _file(inbound: Inbound, said: Said, client: int, told: ReportIn) -> None:
    region, category = checking.region_of(told), report_reference().categories_by_code.get(told.category)
    found = places.locate(told.lat, told.lon) if told.lat is not None and told.lon is not None else None
    report = file_report(
        Filing(
            body=clean(told.text, max_chars=_LONGEST),
            submission=inbound.external_id,
            kind=Kind(told.kind),
            medium=Medium.APP,
            category_id=category.id if category else None,
            region_id=region.id if region else (found.region_id if found else None),
            lat=told.lat,
            lon=told.lon,
            place_text=clean(told.place, max_chars=_LONGEST)[:200],
            name=told.sender.name,
            email=checking.email_of(told.sender),
            phone=checking.phone_of(told.sender),
            anonymous=told.anonymous,
            address=inbound.address if told.sender.id else None,
            inbound=inbound,
        ),
        at=said.at,
    )
    ApiFiling.objects.create(report=report, client_id=client, token=secrets.token_urlsafe(32))
    _belongs(inbound, report)


def _add(inbound: Inbound, said: Said, client: int, told: MessageIn) -> None:
    report = checking.own_report(client, told.code)
    if report is None:
        return  # it waits for a person, whom a wrong code does not keep from reading it
    try:
        reply(report=report, text=clean(told.text, max_chars=_LONGEST), at=said.at)
    except Refused:
        return
    _belongs(inbound, report)


def _belongs(inbound: Inbound, report: Report) -> None:
    TalkPart.objects.create(report=report, inbound=inbound)
    settle(inbound, Inbound.State.USED)


def heard(client: ApiClient) -> None:
    """Note that a program sent something: its page says when."""
    ApiClient.objects.filter(pk=client.pk).update(heard_at=timezone.now())
