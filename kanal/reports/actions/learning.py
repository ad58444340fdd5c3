"""Keeping learned models: a new one comes into use, an older one is chosen again, the oldest go."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.common.refusal import Refused
from kanal.reports import policy
from kanal.reports.actions.proposing import propose_anew
from kanal.reports.models import LearnedModel
from kanal.reports.policy import Doer
from kanal.reports.queries import learned

KEPT = 6
"""So many models of a subject are kept; one in use always."""


@transaction.atomic
def take_into_use(
    *, subject: str, file: str, texts: int, figures: dict[str, Any], at: datetime | None = None
) -> LearnedModel:
    """Put a newly learned model, whose file is written, in the place of the one in use. Too old ones go."""
    LearnedModel.objects.filter(subject=subject, in_use=True).update(in_use=False)
    row = LearnedModel.objects.create(
        subject=subject, file=file, texts=texts, figures=figures, made_at=at or timezone.now(), in_use=True
    )
    old = list(LearnedModel.objects.filter(subject=subject, in_use=False).order_by("-made_at", "-id")[KEPT - 1 :])
    LearnedModel.objects.filter(pk__in=[each.pk for each in old]).delete()
    propose_anew()
    transaction.on_commit(learned.forget)
    transaction.on_commit(sweep_files)
    return row


def sweep_files() -> int:
    """Remove model files that no row names: what a killed run left, and what was too old. Returns how many."""
    known = set(LearnedModel.objects.values_list("file", flat=True))
    folder = learned.folder()
    loose = [path for path in folder.iterdir() if path.name not in known] if folder.is_dir() else []
    for path in loose:
        path.unlink(missing_ok=True)
    return len(loose)


@transaction.atomic
def use_model(*, model_id: int, by: Doer) -> LearnedModel:
    """Go back to a kept model, or forward again. Twice does no harm.

    Raises Refused for one who may not, for a model that is no longer kept, and for one whose file cannot be used.
    """
    policy.check_learning(by)
    row = LearnedModel.objects.select_for_update().filter(pk=model_id).first()
    if row is None:
        raise Refused(_("Model itu sudah tidak disimpan."), status=404)
    if isinstance(learned.state_of(row.file), str):
        raise Refused(_("Berkas model itu hilang atau rusak. Pilih model lain, atau tunggu pembelajaran berikutnya."))
    LearnedModel.objects.filter(subject=row.subject, in_use=True).update(in_use=False)
    row.in_use, row.chosen_by_id = True, by.user_id
    row.save(update_fields=["in_use", "chosen_by"])
    propose_anew()
    transaction.on_commit(learned.forget)
    return row
