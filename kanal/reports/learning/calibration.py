"""How sure to be: scores made into chances that mean what they say, and how far off these are."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kanal.reports.learning.features import Floats
from kanal.reports.learning.model import softmax

_STEPS = 400
_PULL = 10.0
_USUAL, _BLUNT, _SHARP = 6.0, 1.0, 20.0
_FEWEST = 100  # rows that say anything
_RATES = 10.0, 5.0
BINS = 10


def calibrate(scores: NDArray[np.floating], truth: NDArray[np.intp]) -> tuple[float, Floats]:
    """The sharpness, and for each class what is added to its score, at which chances fit the truth best.

    `truth` is the column of each row's right class. Classes seen rarely stay near zero, and fewer than a hundred rows
    say nothing: then it is the usual sharpness.
    """
    sharpness, lift, rows = _USUAL, np.zeros(scores.shape[1]), len(truth)
    right = np.eye(scores.shape[1])[truth]
    for _step in range(_STEPS if rows >= _FEWEST else 0):
        wrong = (softmax(sharpness * scores + lift, 1.0) - right) / rows
        sharpness = min(max(sharpness - _RATES[0] * float((wrong * scores).sum()), _BLUNT), _SHARP)
        lift -= _RATES[1] * (wrong.sum(axis=0) + _PULL * lift / rows)
    return sharpness, (lift / sharpness).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Bin:
    """Guesses of about the same chance: how many, what they promised and how many were right, as shares."""

    count: int
    promised: float
    right: float


def reliability(chances: NDArray[np.floating], right: NDArray[np.bool_]) -> list[Bin]:
    """The guesses in ten bins of chance; empty bins are left out."""
    place = np.minimum((chances * BINS).astype(int), BINS - 1)
    return [
        Bin(int(inside.sum()), float(chances[inside].mean()), float(right[inside].mean()))
        for at in range(BINS)
        if (inside := place == at).any()
    ]


def calibration_error(bins: list[Bin]) -> float:
    """The expected calibration error: by how much promised and right differ on average."""
    total = sum(each.count for each in bins)
    return sum(each.count * abs(each.promised - each.right) for each in bins) / total if total else 0.0
