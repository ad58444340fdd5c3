"""The OpenAPI 3.1 documents: /pengembang/openapi.json (webhooks, both ways) and /pengembang/open311.json."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from kanal.agencies.queries import reference
from kanal.channels.app import signing
from kanal.channels.app.payloads import Faults, MessageIn, ReportIn, StatusIn, StatusOut, Taken
from kanal.reports.open311 import schema
from kanal.reports.webhooks.shapes import PING, TYPES, CloudEvent, PingEvent

Node = dict[str, Any]
VERSION = "1.0"
SIGNATURES = "^v1,[A-Za-z0-9+/]{43}=( v1,[A-Za-z0-9+/]{43}=){0,3}$"
_REF = "#/components/schemas/{name}"
_JSON = "application/json"
_FAULTS = {400, 403, 405, 413, 415, 422, 429, 503}
_WORDS = {
    400: "Isinya tidak terbaca atau tidak cocok dengan skema.",
    403: "Tanda tangan, jam, atau aplikasinya tidak dikenal.",
    404: "Tidak ditemukan, atau bukan dari aplikasi Anda.",
    405: "Hanya POST.",
    413: "Kiriman lebih dari 16 MB.",
    415: "Bukan JSON dan bukan multipart/form-data.",
    422: "Terbaca, tetapi ada isian yang tidak ada atau tidak cocok.",
    429: "Terlalu sering. Tunggu, lalu kirim lagi.",
    503: "Kanal sedang bermasalah. Kirim lagi dengan webhook-id yang sama.",
}


def _ref(model: type) -> Node:
    return {"$ref": _REF.format(name=model.__name__)}


def _header(name: str, words: str, **rules: object) -> Node:
    return {"name": name, "in": "header", "required": True, "description": words, "schema": {"type": "string", **rules}}


def _signature() -> list[Node]:
    return [
        _header(signing.ID, "Nomor kiriman, tetap sama bila dikirim ulang.", pattern="^[A-Za-z0-9._~:-]{1,100}$"),
        _header(signing.TIMESTAMP, "Detik sejak 1970, paling jauh 5 menit dari jam penerima.", pattern="^[0-9]{1,11}$"),
        _header(
            signing.SIGNATURE,
            "v1,base64(HMAC-SHA-256(kunci, id.timestamp.isi)); boleh beberapa, dipisah spasi.",
            pattern=SIGNATURES,
        ),
    ]


def _answers(good: Mapping[int, type], faults: set[int]) -> Node:
    told: Node = {
        str(code): {"description": model.__doc__, "content": {_JSON: {"schema": _ref(model)}}}
        for code, model in good.items()
    }
    return told | {
        str(code): {"description": _WORDS[code], "content": {_JSON: {"schema": _ref(Faults)}}}
        for code in sorted(faults)
    }


def _call(name: str, model: type, good: Mapping[int, type], faults: set[int], *, files: bool) -> Node:
    content: Node = {_JSON: {"schema": _ref(model)}}
    if files:
        parts = {
            "message": {"type": "string", "contentMediaType": _JSON, "contentSchema": _ref(model)},
            "file": {"type": "array", "maxItems": 5, "items": {"type": "string", "format": "binary"}},
        }
        form = {"type": "object", "required": ["message"], "properties": parts, "additionalProperties": False}
        content["multipart/form-data"] = {"schema": form, "encoding": {"message": {"contentType": _JSON}}}
    return {
        "post": {
            "operationId": name,
            "summary": model.__doc__,
            "security": [{"app": []}],
            "parameters": _signature(),
            "requestBody": {"required": True, "content": content},
            "responses": _answers(good, faults),
        }
    }


def _told() -> Node:
    """The events that go out, as OpenAPI's own `webhooks`."""
    answers = {
        "2XX": {"description": "Diterima."},
        "410": {"description": "Alamat tidak dipakai lagi: langganan dijeda."},
        "default": {"description": "Dicoba lagi dengan jeda yang makin panjang; Retry-After diikuti."},
    }
    events: list[tuple[str, str, type]] = [(kind, str(words), CloudEvent) for kind, words in TYPES.items()]
    return {
        kind: {
            "post": {
                "summary": words,
                "parameters": _signature(),
                "requestBody": {"required": True, "content": {"application/cloudevents+json": {"schema": _ref(model)}}},
                "responses": answers,
            }
        }
        for kind, words, model in [*events, (PING, _("uji coba"), PingEvent)]
    }


@cache
def _webhooks(base: str, regency: str) -> Node:
    models = [ReportIn, MessageIn, StatusIn, Taken, StatusOut, Faults, CloudEvent, PingEvent]
    _out, shapes = msgspec.json.schema_components(models, ref_template=_REF)
    taken = {200: Taken, 201: Taken, 202: Taken}
    words = f"Aplikasi lain dan {regency}: mengirim laporan dan pesan, menanyakan kabar, menerima kejadian."
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Kanal {regency}: webhook", "version": VERSION, "description": words},
        "servers": [{"url": f"{base}/webhook/v1"}],
        "paths": {
            "/reports": _call("fileReport", ReportIn, taken, _FAULTS, files=True),
            "/messages": _call("sendMessage", MessageIn, taken, _FAULTS, files=True),
            "/status": _call("askStatus", StatusIn, {200: StatusOut}, _FAULTS | {404}, files=False),
        },
        "webhooks": _told(),
        "components": {
            "schemas": shapes,
            "securitySchemes": {"app": {"type": "apiKey", "in": "header", "name": signing.APP}},
        },
    }


def _answered(document: Node) -> HttpResponse:
    response = HttpResponse(msgspec.json.encode(document), content_type=_JSON)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@require_safe
def webhooks(_request: HttpRequest) -> HttpResponse:
    """What programs post to us and are told by us."""
    with override("id"):
        return _answered(_webhooks(settings.BASE_URL, reference().regency.name))


@require_safe
def open311(_request: HttpRequest) -> HttpResponse:
    """GeoReport v2 as we serve it."""
    with override("id"):
        return _answered(schema.document(settings.BASE_URL, reference().regency.name))
