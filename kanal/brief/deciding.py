"""What only the one at the top can decide this week, picked by plain rules. Pure: no database."""

from collections.abc import Iterable, Sequence

from kanal.brief.figures import Decision, Matter, Promise, Sudden

MOST = 3
LOUD = 5
"""So many issues stand on the first page; a decision is about one of them, or about a promise."""
MANY_OVERDUE = 5


def decisions(matters: Sequence[Matter], promises: Sequence[Promise], sudden: Sequence[Sudden]) -> list[Decision]:
    """At most MOST, none about the same issue twice.

    A promise that is past its day comes first, then a loud issue without a lead, the one with most overdue reports,
    and one that came up all of a sudden and that nobody has talked about yet.
    """
    found, issues = list[Decision](), set[int | None]()
    for offers in _offers(matters[:LOUD], promises, sudden):
        issue, decision = next(((pk, one) for pk, one in offers if pk is None or pk not in issues), (None, None))
        if decision and len(found) < MOST:
            found.append(decision)
            issues.add(issue)
    return found


Offer = tuple[int | None, Decision]


def _offers(loud: Sequence[Matter], promises: Sequence[Promise], sudden: Sequence[Sudden]) -> Iterable[Iterable[Offer]]:
    worst = sorted((one for one in promises if one.late or one.broken), key=lambda one: (not one.broken, -one.late))
    yield [(one.issue, _of_promise(one)) for one in worst]
    yield [(one.id, Decision("no_lead", one.title, count=one.voices)) for one in loud if not one.agency]
    behind = sorted(loud, key=lambda one: -one.overdue)
    yield [
        (one.id, Decision("overdue", one.title, one.agency, one.overdue))
        for one in behind
        if one.overdue >= MANY_OVERDUE and one.agency
    ]
    yield [(one.id, Decision("sudden", one.title, count=one.recent)) for one in sudden if one.fresh]


def _of_promise(one: Promise) -> Decision:
    return Decision("promise_broken" if one.broken else "promise_late", one.text, one.agency, days=one.late)
