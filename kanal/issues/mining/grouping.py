"""Texts that speak of the same matter, gathered without being told what matters there are.

Word weights (TF-IDF) are folded into a few dozen directions (latent semantic analysis), so that "lampu padam" and "PJU
mati" meet; there the texts are cut into many small heaps (k-means), and heaps are joined while their middles are alike
(average linkage). The number of groups follows from likeness, not from a number somebody chose, and groups may be as
unequal as matters are. Time and memory grow in proportion to the texts; joining heaps costs the same for any number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.cluster import AgglomerativeClustering, KMeans, MiniBatchKMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

DIRECTIONS = 50
_TEXTS_A_DIRECTION = 12
TEXTS_A_HEAP = 2
MOST_HEAPS, HEAPS_OF_MANY = 2000, 1000
FARTHEST = 0.55
"""Heaps are joined while the cosine distance of their texts is at most this on average. Chosen on one half of the
labelled complaints of Surabaya and Bandung: with less, what belongs together falls apart; with more, matters meet."""
_FEW = 1000
_SMALL_ENOUGH = 20_000
_SEED = 1
_STRETCH = 100_000
Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Grouping:
    """For each text its group, and how near it is to the group's middle (cosine, 0 for a text without a known word)."""

    groups: NDArray[np.int64]
    nearness: Matrix

    @property
    def number(self) -> int:
        """How many groups there are."""
        return int(self.groups.max()) + 1 if len(self.groups) else 0


def group(texts: Sequence[Sequence[str]]) -> Grouping:
    """Gather texts, each given as its `tokens`. Texts without a word that others use stand in groups of their own."""
    count = len(texts)
    alone = np.arange(count, dtype=np.int64)
    weights = _weights(texts)
    if weights is None:
        return Grouping(alone, np.zeros(count, dtype=np.float32))
    places = _places(weights)
    told = np.asarray(np.abs(places).sum(axis=1) > 0)
    if told.sum() < 2:  # noqa: PLR2004  # nothing to compare
        return Grouping(alone, np.zeros(count, dtype=np.float32))
    heaps = _heaps(places[told])
    joined = _join(places[told], heaps)
    groups = np.full(count, -1, dtype=np.int64)
    groups[told] = joined
    silent = np.flatnonzero(~told)
    groups[silent] = joined.max() + 1 + np.arange(len(silent))
    return Grouping(groups, _nearness(places, groups))


def _nearness(places: Matrix, groups: NDArray[np.int64]) -> Matrix:
    """How near each text is to the middle of its group, a stretch of texts at a time."""
    middles, found = _middles(places, groups), np.empty(len(places), dtype=np.float32)
    for start in range(0, len(places), _STRETCH):
        here = slice(start, start + _STRETCH)
        found[here] = np.einsum("ij,ij->i", places[here], middles[groups[here]])
    return cast("Matrix", np.clip(found, 0, 1))


def _weights(texts: Sequence[Sequence[str]]) -> csr_matrix | None:
    """TF-IDF of words that several texts use and not nearly all; None when there is no such word."""
    least = 2 if len(texts) < _FEW else 3
    vectorizer = TfidfVectorizer(analyzer=list, sublinear_tf=True, min_df=least, max_df=0.3, dtype=np.float32)
    try:
        return cast("csr_matrix", vectorizer.fit_transform(texts))
    except ValueError:  # no word is left
        return None


def _places(weights: csr_matrix) -> Matrix:
    """Each text as a point on a sphere of a few dozen directions."""
    directions = max(1, min(DIRECTIONS, weights.shape[0] // _TEXTS_A_DIRECTION, weights.shape[1] - 1))
    folded = TruncatedSVD(directions, n_iter=3, random_state=_SEED).fit_transform(weights)
    return cast("Matrix", normalize(folded.astype(np.float32, copy=False), copy=False))


def _heaps(places: Matrix) -> NDArray[np.int64]:
    """Many small heaps of near texts: never more than there are different texts."""
    options: dict[str, Any] = {"n_init": 1, "random_state": _SEED}
    if len(places) <= _SMALL_ENOUGH:
        number = min(MOST_HEAPS, max(2, len(places) // TEXTS_A_HEAP), _different(places))
        return cast("NDArray[np.int64]", KMeans(number, max_iter=15, **options).fit_predict(places))
    number = min(HEAPS_OF_MANY, _different(places[:_SMALL_ENOUGH]))
    batches = MiniBatchKMeans(number, batch_size=8192, max_iter=3, reassignment_ratio=0, **options)
    return cast("NDArray[np.int64]", batches.fit_predict(places))


def _different(places: Matrix) -> int:
    return len(np.unique(places.round(4), axis=0))


def _middles(places: Matrix, groups: NDArray[np.int64]) -> Matrix:
    number, texts = int(groups.max()) + 1, np.arange(len(groups))
    whose = csr_matrix((np.ones(len(groups), dtype=np.float32), (groups, texts)), shape=(number, len(groups)))
    return cast("Matrix", normalize(whose @ places, copy=False))


def _join(places: Matrix, heaps: NDArray[np.int64]) -> NDArray[np.int64]:
    """Join heaps while they are alike; returns each text's group, numbered from 0."""
    middles = _middles(places, heaps)
    used = np.flatnonzero(np.abs(middles).sum(axis=1) > 0)
    labels = np.zeros(len(middles), dtype=np.int64)
    if len(used) > 1:
        tree = AgglomerativeClustering(None, distance_threshold=FARTHEST, metric="cosine", linkage="average")
        labels[used] = tree.fit_predict(middles[used])
    return np.unique(labels[heaps], return_inverse=True)[1]
