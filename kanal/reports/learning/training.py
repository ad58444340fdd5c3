"""Learning from examples. The only module that needs scikit-learn; the product runs it in a process of its own.

One linear support vector machine for each class against all others, and a measurement on texts kept apart, which also
says how sure to be.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray
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
NAMED = 2
"""The name of a class counts as so many texts of it."""
_STRICTNESS = 0.3
_FAIRNESS = 0.8  # 0: a class counts by its size; 1: all classes count alike
_TOLERANCE = 1e-2
_GROUP = 8  # classes
_COMMONNESS, _SMOOTHING = 0.05, 0.3
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
    """There are fewer than two classes to tell apart, or no words to tell them apart by."""


def text_hash(text: str) -> int:
    """The same number for texts with the same words: copies of one complaint stay on one side of a split."""
    return int.from_bytes(hashlib.sha256(" ".join(plain_words(text)).encode()).digest()[:8])


def learn(
    examples: Sequence[Example],
    progress: Progress = lambda _done, _all: None,
    names: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Model, Measured]:
    """A model of all examples, and what a model of four fifths of them said of the rest.

    `names` say how a class is called: whoever writes "dishub" most likely means it. `progress` is told how many of how
    many steps are done; what it raises ends the learning. Raises TooLittle.
    """
    counts = Counter(example.label for example in examples if example.label)
    classes = tuple(sorted(label for label, count in counts.items() if count >= LEAST))
    if len(classes) < 2:  # noqa: PLR2004  # what there is to tell apart
        raise TooLittle
    apart = [at for at, example in enumerate(examples) if text_hash(example.text) % APART == 0]
    called = [Example(names[label], label) for label in classes if label in names for _copy in range(NAMED)]
    kept = sorted(set(range(len(examples) + len(called))) - set(apart))
    examples = [*examples, *called]
    readings = [read(example.text, example.places) for example in examples]
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
    if not len(vocabulary.keys):
        raise TooLittle
    part = _Part(_table(vocabulary, readings), examples, classes)
    weights = np.zeros((len(vocabulary.keys), len(classes)), dtype=np.float16)
    bias = np.zeros(len(classes), dtype=np.float32)
    common = part.commonness()
    groups = part.groups()
    with ThreadPoolExecutor(_WORKERS) as pool:
        for group, (columns, offsets) in zip(groups, pool.map(part.learn, groups), strict=True):
            weights[:, group] = columns + common[:, group]
            bias[group] = offsets
            for _class in group:
                steps.one()
    return Model(classes, vocabulary, weights, bias, 1.0)


class _Part:
    """Vectors of examples with what is known of each, and the machines that learn from them."""

    def __init__(self, table: csr_matrix, examples: Sequence[Example], classes: tuple[str, ...]) -> None:
        place = {label: at for at, label in enumerate(classes)}
        self.table, self.examples, self.classes = table, examples, classes
        self.truth = np.array([place.get(example.label, -1) for example in examples])
        self.known = np.array([bool(example.label) for example in examples])
        self.weight = np.array([example.weight for example in examples])
        sizes = np.bincount(self.truth[self.truth >= 0], minlength=len(classes))
        self.fairness = (sizes.mean() / np.maximum(sizes, 1)) ** _FAIRNESS

    def groups(self) -> list[list[int]]:
        """Classes that are learned in one go: handing the table over takes longer than learning one class.

        One to which some text only said no is learned by itself, because that text says nothing of the others.
        """
        refused = {label for at in np.flatnonzero(~self.known).tolist() for label in self.examples[at].against}
        alone = [at for at, label in enumerate(self.classes) if label in refused]
        rest = [at for at, label in enumerate(self.classes) if label not in refused]
        if len(rest) < 3:  # noqa: PLR2004  # of two classes liblinear learns one machine, not two
            return [[at] for at in alone + rest]
        parts = np.array_split(np.array(rest), max(1, len(rest) // _GROUP))
        return [[at] for at in alone] + [part.tolist() for part in parts]

    def learn(self, group: list[int]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """One machine for each class of a group, against all other texts: weights and offsets, a column for each."""
        if len(group) == 1:
            column, offset = self._against_all(group[0])
            return column[:, None], np.array([offset])
        truth = np.where(np.isin(self.truth, group), self.truth, -1)
        fairness = {-1: 1.0} | {at: float(self.fairness[at]) for at in group}
        present = set(truth[self.known].tolist())
        machine = self._machine({at: value for at, value in fairness.items() if at in present})
        machine.fit(self._of(self.known), truth[self.known], sample_weight=self.weight[self.known])
        row = {int(label): at for at, label in enumerate(machine.classes_)}
        nothing = np.zeros(self.table.shape[1])
        columns = [machine.coef_[row[at]] if at in row else nothing for at in group]
        return np.array(columns).T, np.array([machine.intercept_[row[at]] if at in row else -1.0 for at in group])

    def _against_all(self, at: int) -> tuple[NDArray[np.float64], float]:
        """One class against all others. Where only a "no" is known, the text speaks in the classes it said no to."""
        label = self.classes[at]
        used = self.known | np.array([label in example.against for example in self.examples])
        truth = (self.truth == at)[used]
        if truth.all() or not truth.any():
            return np.zeros(self.table.shape[1]), -1.0
        machine = self._machine({True: float(self.fairness[at]), False: 1.0})
        machine.fit(self._of(used), truth, sample_weight=self.weight[used])
        return machine.coef_[0], float(machine.intercept_[0])

    def _of(self, used: NDArray[np.bool_]) -> csr_matrix:
        return self.table if used.all() else self.table[used]

    @staticmethod
    def _machine(fairness: dict[Any, float]) -> LinearSVC:
        return LinearSVC(C=_STRICTNESS, class_weight=fairness, tol=_TOLERANCE, random_state=0)

    def commonness(self) -> NDArray[np.float64]:
        """How much rarer each feature is outside each class than elsewhere (complement naive Bayes), as weights.

        It knows of rare words what the machines, which look at the hard cases, leave open: it lifts the second and
        third.
        """
        of_class = self.truth >= 0
        one_hot = csr_matrix(
            (self.weight[of_class], (self.truth[of_class], np.flatnonzero(of_class))),
            shape=(len(self.classes), len(self.truth)),
        )
        mass = (one_hot @ self.table).toarray().T
        elsewhere = mass.sum(axis=1, keepdims=True) - mass + _SMOOTHING
        rarer = -np.log(elsewhere / elsewhere.sum(axis=0))
        found: NDArray[np.float64] = _COMMONNESS * (rarer - rarer.mean(axis=1, keepdims=True))
        return found


def _table(vocabulary: Vocabulary, readings: Sequence[Reading]) -> csr_matrix:
    """The vectors of all readings, a row for each."""
    vectors = [vocabulary.vector(reading) for reading in readings]
    ends = np.cumsum([0, *(len(place) for place, _weight in vectors)])
    places = np.concatenate([place for place, _weight in vectors]).astype(np.int32)
    weights = np.concatenate([weight for _place, weight in vectors]).astype(np.float64)
    return csr_matrix((weights, places, ends.astype(np.int32)), shape=(len(readings), len(vocabulary.keys)))
