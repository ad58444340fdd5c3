"""How good guesses are on rows that were kept apart."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kanal.reports.learning.calibration import calibration_error, reliability

TOP = 3


@dataclass(frozen=True, slots=True)
class Judged:
    """One tested row: where it belonged, and what was guessed with which chance, best first."""

    truth: str
    guesses: tuple[tuple[str, float], ...]

    @property
    def first(self) -> str:
        """The best guess."""
        return self.guesses[0][0] if self.guesses else ""


def figures(judged: Sequence[Judged]) -> dict[str, Any]:
    """Accuracy, top-3, macro-F1 over the classes that occur, calibration error and a table of classes."""
    total = len(judged)
    right = sum(row.first == row.truth for row in judged)
    near = sum(row.truth in [label for label, _chance in row.guesses[:TOP]] for row in judged)
    classes = per_class(judged)
    first = np.array([row.guesses[0][1] if row.guesses else 0.0 for row in judged])
    bins = reliability(first, np.array([row.first == row.truth for row in judged], dtype=bool))
    return {
        "rows": total,
        "classes": len(classes),
        "accuracy": _share(right, total),
        "top3": _share(near, total),
        "macro_f1": round(sum(row["f1"] for row in classes) / len(classes), 4) if classes else 0.0,
        "calibration_error": round(calibration_error(bins), 4),
        "per_class": classes,
    }


def per_class(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """For each class, the largest first: rows, precision, recall, F1 and what it is taken for most often."""
    said, truth = Counter(row.first for row in judged), Counter(row.truth for row in judged)
    hits = Counter(row.truth for row in judged if row.first == row.truth)
    taken = Counter((row.truth, row.first) for row in judged if row.first != row.truth)
    mistakes: dict[str, str] = {}
    for (label, other), _count in taken.most_common():
        mistakes.setdefault(label, other)
    return [
        {
            "label": label,
            "rows": rows,
            "precision": _share(hits[label], said[label]),
            "recall": _share(hits[label], rows),
            "f1": _share(2 * hits[label], said[label] + rows),
            "taken_for": mistakes.get(label, ""),
        }
        for label, rows in sorted(truth.items(), key=lambda item: (-item[1], item[0]))
    ]


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def confusions(judged: Sequence[Judged], most: int = 12) -> dict[str, Any]:
    """The confusion matrix of the largest classes: a row for what was true, a column for what was said, then others."""
    labels = [row["label"] for row in per_class(judged)[:most]]
    place = {label: at for at, label in enumerate(labels)}
    table = [[0] * (len(labels) + 1) for _label in labels]
    for row in judged:
        if row.truth in place:
            table[place[row.truth]][place.get(row.first, len(labels))] += 1
    return {"labels": labels, "table": table}
