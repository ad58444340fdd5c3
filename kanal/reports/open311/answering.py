"""How an answer is written: XML and JSON from one document, errors in the asked form, caching, other sites' scripts.

JSON follows the Spark mapping of GeoReport v2: a collection is a bare array, nothing is null, ids are strings.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt

from kanal.agencies.queries import reference
from kanal.channels.web import limits
from kanal.common.refusal import Refused
from kanal.common.text import xml_text

log = logging.getLogger(__name__)

CONTENT_TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
LANGUAGE = "id"
"""Answers are kept by proxies for everybody, so no visitor's choice of language changes them."""

_ITEM_OF = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "endpoints": "endpoint",
    "formats": "format",
    "errors": "error",
}
_UNREADABLE = (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError)
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'

Value = str | int | float | bool | datetime | None | Mapping[str, Any] | Sequence[Any]
Handler = Callable[..., "Document"]


@dataclass(frozen=True, slots=True)
class Document:
    """What is answered: the name of the root element and what is in it; `seconds` that it may be kept (0: not)."""

    root: str
    value: Mapping[str, Any] | Sequence[Any]
    seconds: int = 0


class Problem(Exception):  # noqa: N818  # it is an answer, not a fault
    """Why a call is refused: one HTTP status and a sentence, or several, for the person who uses the client."""

    def __init__(self, status: int, *sentences: str) -> None:
        super().__init__(*sentences)
        self.status = status
        self.sentences = sentences


def as_xml(document: Document) -> str:
    """The document as XML without a namespace."""
    return _DECLARATION + _element(document.root, document.value)


def as_json(document: Document) -> str:
    """The document as JSON, without its root."""
    return json.dumps(document.value, ensure_ascii=False, default=_plain)


def _element(name: str, value: Value) -> str:
    if value is None or value == "":
        return f"<{name}/>"
    if isinstance(value, Mapping):
        inside = "".join(_element(key, one) for key, one in value.items())
    elif isinstance(value, Sequence) and not isinstance(value, str):
        inside = "".join(_element(_ITEM_OF[name], one) for one in value)
    else:
        inside = escape(xml_text(_said(value)))
    return f"<{name}>{inside}</{name}>"


def _said(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _plain(value) if isinstance(value, datetime) else str(value)


def _plain(value: Any) -> str:
    """A moment in the regency's time with its offset (W3C date and time); any lazy text as text."""
    if isinstance(value, datetime):
        return value.astimezone(reference().tz).isoformat(timespec="seconds")
    return str(value)


def endpoint(**handlers: Handler) -> Callable[..., HttpResponse]:
    """A view out of one handler per HTTP method. Whatever goes wrong is answered in the form that was asked for."""
    if "GET" in handlers:
        handlers["HEAD"] = handlers["GET"]

    @csrf_exempt
    def view(request: HttpRequest, form: str = "", **where: str) -> HttpResponse:
        with override(LANGUAGE):
            response = _answer(request, form, where, handlers)
        response.headers["Content-Language"] = LANGUAGE
        if request.method in {"GET", "HEAD", "OPTIONS"} and "GET" in handlers:
            response.headers["Access-Control-Allow-Origin"] = "*"
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return view


def _answer(request: HttpRequest, form: str, where: dict[str, str], handlers: Mapping[str, Handler]) -> HttpResponse:
    allowed = ", ".join([*handlers, "OPTIONS"])
    if request.method == "OPTIONS":
        reading = ", ".join(name for name in handlers if name != "POST")
        headers = {"Allow": allowed, "Access-Control-Allow-Methods": reading, "Access-Control-Max-Age": "86400"}
        return HttpResponse(status=204, headers=headers)
    try:
        return _kept(request, _called(request, form, where, handlers), form)
    except Problem as problem:
        response = _refusal(form, problem.status, problem.sentences)
    except Refused as refused:
        response = _refusal(form, refused.status, [refused.sentence])
    except _UNREADABLE:
        response = _refusal(form, 400, [_("Kiriman itu tidak terbaca atau terlalu besar.")])
    except (OperationalError, OSError):
        log.exception("an Open311 call could not be served")
        response = _refusal(form, 503, [_("Kanal sedang bermasalah. Ulangi beberapa menit lagi.")])
    response.headers["Allow"] = allowed
    return response


def _called(request: HttpRequest, form: str, where: dict[str, str], handlers: Mapping[str, Handler]) -> Document:
    if form not in CONTENT_TYPES:
        raise Problem(404, _("Alamat itu tidak ada. Akhiri dengan .xml atau .json; lihat /pengembang/."))
    handler = handlers.get(request.method or "")
    if handler is None:
        raise Problem(405, _("Alamat ini hanya menerima %(methods)s.") % {"methods": ", ".join(handlers)})
    limits.check(request, "open311")
    return handler(request, **where)


def _drawn(document: Document, form: str, status: int = 200) -> HttpResponse:
    form = form if form in CONTENT_TYPES else "xml"
    text = as_json(document) if form == "json" else as_xml(document)
    return HttpResponse(text.encode("utf-8", "replace"), status=status, content_type=CONTENT_TYPES[form])


def _kept(request: HttpRequest, document: Document, form: str) -> HttpResponse:
    response = _drawn(document, form)
    if not document.seconds:
        patch_cache_control(response, private=True, no_store=True)
        return response
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response.headers["ETag"] = etag
    patch_cache_control(response, public=True, max_age=document.seconds)
    found = get_conditional_response(request, etag, response=response)
    return found if isinstance(found, HttpResponse) else response


def _refusal(form: str, status: int, sentences: Iterable[str]) -> HttpResponse:
    errors = [{"code": status, "description": sentence} for sentence in sentences]
    response = _drawn(Document("errors", errors), form, status)
    patch_cache_control(response, private=True, no_store=True)
    return response
