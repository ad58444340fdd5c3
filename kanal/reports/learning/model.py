"""What was learned: how strongly each feature speaks for each class, and how sure to be. Needs numpy alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kanal.common.indonesian import plain_words
from kanal.common.indonesian.spelling import root
from kanal.reports.learning.features import Floats, Reading, Vocabulary, letter_keys, read, unglued, word_keys


@dataclass(frozen=True, slots=True)
class Guess:
    """One class with its calibrated chance: of a hundred guesses with 0.8, about eighty are right."""

    label: str
    chance: float
    words: tuple[str, ...] = ()
    """The words of the text that spoke for it, strongest first."""


@dataclass(frozen=True, slots=True)
class Model:
    """A linear model over a vocabulary. `weights` has a row for each feature and a column for each class."""

    classes: tuple[str, ...]
    vocabulary: Vocabulary
    weights: NDArray[np.float16]
    bias: Floats
    sharpness: float
    """What scores are multiplied with before they become chances; found on texts kept apart."""

    def scores(self, text: str, places: Iterable[str] = ()) -> Floats:
        """How strongly the text speaks for each class."""
        return self.scores_of(read(text, places))

    def scores_of(self, reading: Reading) -> Floats:
        """The same for a text that was read already."""
        return self._scores(*self.vocabulary.vector(reading))

    def _scores(self, place: NDArray[np.intp], weight: Floats) -> Floats:
        scores: Floats = (weight @ self.weights[place].astype(np.float32) + self.bias).astype(np.float32)
        return scores

    def chances(self, text: str, places: Iterable[str] = ()) -> Floats:
        """The chance of each class, in the order of `classes`; they add up to one."""
        chances: Floats = softmax(self.scores(text, places)[None, :], self.sharpness)[0]
        return chances

    def guesses(self, text: str, places: Sequence[str] = (), *, most: int = 3, words: int = 3) -> list[Guess]:
        """The likeliest classes, best first, each with the words that spoke for it."""
        place, weight = self.vocabulary.vector(read(text, places))
        chances = softmax(self._scores(place, weight)[None, :], self.sharpness)[0]
        best = np.argsort(-chances, kind="stable")[:most]
        spoken = self._spoken(text, dict(zip(place.tolist(), weight.tolist(), strict=True)), best) if words else {}
        return [Guess(self.classes[at], float(chances[at]), tuple(spoken.get(int(at), ())[:words])) for at in best]

    def _spoken(self, text: str, weight: dict[int, float], best: NDArray[np.intp]) -> dict[int, list[str]]:
        """For each class the words that lifted it above the average class, strongest first."""
        said = list(dict.fromkeys(plain_words(unglued(text))))
        lifted = []
        for word in said:
            keys = np.concatenate([word_keys([root(word)])[0], *letter_keys([word])])
            place = np.searchsorted(self.vocabulary.keys, keys)
            found = [(at, weight[at]) for at in dict.fromkeys(place.tolist()) if at in weight]
            known = [at for at, _weight in found]
            rows = self.weights[known].astype(np.float32)
            lift = np.array([one for _at, one in found], dtype=np.float32) @ rows if found else np.zeros(len(self.bias))
            lifted.append((lift - lift.mean())[best])
        table = np.array(lifted).reshape(len(said), len(best))
        order = np.argsort(-table, axis=0, kind="stable")
        return {
            int(of): [said[at] for at in order[:, column] if table[at, column] > 0] for column, of in enumerate(best)
        }


def softmax(scores: NDArray[np.floating], sharpness: float) -> Floats:
    """Scores as chances that add up to one, row by row."""
    raised = np.exp((scores - scores.max(axis=1, keepdims=True)) * sharpness)
    chances: Floats = (raised / raised.sum(axis=1, keepdims=True)).astype(np.float32)
    return chances
