"""The page for people who write programs: what the API does, how a key is had, what the limits are."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kanal.agencies.queries import reference
from kanal.channels.web.limits import MORE
from kanal.reports.open311.asking import MOST, SPAN
from kanal.reports.open311.services import jurisdictions
from kanal.reports.webhooks.actions.outbox import PAUSES
from kanal.reports.webhooks.shapes import TYPES


@require_safe
def developers(request: HttpRequest) -> HttpResponse:
    """How other programs read and file reports, and are told of what happens."""
    base = settings.BASE_URL + reverse("open311:root").rstrip("/")
    times, seconds = MORE["open311"]
    context = {
        "base": base,
        "discovery": settings.BASE_URL + reverse("open311:discovery", args=["json"]),
        "jurisdictions": jurisdictions(reference().regency),
        "most": MOST,
        "days": SPAN.days,
        "times": times,
        "minutes": seconds // 60,
        "address": settings.BASE_URL,
        "example": f"{reference().regency.code_prefix}-7K4M-9Q2X",
        "events": list(TYPES.items()),
        "attempts": len(PAUSES) + 1,
    }
    return render(request, "reports/developers.html", context)
