from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from kanal.channels import actions
from kanal.channels.actions import pulse
from kanal.channels.calling import raw_body
from kanal.channels.models import Medium
from kanal.channels.sms import gateway


@csrf_exempt
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, kind: str) -> HttpResponse:
    """Keep what the gateway brings; `kind` is "in" for messages, "report" for delivery reports.

    The answer is empty: some gateways send whatever they are answered to the telephone.
    """
    body = raw_body(request)
    if not gateway.is_genuine(request, body):
        pulse.note_refused(Medium.SMS)
        return HttpResponseForbidden()
    actions.store_delivery(medium=Medium.SMS, payload=gateway.envelope(request, body, kind))
    return HttpResponse()
