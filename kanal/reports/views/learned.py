"""/meja/pembelajaran/: what Kanal learned from decided reports, how often it is right, and going back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kanal.agencies.desk import DeskRequest, desk
from kanal.agencies.models import Membership
from kanal.common.actions import run_soon
from kanal.common.text import row_id
from kanal.reports import policy
from kanal.reports.actions.learning import use_model
from kanal.reports.models import LearnedModel
from kanal.reports.queries.examples import FEWEST, ready
from kanal.reports.queries.learned import JOB, kept, label_name, progress

COORDINATOR = Membership.Role.COORDINATOR


@require_safe
@never_cache
@desk(COORDINATOR)
def page(request: DeskRequest) -> HttpResponse:
    """Both subjects: the model in use with its figures and confusions, and the older ones."""
    subjects = [_subject(value, str(name)) for value, name in LearnedModel.Subject.choices]
    return render(
        request, "reports/desk_learned.html", {"subjects": subjects, "progress": progress(), "fewest": FEWEST}
    )


def _subject(value: str, name: str) -> dict[str, Any]:
    models = kept(value)
    used = next((each for each in models if each.row.in_use), None)
    found = used.row.figures.get("confusions", {}) if used else {}
    return {
        "value": value,
        "name": name,
        "models": models,
        "ready": 0 if models else ready(value),
        "used": used,
        "labels": [label_name(label) for label in found.get("labels", [])],
        "table": found.get("table", []),
    }


@require_POST
@desk(COORDINATOR)
def begin(request: DeskRequest) -> HttpResponse:
    """Learn anew in a few seconds, by the worker."""
    run_soon(JOB)
    messages.success(
        request, _("Pembelajaran dimulai sebentar lagi. Model yang sekarang dipakai terus sampai selesai.")
    )
    return redirect("reports:desk_learned")


@require_POST
@desk(COORDINATOR)
def use(request: DeskRequest) -> HttpResponse:
    """Go back to a kept model."""
    use_model(model_id=row_id(request.POST.get("model", "")) or 0, by=policy.staff(request.actor))
    messages.success(request, _("Model yang dipilih sekarang dipakai."))
    return redirect("reports:desk_learned")
