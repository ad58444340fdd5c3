"""One measurement: learn from some labelled rows, be tested on others, beside a plain way that learns from the same."""

import time
from collections.abc import Sequence
from typing import Any

from kanal.reports.learning.baseline import plain_linear
from kanal.reports.learning.evaluation import TOP, Judged, figures
from kanal.reports.learning.model import Model
from kanal.reports.learning.places import COLLAPSED, PlaceLabels, Row, learn_places
from kanal.reports.learning.training import Example, learn, text_hash


def measure(train: Sequence[Row], test: Sequence[Row]) -> dict[str, Any]:
    """The figures of the test, and under "plain_linear" those of the plain way.

    Training rows whose text is also in the test are left out of both, and counted. Raises TooLittle.
    """
    tested = {text_hash(row.text) for row in test}
    kept = [row for row in train if text_hash(row.text) not in tested]
    begun = time.monotonic()
    places = learn_places(kept)
    examples = [Example(row.text, places.collapse(row.label), row.places) for row in kept]
    model, _apart = learn(examples, names={each.label: each.label.rstrip(COLLAPSED) for each in examples})
    learned = time.monotonic()
    judged = [judge(model, places, row) for row in test]
    guessed = time.monotonic()
    plain = figures(plain_linear(kept, test))
    return {
        "trained_on": len(kept),
        "left_out_because_in_test": len(train) - len(kept),
        **figures(judged),
        "seconds_training": round(learned - begun, 1),
        "milliseconds_each": round(1000 * (guessed - learned) / max(len(test), 1), 2),
        "plain_linear": {key: plain[key] for key in ("accuracy", "top3", "macro_f1")}
        | {"seconds": round(time.monotonic() - guessed, 1)},
    }


def judge(model: Model, places: PlaceLabels, row: Row) -> Judged:
    """What is guessed for one row, its own place put where a class asks for one."""
    chances: dict[str, float] = {}
    for guess in model.guesses(row.text, row.places, most=2 * TOP, words=0):
        for label, share in places.expand(guess.label, row):
            chances[label] = chances.get(label, 0.0) + share * guess.chance
    best = sorted(chances.items(), key=lambda item: -item[1])[:TOP]
    return Judged(row.label, tuple(best))
