"""Where Telegram calls. A call is kept first and understood later by the worker."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from kanal.channels import actions
from kanal.channels.actions import pulse
from kanal.channels.calling import raw_body
from kanal.channels.models import Medium


@csrf_exempt  # the secret token says who calls
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """One update, with the secret that was given to setWebhook."""
    expected, given = str(settings.TELEGRAM["secret"]), request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
    if not expected or not constant_time_compare(given, expected):
        pulse.note_refused(Medium.TELEGRAM)
        return HttpResponseForbidden()
    actions.store_delivery(medium=Medium.TELEGRAM, payload=raw_body(request).decode("utf-8", "replace"))
    return HttpResponse()
