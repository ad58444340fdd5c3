import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.cache import caches
from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.common.processes import die_with_parent
from kanal.reports.actions.learning import sweep_files, take_into_use
from kanal.reports.learning import storage
from kanal.reports.learning.evaluation import TOP, Judged, confusions, figures
from kanal.reports.learning.features import VERSION
from kanal.reports.learning.model import Model
from kanal.reports.learning.rules import borne_out
from kanal.reports.learning.training import Example, Measured, TooLittle, learn
from kanal.reports.models import LearnedModel
from kanal.reports.queries.examples import FEWEST, Decided, decided, names_of
from kanal.reports.queries.learned import PROGRESS, folder, state_of

_PROGRESS_SECONDS = 300


class Command(BaseCommand):
    help = "Learns from decided reports which agency and which category fit. The worker runs it at night."

    def handle(self, *_args: Any, **_options: Any) -> None:
        die_with_parent()
        sweep_files()
        try:
            for subject in LearnedModel.Subject.values:
                self.stdout.write(f"{subject}: {self._learn(subject)}")
        finally:
            caches["shared"].delete(PROGRESS)

    def _learn(self, subject: str) -> str:
        examples = list(decided(subject))
        if sum(bool(example.label) for example in examples) < FEWEST:
            return _("laporan yang sudah diputuskan masih terlalu sedikit")
        begun, basis = timezone.now(), basis_of(examples)
        if _is_learned(subject, basis):
            return _("tidak ada yang baru untuk dipelajari")
        found: dict[str, Any] = {"since": since(subject, examples), "basis": basis}
        try:
            model, measured = learn([_example(row) for row in examples], _tell, names_of(subject))
        except TooLittle:
            return _("laporan yang sudah diputuskan masih terlalu sedikit")
        judged = _judged(measured)
        found |= figures(judged) | {"confusions": confusions(judged), "rules": rules(subject, examples)}
        file = f"{subject}-{begun:%Y%m%d-%H%M%S-%f}"
        storage.save(model, folder() / file, {"subject": subject, "texts": len(examples)})
        take_into_use(subject=subject, file=file, texts=len(examples), figures=found, at=begun)
        return _("%(count)d laporan dipelajari, %(share)d%% tepat") % {
            "count": len(examples),
            "share": round(100 * found["accuracy"]),
        }


def _example(row: Decided) -> Example:
    return Example(row.text, row.label, row.places, row.against, row.weight)


def basis_of(examples: Sequence[Decided]) -> str:
    """What a model would be learned from and how texts are read, as a short sum: the same sum gives the same model."""
    told = hashlib.sha256(str(VERSION).encode())
    for row in examples:
        told.update(repr((row.text, row.places, row.label, sorted(row.against), row.weight)).encode())
    return told.hexdigest()[:32]


def _is_learned(subject: str, basis: str) -> bool:
    """Whether the model in use was learned from just this and is whole: a run that was cut short goes on after it."""
    row = LearnedModel.objects.filter(subject=subject, in_use=True).first()
    return row is not None and row.figures.get("basis") == basis and not isinstance(state_of(row.file), str)


def _tell(done: int, total: int) -> None:
    caches["shared"].set(PROGRESS, (done, total), _PROGRESS_SECONDS)


def _judged(measured: Measured) -> list[Judged]:
    order = (-measured.chances).argsort(axis=1, kind="stable")[:, :TOP]
    return [
        Judged(truth, tuple((measured.classes[at], float(row[at])) for at in best))
        for truth, row, best in zip(measured.truth, measured.chances, order, strict=True)
    ]


def rules(subject: str, examples: Sequence[Decided]) -> list[dict[str, Any]]:
    """Rules that the examples would bear out, for the coordinator to accept; of agencies that serve a place none."""
    if subject != LearnedModel.Subject.AGENCY:
        return []
    return [asdict(rule) for rule in borne_out(((row.text, row.label) for row in examples), labels="agency:")]


def since(subject: str, examples: Sequence[Decided]) -> dict[str, Any]:
    """How the model in use did with reports decided after it was made: the drift."""
    row = LearnedModel.objects.filter(subject=subject, in_use=True).first()
    model = state_of(row.file) if row else "missing"
    if row is None or isinstance(model, str):
        return {}
    return _measured_since(model, row.made_at, examples)


def _measured_since(model: Model, made_at: datetime, examples: Sequence[Decided]) -> dict[str, Any]:
    later = [example for example in examples if example.label and example.at > made_at]
    judged = [
        Judged(row.label, tuple((g.label, g.chance) for g in model.guesses(row.text, row.places, words=0)))
        for row in later
    ]
    found = figures(judged)
    return {key: found[key] for key in ("rows", "accuracy", "top3")}
