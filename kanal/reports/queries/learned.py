"""What the learned models say of a report, and what is known of the models. Numpy is imported with the first guess."""

import logging
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import caches

from kanal.agencies.queries import AgencyFacts, reference
from kanal.common.snapshot import Snapshot
from kanal.reports.models import LearnedModel, RoutingRule
from kanal.reports.queries.examples import Subject, agency_of, place_words
from kanal.reports.queries.reference import report_reference
from kanal.reports.routing import folded

if TYPE_CHECKING:
    from kanal.reports.learning.model import Model

logger = logging.getLogger("kanal.learning")
FOLDER = "models"
SURE = 0.5
"""Below this chance a guess is marked "tidak yakin"."""
WORTH_SAYING = 0.05
RULES_SHOWN = 8
JOB, PROGRESS = "learn-routing", "learning-progress"


@dataclass(frozen=True, slots=True)
class Learned:
    """One guess for a report: an agency or a category, its chance and the words that spoke for it."""

    id: int
    chance: float
    words: tuple[str, ...]

    @property
    def sure(self) -> bool:
        """Whether it is more likely than all others together."""
        return self.chance >= SURE


def folder() -> Path:
    """Where model files lie."""
    return Path(settings.DATA_DIR) / FOLDER


def _in_use() -> dict[str, str]:
    return dict(LearnedModel.objects.filter(in_use=True).values_list("subject", "file"))


in_use: Snapshot[dict[str, str]] = Snapshot(_in_use, seconds=60)


def forget(**_signal: object) -> None:
    """Look again which models are in use."""
    in_use.clear()


@lru_cache(maxsize=4)
def _loaded(path: Path, _changed: int) -> "Model | str":
    """The model of a file, or the reason why there is none: missing, broken or older."""
    storage = import_module("kanal.reports.learning.storage")
    try:
        model: Model = storage.load(path)[0]
    except storage.NoModel as error:
        logger.warning("model %s is %s; guessing by rules and keywords alone", path.name, error.reason)
        return str(error.reason)
    return model


def state_of(file: str) -> "Model | str":
    """The model of a file name, or why it cannot be used."""
    path = folder() / file
    try:
        return _loaded(path, path.stat().st_mtime_ns)
    except OSError:
        return "missing"


def _guesses(subject: str, text: str, places: tuple[str, ...]) -> list[Any]:
    file = in_use().get(subject)
    model = state_of(file) if file else "missing"
    if isinstance(model, str):
        return []
    return [guess for guess in model.guesses(text, places, most=6) if guess.chance >= WORTH_SAYING]


def likely_agencies(text: str, *, region_id: int | None, place_text: str = "", most: int = 3) -> list[Learned]:
    """The agencies that most likely answer this, best first. Those that are no more are left out.

    What a model learned of agencies that became one since speaks for that one together.
    """
    facts, found = reference(), dict[int, Learned]()
    for guess in _guesses(Subject.AGENCY, text, place_words(region_id, place_text)):
        if agency := agency_of(guess.label, region_id, facts):
            so_far = found.get(agency.id, Learned(agency.id, 0.0, guess.words))
            found[agency.id] = replace(so_far, chance=min(1.0, so_far.chance + guess.chance))
    return sorted(found.values(), key=lambda one: -one.chance)[:most]


def likely_categories(text: str, *, region_id: int | None, place_text: str = "", most: int = 3) -> list[Learned]:
    """The categories that this most likely belongs to, best first. Those that are no more are left out."""
    known = report_reference().categories_by_code
    found = [
        Learned(category.id, guess.chance, guess.words)
        for guess in _guesses(Subject.CATEGORY, text, place_words(region_id, place_text))
        if (category := known.get(guess.label.removeprefix("category:"))) and category.active
    ]
    return found[:most]


@dataclass(frozen=True, slots=True)
class Kept:
    """One kept model as the page shows it; `trouble` is missing, broken or older for one that cannot be used."""

    row: LearnedModel
    trouble: str

    @property
    def usable(self) -> bool:
        """Whether Kanal can guess with it."""
        return not self.trouble


def kept(subject: str) -> list[Kept]:
    """The models of a subject, newest first."""
    rows = LearnedModel.objects.filter(subject=subject).select_related("chosen_by")
    states = [(row, state_of(row.file)) for row in rows]
    return [Kept(row, state if isinstance(state, str) else "") for row, state in states]


@dataclass(frozen=True, slots=True)
class LikelyRule:
    """A rule that learning would propose: reports with these words went to one agency so often of so many times."""

    words: str
    agency: AgencyFacts
    right: int
    total: int


def likely_rules() -> list[LikelyRule]:
    """The rules that the last learning found and that nobody has written yet, the most telling first."""
    row = LearnedModel.objects.filter(subject=Subject.AGENCY, in_use=True).only("figures").first()
    written = {folded(word) for words in RoutingRule.objects.values_list("words", flat=True) for word in words}
    facts = reference()
    found = [
        LikelyRule(str(one["words"]), agency, int(one["right"]), int(one["total"]))
        for one in (row.figures.get("rules", []) if row else [])
        if folded(str(one["words"])) not in written and (agency := agency_of(str(one["label"]), None, facts))
    ]
    return found[:RULES_SHOWN]


def label_name(label: str) -> str:
    """A learned class as people call it."""
    named, _colon, code = label.partition(":")
    if named == "category":
        category = report_reference().categories_by_code.get(code)
        return category.name if category else code
    agency = reference().agencies_by_code.get(code)
    return agency.short_name if agency else code.capitalize()


def progress() -> tuple[int, int] | None:
    """How many of how many steps a learning run has done; None when none is running."""
    value = caches["shared"].get(PROGRESS)
    return (value[0], value[1]) if value else None
