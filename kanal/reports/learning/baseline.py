"""The plain way, to be measured beside ours: a linear support vector machine over TF-IDF of the text alone.

Everything is as scikit-learn offers it. Only the measurement needs this; the product never guesses with it.
"""

from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from kanal.reports.learning.evaluation import TOP, Judged
from kanal.reports.learning.places import Row


def plain_linear(train: Sequence[Row], test: Sequence[Row]) -> list[Judged]:
    """What the plain way says of each tested row, learned from the same rows; its scores are no chances.

    Labels are taken as they stand and places are not read. There must be two labels to tell apart.
    """
    reader, machine = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2)), LinearSVC(random_state=0)
    try:
        table = reader.fit_transform(row.text for row in train)
    except ValueError:  # no text has a word
        return [Judged(row.label, ()) for row in test]
    machine.fit(table, [row.label for row in train])
    scores = machine.decision_function(reader.transform(row.text for row in test))
    if scores.ndim == 1:  # of two labels scikit-learn tells the second one's score alone
        scores = np.column_stack([-scores, scores])
    best = np.argsort(-scores, axis=1, kind="stable")[:, :TOP]
    return [
        Judged(row.label, tuple((str(machine.classes_[at]), float(said[at])) for at in places))
        for row, said, places in zip(test, scores, best, strict=True)
    ]
