"""The issues of an edition: which are told, in what order, with what figures and whose words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kanal.brief.figures import WEEKS, Figures, Matter, Promise, Quote, Solved, Sudden
from kanal.brief.policy import REGENCY, About
from kanal.brief.queries.survey import Survey
from kanal.common.few import LEAST
from kanal.issues.models import Issue
from kanal.issues.queries.weekly import Row
from kanal.issues.ranking import NO_GROWTH
from kanal.issues.workflow import STATUS, Phase, Status
from kanal.reports.queries import report_reference

MOST, QUOTED, MOST_SUDDEN, MOST_SOLVED = 15, 5, 4, 4
_LATELY = 4
"""Weeks that decide the order in a kecamatan: what is said there now, not what was a year ago."""
_OVER = frozenset({Phase.DONE, Phase.GONE})


@dataclass
class Heard:
    """The issues of an edition: their rows, the order, those led by somebody else, and how many are too small.

    `before` is last week's edition about the same, if there was one.
    """

    about: About
    before: Figures | None
    rows: Mapping[int, Sequence[Row]]
    order: list[int] = field(default_factory=list)
    guests: frozenset[int] = frozenset()
    hidden: int = 0


def heard_of(survey: Survey, about: About, before: Figures | None) -> Heard:
    """The issues that are not over, from five voices up, in the order of the brief.

    The regency and the agencies follow the ranking, an agency's guests come last; in a kecamatan leads what is said
    there most, lately.
    """
    rows: dict[int, Sequence[Row]] = dict(survey.by_place.get(about, {}))
    guests = frozenset[int]()
    if about.agency_id is not None:
        whole = survey.by_place.get(REGENCY, {})
        led = {pk for pk, one in survey.cards.items() if survey.standing(one.agency_id) == about.agency_id}
        guests = frozenset(rows) - led
        rows.update({pk: whole[pk] for pk in led if pk in whole})
    voices = {pk: len({row.voice for row in theirs}) for pk, theirs in rows.items()}
    going = [pk for pk in rows if STATUS[Status(survey.cards[pk].status)].phase not in _OVER]
    told = [pk for pk in going if voices[pk] >= LEAST]
    places, last = survey.ranking.places, len(survey.ranking.places) + 1
    if about.region_id is None:
        told.sort(key=lambda pk: (pk in guests, -voices[pk] if pk in guests else places.get(pk, last), pk))
    else:
        lately = {
            pk: len({row.voice for row in rows[pk] if survey.week_of(row.received_at) >= WEEKS - _LATELY})
            for pk in told
        }
        told.sort(key=lambda pk: (-lately[pk], -voices[pk], places.get(pk, last), pk))
    return Heard(about, before, rows, told, guests, len(going) - len(told))


def matters_of(survey: Survey, heard: Heard, promises: Sequence[Promise]) -> list[Matter]:
    """The loudest of them as they stand; the first ones with words of the people."""
    return [_matter(survey, heard, place, promises) for place in range(1, min(MOST, len(heard.order)) + 1)]


def _matter(survey: Survey, heard: Heard, place: int, promises: Sequence[Promise]) -> Matter:
    pk = heard.order[place - 1]
    card, rows = survey.cards[pk], heard.rows[pk]
    growth = survey.ranking.growths.get(pk, NO_GROWTH)
    said = survey.quotes("issue", pk, _whose(heard, pk), most=2) if place <= QUOTED else []
    return Matter(
        id=pk,
        title=card.title,
        place=place,
        before=heard.before.places.get(str(pk)) if heard.before else None,
        status=card.status,
        field=field_of(survey, card),
        agency=agency_of(survey, card),
        weeks=_weeks(survey, rows),
        voices=len({row.voice for row in rows}),
        reports=len(rows),
        unanswered=sum(row.waits for row in rows),
        overdue=sum(row.report_id in survey.late_ids for row in rows),
        villages=len({row.region_id for row in rows} & survey.villages),
        recent=growth.recent,
        usual=growth.usual,
        sudden=pk in survey.sudden,
        guest=pk in heard.guests,
        quotes=[Quote(one.text, one.place, one.report) for one in said],
        promises=[one for one in promises if one.issue == pk][:1],
    )


def _whose(heard: Heard, pk: int) -> About:
    """Whose words may stand there: of an issue that an agency leads everybody's, otherwise those of the brief's own."""
    return REGENCY if heard.about.agency_id is not None and pk not in heard.guests else heard.about


def _weeks(survey: Survey, rows: Sequence[Row]) -> list[int]:
    weeks: list[set[int]] = [set() for _turn in range(WEEKS)]
    for row in rows:
        turn = survey.week_of(row.received_at)
        if turn >= 0:
            weeks[turn].add(row.voice)
    return [len(voices) for voices in weeks]


def agency_of(survey: Survey, card: Issue) -> str:
    """The short name of the agency that leads an issue; empty for none."""
    agency = survey.facts.agencies.get(survey.standing(card.agency_id) or 0)
    return agency.short_name if agency else ""


def field_of(survey: Survey, card: Issue) -> str:
    """The name of the field of life to which an issue belongs; empty for none."""
    top = report_reference().categories.get(survey.tops.get(card.category_id or 0, 0))
    return top.name if top else ""


def sudden_of(survey: Survey, heard: Heard) -> list[Sudden]:
    """What came up all of a sudden, the loudest first; of an agency what it leads."""
    known, told = {one.id for one in heard.before.sudden} if heard.before else set(), set(heard.order) - heard.guests
    found = []
    for pk in survey.sudden:
        if pk in told:
            card, growth = survey.cards[pk], survey.ranking.growths[pk]
            candidate = card.status == Status.CANDIDATE
            found.append(Sudden(pk, card.title, growth.recent, growth.usual, candidate, pk not in known))
    return found[:MOST_SUDDEN]


def solved_of(survey: Survey, heard: Heard) -> list[Solved]:
    """What became done or watched this week, the one with most voices first."""
    found = []
    for pk, status in survey.solved.items():
        voices = len({row.voice for row in heard.rows.get(pk, ())})
        if voices >= LEAST:
            found.append(Solved(pk, survey.cards[pk].title, status, voices))
    return sorted(found, key=lambda one: (-one.voices, one.id))[:MOST_SOLVED]
