"""Where WhatsApp calls. A call is kept first and understood later by the worker."""

import hashlib
import hmac

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from kanal.channels import actions
from kanal.channels.actions import pulse
from kanal.channels.calling import raw_body
from kanal.channels.models import Medium


@csrf_exempt  # the signature says who calls
@require_http_methods(["GET", "POST"])
def webhook(request: HttpRequest) -> HttpResponse:
    """Meta's challenge (GET) and its calls (POST), signed with the app's secret over the raw bytes."""
    return _challenge(request) if request.method == "GET" else _call(request)


def _challenge(request: HttpRequest) -> HttpResponse:
    expected, given = str(settings.WHATSAPP["verify_token"]), request.GET.get("hub.verify_token", "")
    if request.GET.get("hub.mode") != "subscribe" or not expected or not constant_time_compare(given, expected):
        return _refuse()
    return HttpResponse(request.GET.get("hub.challenge", "")[:200], content_type="text/plain")


def _call(request: HttpRequest) -> HttpResponse:
    body, secret = raw_body(request), str(settings.WHATSAPP["app_secret"])
    if not secret or not constant_time_compare(request.headers.get("X-Hub-Signature-256", ""), signature(body, secret)):
        return _refuse()
    actions.store_delivery(medium=Medium.WHATSAPP, payload=body.decode("utf-8", "replace"))
    return HttpResponse()


def _refuse() -> HttpResponse:
    pulse.note_refused(Medium.WHATSAPP)
    return HttpResponseForbidden()


def signature(body: bytes, secret: str) -> str:
    """What Meta writes into X-Hub-Signature-256 for these bytes."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"
