"""Where Meta calls. A call is kept first and understood later by the worker."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from kanal.channels import actions
from kanal.channels.actions import pulse
from kanal.channels.calling import raw_body
from kanal.channels.models import Medium


def webhook(medium: Medium) -> Callable[[HttpRequest], HttpResponse]:
    """The view of one medium; its secrets are in the setting that has the medium's name."""

    @csrf_exempt  # the signature says who calls
    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest) -> HttpResponse:
        have: dict[str, Any] = getattr(settings, medium.name)
        answer = _challenge(request, have) if request.method == "GET" else _call(request, have, medium)
        if answer is None:
            pulse.note_refused(medium)
            return HttpResponseForbidden()
        return answer

    return view


def _challenge(request: HttpRequest, have: dict[str, Any]) -> HttpResponse | None:
    expected, given = str(have["verify_token"]), request.GET.get("hub.verify_token", "")
    if request.GET.get("hub.mode") != "subscribe" or not expected or not constant_time_compare(given, expected):
        return None
    return HttpResponse(request.GET.get("hub.challenge", "")[:200], content_type="text/plain")


def _call(request: HttpRequest, have: dict[str, Any], medium: Medium) -> HttpResponse | None:
    body, secret = raw_body(request), str(have["app_secret"])
    if not secret or not constant_time_compare(request.headers.get("X-Hub-Signature-256", ""), signature(body, secret)):
        return None
    actions.store_delivery(medium=medium, payload=body.decode("utf-8", "replace"))
    return HttpResponse()


def signature(body: bytes, secret: str) -> str:
    """What Meta writes into X-Hub-Signature-256 for these bytes."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"
