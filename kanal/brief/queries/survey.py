"""What a week's editions are counted from, read once: with all of them in one go, the tables are walked once."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from django.utils import timezone

from kanal.agencies.models import Region
from kanal.agencies.queries import Reference, reference
from kanal.brief.figures import WEEKS
from kanal.brief.policy import About
from kanal.brief.quoting import Said, choose
from kanal.brief.weeks import WEEK
from kanal.common.obligations import Unit, days_left
from kanal.dialogue.queries import weekly as dialogue
from kanal.issues.models import Issue
from kanal.issues.queries import weekly as issues
from kanal.issues.queries.ranked import Ranking, rank_now
from kanal.reports.queries import report_reference, weekly
from kanal.reports.queries.friday import Sheet, sheet_of
from kanal.reports.queries.performance import midnight
from kanal.reports.queries.weekly import Word

YEAR = timedelta(days=364)
READ_FOR_QUOTES = 200
"""So many of the newest texts of a group are read to find its most typical words."""


@dataclass
class Survey:
    """Everything that is counted for one week, at one moment. `end` is the beginning of its Friday."""

    friday: date
    at: datetime
    sheet: Sheet
    ranking: Ranking
    rows: list[issues.Row]
    told: list[weekly.Told]
    late: list[weekly.Late]
    waiting: Counter[tuple[int | None, int | None]]
    returned: Counter[tuple[int, str]]
    promises: dialogue.Week
    cards: Mapping[int, Issue]
    solved: Mapping[int, str]
    _texts: dict[tuple[str, int], Sequence[Word]] = field(default_factory=dict)

    @property
    def facts(self) -> Reference:
        """Who and where."""
        return reference()

    @property
    def today(self) -> date:
        """The day of which it says what is late: the Friday, or today before it."""
        return min(self.friday, self.facts.today(self.at))

    @cached_property
    def _end(self) -> datetime:
        return midnight(self.friday)

    def week_of(self, at: datetime) -> int:
        """In which of the WEEKS something was received, the last being this one; negative for earlier ones."""
        return WEEKS - 1 - (self._end - at - timedelta.resolution) // WEEK

    @cached_property
    def villages(self) -> frozenset[int]:
        """Every desa and kelurahan."""
        return frozenset(one.id for one in self.facts.villages())

    @cached_property
    def sudden(self) -> list[int]:
        """The issues that came up all of a sudden, the loudest first."""
        return self.ranking.sudden()

    def district(self, region_id: int | None) -> int | None:
        """The kecamatan of a place."""
        return self.facts.district_id(region_id)

    def standing(self, agency_id: int | None) -> int | None:
        """The agency, or the one into which it was merged."""
        return self.facts.id_today(agency_id)

    def belongs(self, about: About, agency_id: int | None, region_id: int | None) -> bool:
        """Whether something of an agency and a place is within what a brief is about."""
        if about.agency_id is not None:
            return self.standing(agency_id) == about.agency_id
        return about.region_id is None or self.district(region_id) == about.region_id

    def days_late(self, due_on: date) -> int:
        """The working days since a day."""
        return max(1, -days_left(self.facts.calendar, self.today, due_on, Unit.WORKING_DAYS))

    @cached_property
    def late_ids(self) -> frozenset[int]:
        """The overdue reports."""
        return frozenset(one.id for one in self.late)

    def _abouts(self, one: issues.Row | weekly.Told) -> Iterator[About]:
        """The briefs in which a report is counted."""
        yield About()
        if district := self.district(one.region_id):
            yield About(region_id=district)
        if agency := self.standing(one.agency_id):
            yield About(agency_id=agency)

    @cached_property
    def by_place(self) -> dict[About, dict[int, list[issues.Row]]]:
        """The rows of each issue for each brief, walked through once."""
        found: dict[About, dict[int, list[issues.Row]]] = defaultdict(lambda: defaultdict(list))
        for row in self.rows:
            for about in self._abouts(row):
                found[about][row.issue_id].append(row)
        return found

    @cached_property
    def told_by_place(self) -> dict[About, list[weekly.Told]]:
        """The reports of each brief, walked through once."""
        found: dict[About, list[weekly.Told]] = defaultdict(list)
        for one in self.told:
            for about in self._abouts(one):
                found[about].append(one)
        return found

    @cached_property
    def people(self) -> dict[int, int]:
        """How many people live in each kecamatan, as far as the pack says."""
        own, below = dict[int, int](), Counter[int]()
        for pk, parent, count in Region.objects.values_list("pk", "parent_id", "population"):
            own[pk] = count or 0
            below[parent or 0] += count or 0
        return {one.id: own[one.id] or below[one.id] for one in self.facts.districts()}

    @cached_property
    def tops(self) -> dict[int, int]:
        """The top category of each category, whether or not it is still in use."""
        known = report_reference().categories
        found = {}
        for pk in known:
            top, seen = pk, set[int]()
            while (parent := known[top].parent_id) in known and top not in seen:
                seen.add(top)
                top = parent or top
            found[pk] = top
        return found

    def quotes(self, kind: str, key: int, about: About, *, most: int) -> list[Said]:
        """Typical words of an issue or a field ("issue", "field"), from what a brief is about."""
        if (kind, key) not in self._texts:
            self._texts[kind, key] = self._read(kind, key)
        texts = self._texts[kind, key]
        said = [
            Said(one.text, self._place(one.region_id), one.report_id)
            for one in texts
            if self.belongs(about, one.agency_id, one.region_id)
        ]
        return choose(said, most=most)

    def _read(self, kind: str, key: int) -> Sequence[Word]:
        if kind == "issue":
            return issues.words_of(key, READ_FOR_QUOTES)
        below = [pk for pk, top in self.tops.items() if top == key]
        return weekly.words_of_category(below, midnight(self.friday - WEEK * WEEKS), READ_FOR_QUOTES)

    def _place(self, region_id: int | None) -> str:
        district = self.facts.district_of(region_id)
        return district.place if district else ""


def survey(friday: date, *, at: datetime | None = None) -> Survey:
    """Read everything that the editions of a week are counted from."""
    at = at or timezone.now()
    end, since = midnight(friday), midnight(friday - WEEK)
    today = min(friday, reference().today(at))
    rows = list(issues.rows_since(end - YEAR, end))
    solved = issues.solved_between(since, end)
    return Survey(
        friday=friday,
        at=at,
        sheet=sheet_of(friday, at=at),
        ranking=rank_now(now=at),
        rows=rows,
        told=list(weekly.told_between(midnight(friday - WEEK * WEEKS), end)),
        late=weekly.overdue_cases(today),
        waiting=weekly.open_by_place(),
        returned=weekly.returned_between(since, end),
        promises=dialogue.week_of(today, since=since),
        cards=issues.cards(_issues(rows, solved)),
        solved=solved,
    )


def _issues(rows: Iterable[issues.Row], solved: Mapping[int, str]) -> set[int]:
    return {row.issue_id for row in rows} | set(solved)
