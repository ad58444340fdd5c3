"""The tables of an edition: kecamatan, agencies, villages, overdue cases, and what was given back."""

from collections import Counter, defaultdict

from kanal.brief.figures import WEEKS, Body, Case, Part, Returned, hush
from kanal.brief.policy import REGENCY, About
from kanal.brief.queries.survey import Survey
from kanal.common.few import LEAST
from kanal.reports.queries.friday import Pile

MOST_AGENCIES, MOST_VILLAGES, MOST_CASES, MOST_RETURNED = 15, 25, 12, 5


def voices_of(survey: Survey, about: About) -> tuple[int, int, int]:
    """The voices of this week, of the week before, and of all WEEKS weeks."""
    weeks: defaultdict[int, set[int]] = defaultdict(set)
    for one in survey.told_by_place.get(about, ()):
        weeks[survey.week_of(one.received_at)].add(one.voice)
    return len(weeks[WEEKS - 1]), len(weeks[WEEKS - 2]), len(set[int]().union(*weeks.values()))


def districts_of(survey: Survey) -> list[Body]:
    """Each kecamatan, the loudest this week first; voices per 10,000 people are those of WEEKS weeks."""
    waiting = Counter[int | None]()
    for (_agency, region), count in survey.waiting.items():
        waiting[survey.district(region)] += count
    late = Counter(survey.district(one.region_id) for one in survey.late)
    found = []
    for district in survey.facts.districts():
        week, last, whole = voices_of(survey, About(region_id=district.id))
        people = survey.people.get(district.id, 0)
        rate = 10_000 * whole / people if people and hush(whole) is not None else None
        body = Body(district.name, hush(week), hush(last), waiting[district.id], late[district.id], rate=rate)
        found.append((week, whole, body))
    return [body for _week, _whole, body in sorted(found, key=lambda one: (-one[0], -one[1], one[2].name))]


def agencies_of(survey: Survey, about: About) -> list[Body]:
    """For the regency those with most overdue reports; for a kecamatan those that owe an answer there."""
    if about.agency_id is not None:
        return []
    if about.region_id is None:
        return [_pile(survey, pile) for pile in survey.sheet.piles if pile.agency_id in survey.facts.agencies][
            :MOST_AGENCIES
        ]
    return _owing(survey, about)


def _pile(survey: Survey, pile: Pile) -> Body:
    week, last, _whole = voices_of(survey, About(agency_id=pile.agency_id))
    name = survey.facts.agencies[pile.agency_id].name
    return Body(name, hush(week), hush(last), pile.open, pile.overdue, pile.in_time.share)


def _owing(survey: Survey, about: About) -> list[Body]:
    waiting, late = Counter[int | None](), Counter[int | None]()
    for (agency, region), count in survey.waiting.items():
        if survey.belongs(about, agency, region):
            waiting[survey.standing(agency)] += count
    for one in survey.late:
        if survey.belongs(about, one.agency_id, one.region_id):
            late[survey.standing(one.agency_id)] += 1
    known = survey.facts.agencies
    rows = [Body(known[pk].name, None, None, count, late[pk]) for pk, count in waiting.items() if pk and pk in known]
    return sorted(rows, key=lambda one: (-one.overdue, -one.open, one.name))[:MOST_AGENCIES]


def villages_of(survey: Survey, about: About) -> tuple[list[Part], int]:
    """The villages of a kecamatan by their voices of WEEKS weeks, and how many had too few to be told."""
    if about.region_id is None:
        return [], 0
    voices: defaultdict[int, set[int]] = defaultdict(set)
    for one in survey.told_by_place.get(about, ()):
        if one.region_id in survey.villages:
            voices[one.region_id or 0].add(one.voice)
    told = [(len(said), survey.facts.regions[pk].name) for pk, said in voices.items() if len(said) >= LEAST]
    parts = [Part(name, count) for count, name in sorted(told, key=lambda one: (-one[0], one[1]))]
    return parts[:MOST_VILLAGES], len(voices) - len(told)


def cases_of(survey: Survey, about: About) -> list[Case]:
    """The reports that are overdue longest, by their codes; the regency's brief names none."""
    if about == REGENCY:
        return []
    theirs = [one for one in survey.late if survey.belongs(about, one.agency_id, one.region_id)]
    return [Case(one.code, one.title, survey.days_late(one.due_on)) for one in theirs[:MOST_CASES]]


def returned_of(survey: Survey, about: About) -> list[Returned]:
    """What was given back as not ours within the week, the most frequent first."""
    if about.region_id is not None:
        return []
    known, found = survey.facts.agencies, Counter[tuple[int, str]]()
    for (agency, reason), count in survey.returned.items():
        standing = survey.standing(agency)
        if standing and standing in known and about.agency_id in {None, standing}:
            found[standing, reason] += count
    ordered = sorted(found.items(), key=lambda one: (-one[1], known[one[0][0]].name, one[0][1]))
    return [Returned(known[pk].short_name, reason, count) for (pk, reason), count in ordered[:MOST_RETURNED]]
