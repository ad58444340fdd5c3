"""What of an edition may still be told. It is kept as it was counted; words that may no longer be read stay away.

Asked each time it is shown: a report becomes secret, is taken from the public, its words are masked anew, or it is
forgotten; an issue loses the voices that made it large enough.
"""

from collections.abc import Mapping, Sequence

import msgspec

from kanal.brief.figures import Case, Field, Figures, Matter, Quote, Solved, Sudden, Taken
from kanal.issues.queries import weekly as issues
from kanal.reports.queries import weekly

_OF_AN_ISSUE = frozenset({"no_lead", "overdue", "sudden"})
"""The kinds of decisions whose title is that of an issue; the others say what was promised."""


def told_now(figures: Figures) -> tuple[Figures, Taken]:
    """The figures without the quotes and titles that may no longer be told, and how many those are.

    A quote of which nobody knows the report is taken out too: nobody could answer for it.
    """
    titled = _titled(figures)
    small = issues.too_small({*(one.id for one in titled), *map(int, figures.places)})
    names = {*small.values(), *(one.title for one in titled if one.id in small)}
    said = weekly.still_said({quote.report for quote in _quotes(figures)})
    change = msgspec.structs.replace
    matters = [change(one, quotes=_kept(one, said)) for one in figures.issues if one.id not in small]
    now = change(
        figures,
        issues=matters,
        told=figures.told - len(figures.issues) + len(matters),
        sudden=[one for one in figures.sudden if one.id not in small],
        solved=[one for one in figures.solved if one.id not in small],
        decisions=[one for one in figures.decisions if one.kind not in _OF_AN_ISSUE or one.title not in names],
        fields=[
            change(one, quotes=_kept(one, said), issues=[name for name in one.issues if name not in names])
            for one in figures.fields
        ],
        cases=_cases(figures.cases),
    )
    lost = len({one.id for one in titled} & set(small))
    return now, Taken(len(_quotes(figures)) - len(_quotes(now)), lost + _named(figures.cases) - _named(now.cases))


def _titled(figures: Figures) -> Sequence[Matter | Sudden | Solved]:
    return [*figures.issues, *figures.sudden, *figures.solved]


def _quotes(figures: Figures) -> list[Quote]:
    parts: list[Matter | Field] = [*figures.issues, *figures.fields]
    return [quote for one in parts for quote in one.quotes]


def _kept(one: Matter | Field, said: Mapping[int, str]) -> list[Quote]:
    """Those quotes alone that their reports still say to everybody."""
    return [quote for quote in one.quotes if _plain(quote.text) in _plain(said.get(quote.report, ""))]


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _cases(cases: Sequence[Case]) -> list[Case]:
    """Without those that became secret or are no more; by its code alone one whose title may no longer be read."""
    titles = weekly.still_titled([one.code for one in cases])
    return [
        one if titles[one.code] == one.title else msgspec.structs.replace(one, title="")
        for one in cases
        if one.code in titles
    ]


def _named(cases: Sequence[Case]) -> int:
    return sum(bool(one.title) for one in cases)
