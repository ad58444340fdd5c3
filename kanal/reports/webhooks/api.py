"""The calls that programs make, signed: a report, a message, a question how a report fares."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import msgspec
from cryptography.fernet import InvalidToken
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt

from kanal.channels import actions as mail
from kanal.channels import mailroom
from kanal.channels.actions import pulse
from kanal.channels.app import payloads, shelf, signing
from kanal.channels.app.adapter import envelope, message_id
from kanal.channels.app.payloads import Fault, Faults, Incoming, StatusIn
from kanal.channels.app.shelf import Upload
from kanal.channels.app.signing import Signed
from kanal.channels.calling import raw_body
from kanal.channels.files import what_it_is
from kanal.channels.models import Inbound, Medium
from kanal.channels.web import limits
from kanal.common.refusal import Refused
from kanal.reports.models import ApiClient
from kanal.reports.open311.actions import count
from kanal.reports.open311.answering import Problem
from kanal.reports.webhooks import checking
from kanal.reports.webhooks.actions.taking import heard
from kanal.reports.webhooks.sending import keys_of
from kanal.reports.webhooks.telling import fate_of, status_for

log = logging.getLogger(__name__)

MOST_FILES = 5
_JSON = "application/json"
_FORM = "multipart/form-data"
_UNREADABLE = (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError)
Answer = tuple[int, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """A genuine call: who made it under which id, its JSON, and its files as name, kind and content."""

    client: ApiClient
    identifier: str
    name: str
    body: bytes
    files: list[tuple[str, str, bytes]]


class WrongError(Exception):
    """What a program sent cannot be taken: every fault with its field."""

    def __init__(self, status: int, faults: list[Fault]) -> None:
        super().__init__(status)
        self.status = status
        self.faults = faults


def _wrong(status: int, sentence: str, field: str = "") -> WrongError:
    return WrongError(status, [Fault(field=field, message=sentence)])


def view_of(name: str) -> Callable[[HttpRequest], HttpResponse]:
    """The view of one call."""

    @csrf_exempt
    def view(request: HttpRequest) -> HttpResponse:
        with override("id"):
            status, told = _answer(request, name)
        response = HttpResponse(msgspec.json.encode(told), status=status, content_type=_JSON)
        response.headers["Cache-Control"] = "no-store, private"
        response.headers["Allow"] = "POST"
        return response

    return view


def _answer(request: HttpRequest, name: str) -> Answer:
    try:
        return _taken(request, name)
    except WrongError as wrong:
        return wrong.status, Faults(errors=wrong.faults)
    except Problem as problem:
        return problem.status, Faults(errors=[Fault(field="", message=one) for one in problem.sentences])
    except Refused as refused:
        return refused.status, Faults(errors=[Fault(field="", message=refused.sentence)])
    except _UNREADABLE:
        return 400, Faults(errors=[Fault(field="", message=_("Kiriman itu tidak terbaca atau terlalu besar."))])
    except (OperationalError, OSError):
        log.exception("a call of a program could not be served")
        return 503, Faults(errors=[Fault(field="", message=_("Kanal sedang bermasalah. Ulangi beberapa menit lagi."))])


def _taken(request: HttpRequest, name: str) -> Answer:
    if request.method != "POST":
        raise _wrong(405, _("Alamat ini hanya menerima POST."))
    limits.check(request, "open311")
    raw = raw_body(request)
    client, signed = _known(request, raw)
    count(client)
    body, uploads = _parts(request, raw)
    told = payloads.read(name, body)
    if isinstance(told, Fault):
        raise WrongError(400, [told])
    if isinstance(told, StatusIn):
        return _status(told, client)
    return _keep(told, Call(client, signed.identifier, name, body, uploads))


def _known(request: HttpRequest, raw: bytes) -> tuple[ApiClient, Signed]:
    """The program that signed these bytes just now. Raises WrongError (403), and counts whoever only pretends."""
    signed = signing.read_headers(request.headers)
    client, genuine = None, False
    try:
        client = ApiClient.objects.filter(pk=signed.app, active=True).first() if signed else None
        genuine = signed is not None and signed.is_genuine(keys_of(client) if client else [], raw)
    except InvalidToken:
        log.exception("the signing key of app %s cannot be opened", signed.app if signed else "")
    if not genuine or client is None or signed is None:
        pulse.note_refused(Medium.APP)
        raise _wrong(403, _("Tanda tangannya tidak cocok. Caranya ada di /pengembang/."))
    now = time.time()
    if not signed.is_fresh(now):
        pulse.note_refused(Medium.APP)
        sentence = _("webhook-timestamp lebih dari 5 menit dari jam kami (%(now)d). Tanda tangani lagi.")
        raise _wrong(403, sentence % {"now": int(now)}, signing.TIMESTAMP)
    return client, signed


# --- the parts of a call ----------------------------------------------------------------------------------------------


def _parts(request: HttpRequest, raw: bytes) -> tuple[bytes, list[tuple[str, str, bytes]]]:
    """The JSON of a call, and the files that came along."""
    if request.content_type == _JSON:
        return raw, []
    if request.content_type != _FORM:
        raise _wrong(415, _("Kirim sebagai application/json, atau multipart/form-data bila ada berkas."))
    fields, files = MultiPartParser(request.META, BytesIO(raw), request.upload_handlers, "utf-8").parse()
    found = files.getlist("file")
    if len(found) > MOST_FILES:
        raise _wrong(400, _("Paling banyak %(most)d berkas.") % {"most": MOST_FILES}, "file")
    uploads = [(one.name or "", one.content_type or "", one.read()) for one in found]
    for number, (_name, _mime, content) in enumerate(uploads):
        if what_it_is(content) is None:
            raise _wrong(400, _("Hanya foto, pesan suara, video, dan PDF."), f"file[{number}]")
    return fields.get("message", "").encode("utf-8", "replace"), uploads


def _keep(told: Incoming, call: Call) -> Answer:
    """Store a call, then read it; a repeated one is answered like the first."""
    known = fate_of(call.client, call.identifier, repeated=True)
    if known is not None:
        return 200, known
    faults = checking.faults_of(told, call.client)
    if faults:
        raise WrongError(422, faults)
    now = timezone.now()
    stored = envelope(
        app=call.client.pk,
        identifier=call.identifier,
        call=call.name,
        body=call.body,
        at=now,
        uploads=[Upload(title, mime, shelf.put(content)) for title, mime, content in call.files],
    )
    row = mail.store_delivery(medium=Medium.APP, payload=stored, at=now, leased=True)
    mailroom.read_delivery(row)
    heard(call.client)
    fate = fate_of(call.client, call.identifier)
    if fate is None:
        return 202, payloads.Taken(id=call.identifier, state="accepted", repeated=False)
    return 201, fate


def _status(told: StatusIn, client: ApiClient) -> Answer:
    faults = checking.faults_of(told, client)
    if faults:
        raise WrongError(422, faults)
    code = told.code or ""
    if told.id is not None:
        known = Inbound.objects.filter(medium=Medium.APP, external_id=message_id(client.pk, told.id))
        code = str(known.values_list("report__tracking_code", flat=True).first() or "")
    found = status_for(client, code)
    if found is None:
        raise _wrong(404, _("Laporan itu tidak ditemukan, atau bukan dari aplikasi Anda."))
    return 200, found
