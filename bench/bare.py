"""The bare stack that Kanal's pages are measured against: the same server, database and framework, nothing else."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from bench.models import Row
from kanal.reports.models import Report

COLUMNS = (
    "id",
    "tracking_code",
    "title",
    "status",
    "agency_id",
    "region_id",
    "category_id",
    "medium",
    "received_at",
    "due_on",
    "urgency",
    "secret",
)


@csrf_exempt
def insert(request: HttpRequest) -> HttpResponse:
    """One form field into one row."""
    Row(text=request.POST.get("body", "")).save(force_insert=True)
    return HttpResponse(status=201)


def listing(_request: HttpRequest) -> HttpResponse:
    """The fifty newest reports as JSON, straight from the table."""
    rows = Report.objects.order_by("-received_at", "-id").values(*COLUMNS)[:50]
    return JsonResponse(list(rows), safe=False)
