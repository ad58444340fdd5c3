"""The calls of GeoReport v2. Each handler reads, asks one question or does one deed, and gives a Document."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from kanal.agencies.queries import reference
from kanal.common import formats
from kanal.common.codes import normalise_code
from kanal.reports.models import ApiFiling
from kanal.reports.open311 import actions, asking, services, showing
from kanal.reports.open311.answering import Document, Problem, endpoint
from kanal.reports.open311.forms import RemarkForm, RequestForm

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
_SERVICES_SECONDS = 300
_REQUESTS_SECONDS = 60


def _discovery(_request: HttpRequest) -> Document:
    """Where the API is and how a key is had."""
    facts, changed = reference().regency, services.changed_at()
    ways = ", ".join(filter(None, (facts.office or facts.name, facts.phone, facts.email)))
    told = {
        "changeset": changed,
        "contact": ways,
        "key_service": settings.BASE_URL + reverse("developers"),
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": settings.BASE_URL + reverse("open311:root").rstrip("/"),
                "changeset": changed,
                "type": "production" if settings.PRODUCTION else "test",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }
    return Document("discovery", told, _SERVICES_SECONDS)


def _services(request: HttpRequest) -> Document:
    services.check_jurisdiction(request.GET.get("jurisdiction_id", ""))
    return Document("services", [one.listed() for one in services.services().values()], _SERVICES_SECONDS)


def _service(request: HttpRequest, code: str) -> Document:
    services.check_jurisdiction(request.GET.get("jurisdiction_id", ""))
    return Document("service_definition", services.find_service(code).defined(), _SERVICES_SECONDS)


def _requests(request: HttpRequest) -> Document:
    services.check_jurisdiction(request.GET.get("jurisdiction_id", ""))
    rows = showing.listed(asking.read_wanted(request.GET))
    return Document("service_requests", rows, _REQUESTS_SECONDS)


def _one_request(request: HttpRequest, code: str) -> Document:
    services.check_jurisdiction(request.GET.get("jurisdiction_id", ""))
    return Document("service_requests", [showing.one(code)], _REQUESTS_SECONDS)


def _file(request: HttpRequest) -> Document:
    client = actions.client_of(_parameter(request, "api_key"))
    actions.count(client)
    _check_encoding(request)
    services.check_jurisdiction(_parameter(request, "jurisdiction_id"))
    service = services.find_service(_parameter(request, "service_code"))
    form = RequestForm(request.POST, request.FILES, service=service)
    if not form.is_valid():
        raise Problem(400, *form.faults())
    submission = actions.submission_of(client, request.headers.get("Idempotency-Key", ""))
    taken = actions.take_in(filing=form.filing(submission=submission), client=client, media=form.links)
    return Document("service_requests", [_receipt(taken, is_blackbox=service.is_blackbox)])


def _parameter(request: HttpRequest, name: str) -> str:
    """A parameter of the form; keys are also taken from the address, where some clients put them."""
    return (request.POST.get(name) or request.GET.get(name) or "").strip()


def _check_encoding(request: HttpRequest) -> None:
    if request.content_type not in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        raise Problem(
            400, _("Kirim sebagai application/x-www-form-urlencoded, atau multipart/form-data bila ada foto.")
        )


def _receipt(taken: ApiFiling, *, is_blackbox: bool) -> dict[str, Any]:
    if is_blackbox:
        notice = _("Diterima Inspektorat. Laporan ini dirahasiakan dan tidak diberi kode.")
        return {"service_notice": notice, "account_id": None}
    if not actions.code_given(taken):
        notice = _("Diterima. Kode laporan diberikan lewat token ini sesudah laporan diperiksa.")
        return {"token": taken.token, "service_notice": notice, "account_id": None}
    facts = {
        "code": taken.report.tracking_code,
        "link": settings.BASE_URL + reverse("reports:status", args=[taken.report.tracking_code]),
        "day": formats.day(taken.report.due_on),
    }
    notice = _("Diterima. Diteruskan ke dinas paling lambat %(day)s. Lacak di %(link)s.") % facts
    return {"service_request_id": facts["code"], "service_notice": notice, "account_id": None}


def _token(request: HttpRequest, token: str) -> Document:
    services.check_jurisdiction(request.GET.get("jurisdiction_id", ""))
    taken = actions.code_of(token)
    code = taken.report.tracking_code if actions.code_given(taken) else None
    return Document("service_requests", [{"service_request_id": code, "token": taken.token}])


def _updates(request: HttpRequest) -> Document:
    services.check_jurisdiction(request.GET.get("jurisdiction_id", ""))
    key = request.GET.get("api_key", "").strip()
    client = actions.client_of(key) if key else None
    rows = showing.updates(asking.read_span(request.GET), client)
    return Document("service_request_updates", rows, 0 if client else _REQUESTS_SECONDS)


def _remark(request: HttpRequest) -> Document:
    client = actions.client_of(_parameter(request, "api_key"))
    actions.count(client)
    _check_encoding(request)
    services.check_jurisdiction(_parameter(request, "jurisdiction_id"))
    told = RemarkForm(request.POST).told()
    code = normalise_code(told["service_request_id"], reference().regency.code_prefix) or ""
    said = actions.Remark(told["update_id"], code, told["status"], told["description"], told["updated_datetime"])
    actions.remark(said, client=client)
    return Document("service_request_updates", [{"update_id": said.update_id}])


def _nothing(_request: HttpRequest, rest: str = "") -> Document:  # noqa: ARG001  # the part of the address
    raise Problem(404, _("Alamat itu tidak ada. Lihat /pengembang/."))


discovery = endpoint(GET=_discovery)
service_list = endpoint(GET=_services)
service = endpoint(GET=_service)
requests = endpoint(GET=_requests, POST=_file)
one_request = endpoint(GET=_one_request)
token = endpoint(GET=_token)
updates = endpoint(GET=_updates, POST=_remark)
nothing = endpoint(GET=_nothing, POST=_nothing)
