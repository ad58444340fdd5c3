"""How well a grouping agrees with labels that people gave, beside two well-known ways of grouping texts."""

import warnings
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from time import perf_counter

from sklearn.cluster import KMeans
from sklearn.decomposition import NMF
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import homogeneity_completeness_v_measure

from kanal.issues.likeness import words_of
from kanal.issues.mining.grouping import group

_MOST_TOPICS = 50
"""NMF takes minutes beyond that."""


@dataclass(frozen=True, slots=True)
class Score:
    """V-measure with its two halves, pairwise F1 with its two halves, all from 0 to 1; `groups` of them, in seconds."""

    groups: int
    v_measure: float
    homogeneity: float
    completeness: float
    pair_f1: float
    pair_precision: float
    pair_recall: float
    seconds: float


def pairs(labels: Sequence[Hashable], groups: Sequence[Hashable]) -> tuple[float, float, float]:
    """F1, precision and recall over all pairs of texts that labels or groups put together."""

    def count(sizes: Counter[Hashable]) -> int:
        return sum(size * (size - 1) // 2 for size in sizes.values())

    both = count(Counter(zip(labels, groups, strict=True)))
    ours, theirs = count(Counter(groups)), count(Counter(labels))
    precision, recall = both / ours if ours else 0.0, both / theirs if theirs else 0.0
    return 2 * both / (ours + theirs) if ours + theirs else 0.0, precision, recall


def scores(texts: Sequence[str], labels: Sequence[str]) -> dict[str, Score]:
    """Ours, then k-means and NMF on plain TF-IDF, told the true number of labels, and k-means told our number."""
    ours = _timed(labels, lambda: _ours(texts))
    wanted = min(len(set(labels)), len(texts))
    return {
        "kanal": ours,
        "kmeans_tfidf": _timed(labels, lambda: _kmeans(texts, wanted)),
        "kmeans_tfidf_our_number": _timed(labels, lambda: _kmeans(texts, min(ours.groups, len(texts)))),
        "nmf_tfidf": _timed(labels, lambda: _nmf(texts, min(wanted, _MOST_TOPICS))),
    }


def _timed(labels: Sequence[str], way: Callable[[], list[int]]) -> Score:
    begun = perf_counter()
    groups = way()
    seconds = perf_counter() - begun
    homogeneity, completeness, v_measure = homogeneity_completeness_v_measure(labels, groups)
    pair_f1, precision, recall = pairs(labels, groups)
    return Score(
        groups=len(set(groups)),
        v_measure=round(float(v_measure), 4),
        homogeneity=round(float(homogeneity), 4),
        completeness=round(float(completeness), 4),
        pair_f1=round(pair_f1, 4),
        pair_precision=round(precision, 4),
        pair_recall=round(recall, 4),
        seconds=round(seconds, 1),
    )


def _ours(texts: Sequence[str]) -> list[int]:
    found: list[int] = group([words_of("", text, frozenset()) for text in texts]).groups.tolist()
    return found


def _kmeans(texts: Sequence[str], number: int) -> list[int]:
    found: list[int] = (
        KMeans(number, n_init=1, random_state=1).fit_predict(TfidfVectorizer().fit_transform(texts)).tolist()
    )
    return found


def _nmf(texts: Sequence[str], number: int) -> list[int]:
    weights = TfidfVectorizer().fit_transform(texts)
    with warnings.catch_warnings(action="ignore", category=ConvergenceWarning):  # more rounds change nothing here
        topics = NMF(min(number, *weights.shape), init="nndsvd", random_state=1, max_iter=100).fit_transform(weights)
    found: list[int] = topics.argmax(axis=1).tolist()
    return found
