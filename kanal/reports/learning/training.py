"""Learning from examples. The only module that needs scikit-learn; the product runs it in a process of its own.

One linear support vector machine for each class against all others, and a measurement on texts kept apart, which also
says how sure to be.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from kanal.common.indonesian import plain_words
from kanal.reports.learning.calibration import calibrate
from kanal.reports.learning.features import Floats, Reading, Vocabulary, learn_vocabulary, read
from kanal.reports.learning.model import Model, softmax

APART = 5
"""One text in so many is kept apart for the measurement."""
LEAST = 3
"""Classes with fewer examples than this are not learned."""
_STRICTNESS = 0.3
_FAIRNESS = 0.8  # 0: a class counts by its size; 1: all classes count alike
_TOLERANCE = 1e-3
_WORKERS = 2


@dataclass(frozen=True, slots=True)
class Example:
    """A text and where it belonged. `against` are classes that it certainly did not belong to."""

    text: str
    label: str = ""
    """Empty where only `against` is known."""
    places: tuple[str, ...] = ()
    against: frozenset[str] = frozenset()
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Measured:
    """What the model said of texts that it had not learned from: for each its right class, and every class's chance."""

    truth: tuple[str, ...]
    classes: tuple[str, ...]
    chances: Floats


Progress = Callable[[int, int], None]


class TooLittle(ValueError):  # noqa: N818  # it is an answer to a person, not a fault
    """There are fewer than two classes to tell apart."""


def text_hash(text: str) -> int:
    """The same number for texts with the same words: copies of one complaint stay on one side of a split."""
    return int.from_bytes(hashlib.sha256(" ".join(plain_words(text)).encode()).digest()[:8])


def learn(examples: Sequence[Example], progress: Progress = lambda _done, _all: None) -> tuple[Model, Measured]:
    """A model of all examples, and what a model of four fifths of them said of the rest.

    `progress` is told how many of how many steps are done; what it raises ends the learning. Raises TooLittle.
    """
    counts = Counter(example.label for example in examples if example.label)
    classes = tuple(sorted(label for label, count in counts.items() if count >= LEAST))
    if len(classes) < 2:  # noqa: PLR2004  # what there is to tell apart
        raise TooLittle
    readings = [read(example.text, example.places) for example in examples]
    apart = [at for at, example in enumerate(examples) if text_hash(example.text) % APART == 0]
    kept = sorted(set(range(len(examples))) - set(apart))
    steps = _Steps(2 * len(classes), progress)
    trial = _fit([examples[at] for at in kept], [readings[at] for at in kept], classes, steps)
    tested = [at for at in apart if examples[at].label in classes]
    scores = np.array([trial.scores_of(readings[at]) for at in tested]).reshape(len(tested), len(classes))
    truth = np.array([classes.index(examples[at].label) for at in tested], dtype=np.intp)
    sharpness, lift = calibrate(scores, truth)
    final = _fit(examples, readings, classes, steps)
    chances = softmax(scores + lift, sharpness) if tested else scores.astype(np.float32)
    measured = Measured(tuple(examples[at].label for at in tested), classes, chances)
    return Model(classes, final.vocabulary, final.weights, final.bias + lift, sharpness), measured


class _Steps:
    def __init__(self, total: int, progress: Progress) -> None:
        self.done, self.total, self.progress = 0, total, progress

    def one(self) -> None:
        self.done += 1
        self.progress(self.done, self.total)


def _fit(
    examples: Sequence[Example],
    readings: Sequence[Reading],
    classes: tuple[str, ...],
    steps: _Steps,
) -> Model:
    vocabulary = learn_vocabulary(readings)
    table = _table(vocabulary, readings)
    sizes = Counter(example.label for example in examples)
    usual = sum(sizes[label] for label in classes) / len(classes)

    def one(label: str) -> tuple[Floats, float]:
        return _against_all(table, examples, label, fairness=(usual / max(sizes[label], 1)) ** _FAIRNESS)

    weights = np.zeros((len(vocabulary.keys), len(classes)), dtype=np.float16)
    bias = np.zeros(len(classes), dtype=np.float32)
    with ThreadPoolExecutor(_WORKERS) as pool:
        for at, (column, offset) in enumerate(pool.map(one, classes)):
            weights[:, at], bias[at] = column, offset
            steps.one()
    return Model(classes, vocabulary, weights, bias, 1.0)


def _table(vocabulary: Vocabulary, readings: Sequence[Reading]) -> csr_matrix:
    """The vectors of all readings, a row for each."""
    vectors = [vocabulary.vector(reading) for reading in readings]
    ends = np.cumsum([0, *(len(place) for place, _weight in vectors)])
    places = np.concatenate([place for place, _weight in vectors]).astype(np.int32)
    weights = np.concatenate([weight for _place, weight in vectors]).astype(np.float64)
    return csr_matrix((weights, places, ends.astype(np.int32)), shape=(len(readings), len(vocabulary.keys)))


def _against_all(table: csr_matrix, part: Sequence[Example], label: str, *, fairness: float) -> tuple[Floats, float]:
    """One class against all others. Where only a "no" is known, the text speaks in the classes it said no to."""
    used = np.array([bool(example.label) or label in example.against for example in part])
    truth = np.array([example.label == label for example in part])[used]
    if truth.all() or not truth.any():
        return np.zeros(table.shape[1], dtype=np.float32), -1.0
    weight = np.array([example.weight for example in part])[used]
    machine = LinearSVC(C=_STRICTNESS, class_weight={True: fairness, False: 1.0}, tol=_TOLERANCE, random_state=0)
    machine.fit(table[used] if not used.all() else table, truth, sample_weight=weight)
    return machine.coef_[0].astype(np.float32), float(machine.intercept_[0])
