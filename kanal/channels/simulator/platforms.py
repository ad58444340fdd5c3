"""The platforms themselves, as far as Kanal's adapters ask: a small Graph API, Bot API and SMS gateway."""

import hashlib
import json
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt

from kanal.channels.calling import raw_body
from kanal.channels.files import what_it_is
from kanal.channels.simulator import phones
from kanal.channels.simulator.phones import Line

_View = Callable[..., HttpResponse]


def played(medium: str = "") -> Callable[[_View], _View]:
    """Only where this medium is played, and only for Kanal: its token is in the header, for Telegram in the path.

    Without a medium it is the one that the path names.
    """

    def around(view: _View) -> _View:
        @csrf_exempt  # Kanal's adapters call, not a browser
        @wraps(view)
        def guarded(request: HttpRequest, **given: str) -> HttpResponse:
            if not settings.SIMULATOR or (medium or given["medium"]) not in settings.PLAYED_MEDIA:
                raise Http404
            token = str(given.pop("token", "") or request.headers.get("Authorization", "").removeprefix("Bearer "))
            if not constant_time_compare(token, settings.SIMULATOR_KEY):
                return JsonResponse({"ok": False, "error": {"code": 190, "message": "token"}}, status=401)
            return view(request, **given)

        return guarded

    return around


def told_by(request: HttpRequest) -> dict[str, Any]:
    """What Kanal says, as a JSON object; empty for anything else."""
    try:
        found = json.loads(raw_body(request))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _keep(medium: str, to: str, line: Line) -> bool:
    number = to.removeprefix("+")
    if not phones.is_number(number):
        return False
    phones.write(medium, number, line)
    return True


# WhatsApp -----------------------------------------------------------------------------------------------------------


@played("whatsapp")
def graph_messages(request: HttpRequest, phone_id: str) -> HttpResponse:  # noqa: ARG001  # as the address has it
    """POST …/messages: words, or an approved template with its one variable."""
    told, name = told_by(request), f"wamid.{secrets.token_hex(12)}"
    template = told.get("type") == "template"
    words = str(told["text"]["body"]) if not template else _of_template(told["template"])
    if not _keep("whatsapp", str(told.get("to", "")), Line(name, mine=False, text=words, template=template)):
        return JsonResponse({"error": {"code": 131026, "message": "no such number"}}, status=400)
    return JsonResponse({"messaging_product": "whatsapp", "messages": [{"id": name}]})


def _of_template(template: dict[str, Any]) -> str:
    return " ".join(str(value["text"]) for part in template["components"] for value in part["parameters"])


@played("whatsapp")
def graph_media(request: HttpRequest, media_id: str) -> HttpResponse:
    """GET …/<media id>: where the file is and what it is."""
    content = phones.file(media_id)
    if content is None:
        return JsonResponse({"error": {"code": 100, "message": "no such media"}}, status=400)
    url = f"{settings.BASE_URL}{request.path.rstrip('/')}/isi"
    told = {"id": media_id, "url": url, "file_size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    return JsonResponse({**told, "mime_type": _mime(content)})


@played("whatsapp")
def graph_file(request: HttpRequest, media_id: str) -> HttpResponse:  # noqa: ARG001  # a view's signature
    """The file itself."""
    return _file(media_id)


# Facebook and Instagram ---------------------------------------------------------------------------------------------


@played()
def page_messages(request: HttpRequest, medium: str) -> HttpResponse:
    """POST …/me/messages: to a person, or to the writer of a comment, whose number is in the comment's own."""
    told, name = told_by(request), f"m_{secrets.token_hex(12)}"
    to = str(told["recipient"].get("id") or told["recipient"]["comment_id"])
    line = Line(name, mine=False, text=str(told["message"]["text"]))
    return _page_took(medium, to, line, {"recipient_id": to.partition("_")[0], "message_id": name})


@played()
def page_answer(request: HttpRequest, medium: str, comment: str) -> HttpResponse:
    """POST …/<comment>/comments or /replies: what everybody reads."""
    name = f"{comment.partition('_')[0]}_{secrets.token_hex(8)}"
    line = Line(name, mine=False, text=str(told_by(request).get("message", "")), public=True)
    return _page_took(medium, comment, line, {"id": name})


def _page_took(medium: str, to: str, line: Line, told: dict[str, str]) -> HttpResponse:
    if not _keep(medium, to.partition("_")[0], line):
        return JsonResponse({"error": {"code": 100, "error_subcode": 33, "message": "no such object"}}, status=400)
    return JsonResponse(told)


@played()
def page_where(request: HttpRequest, medium: str, message: str) -> HttpResponse:  # noqa: ARG001  # as the address has it
    """GET …/<message>: where its picture is, at an address that nobody guesses, as on Meta's own servers."""
    name = message.removeprefix("m_")
    content = phones.file(name)
    if content is None:
        return JsonResponse({"error": {"code": 100, "error_subcode": 33, "message": "no such object"}}, status=400)
    url = f"{settings.BASE_URL}{request.path.rpartition('/')[0]}/isi/{name}"
    return JsonResponse({"attachments": {"data": [{"image_data": {"url": url}, "size": len(content)}]}})


def page_file(request: HttpRequest, medium: str, name: str) -> HttpResponse:  # noqa: ARG001  # a view's signature
    """The file itself."""
    if not settings.SIMULATOR or medium not in settings.PLAYED_MEDIA:
        raise Http404
    return _file(name)


# Telegram -----------------------------------------------------------------------------------------------------------


@played("telegram")
def bot_send(request: HttpRequest) -> HttpResponse:
    """POST …/sendMessage."""
    told, number = told_by(request), secrets.randbelow(2**31)
    line = Line(str(number), mine=False, text=str(told.get("text", "")))
    if not _keep("telegram", str(told.get("chat_id", "")), line):
        return JsonResponse({"ok": False, "error_code": 400, "description": "Bad Request: chat not found"}, status=400)
    return JsonResponse({"ok": True, "result": {"message_id": number}})


@played("telegram")
def bot_where(request: HttpRequest) -> HttpResponse:
    """GET …/getFile."""
    name = request.GET.get("file_id", "")
    content = phones.file(name)
    if content is None:
        return JsonResponse({"ok": False, "error_code": 400, "description": "Bad Request: wrong file_id"}, status=400)
    told = {"file_id": name, "file_path": f"isi/{name}", "file_size": len(content)}
    return JsonResponse({"ok": True, "result": told})


@played("telegram")
def bot_file(request: HttpRequest, name: str) -> HttpResponse:  # noqa: ARG001  # a view's signature
    """The file itself."""
    return _file(name)


# SMS ----------------------------------------------------------------------------------------------------------------


@played("sms")
def sms_send(request: HttpRequest) -> HttpResponse:
    """A gateway that takes `to`, `text` and `key`."""
    told, name = told_by(request), secrets.token_hex(8)
    if not _keep("sms", str(told.get("to", "")), Line(name, mine=False, text=str(told.get("text", "")))):
        return JsonResponse({"error": "no such number"}, status=400)
    return JsonResponse({"id": name})


def _mime(content: bytes) -> str:
    found = what_it_is(content)
    return found[1] if found else "application/octet-stream"


def _file(name: str) -> HttpResponse:
    content = phones.file(name)
    if content is None:
        raise Http404
    return HttpResponse(content, content_type=_mime(content), headers={"Content-Disposition": "attachment"})
