"""The fields of life of an edition: education, health, roads and so on, as the pack's top categories name them."""

from collections import Counter, defaultdict

from kanal.brief.figures import WEEKS, Field, Part, Quote, hush
from kanal.brief.policy import About
from kanal.brief.queries.matters import Heard, field_of
from kanal.brief.queries.survey import Survey
from kanal.common.few import LEAST
from kanal.reports.queries import report_reference

MOST_PARTS, MOST_ISSUES = 3, 2


def fields_of(survey: Survey, about: About, heard: Heard) -> tuple[list[Field], list[str]]:
    """Each field that was spoken of in WEEKS weeks, the loudest this week first; and the names of the quiet ones.

    What nobody has put into a category yet is in none of them.
    """
    names = report_reference().categories
    voices: defaultdict[int, list[set[int]]] = defaultdict(lambda: [set() for _turn in range(WEEKS)])
    parts: defaultdict[int, defaultdict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for one in survey.told_by_place.get(about, ()):
        turn, top = survey.week_of(one.received_at), survey.tops.get(one.category_id or 0)
        if top is None or not 0 <= turn < WEEKS:
            continue
        voices[top][turn].add(one.voice)
        if turn == WEEKS - 1 and one.category_id and one.category_id != top:
            parts[top][one.category_id].add(one.voice)
    overdue = Counter(
        survey.tops.get(one.category_id or 0)
        for one in survey.late
        if survey.belongs(about, one.agency_id, one.region_id)
    )
    told = [top for top in voices if len(set[int]().union(*voices[top])) >= LEAST]
    told.sort(key=lambda top: (-len(voices[top][-1]), -len(set[int]().union(*voices[top])), top))
    found = [
        Field(
            name=names[top].name,
            weeks=[hush(len(week)) for week in voices[top]],
            overdue=overdue[top],
            parts=_parts(parts[top]),
            issues=_issues(survey, heard, names[top].name),
            quotes=[Quote(one.text, one.place, one.report) for one in survey.quotes("field", top, about, most=1)],
        )
        for top in told
    ]
    quiet = [top.name for top, _below in report_reference().grouped_categories() if top.id not in set(told)]
    return found, quiet


def _parts(voices: dict[int, set[int]]) -> list[Part]:
    names = report_reference().categories
    told = sorted(
        ((len(said), pk) for pk, said in voices.items() if len(said) >= LEAST), key=lambda one: (-one[0], one[1])
    )
    return [Part(names[pk].name, count) for count, pk in told[:MOST_PARTS]]


def _issues(survey: Survey, heard: Heard, name: str) -> list[str]:
    theirs = (survey.cards[pk] for pk in heard.order)
    return [card.title for card in theirs if field_of(survey, card) == name][:MOST_ISSUES]
