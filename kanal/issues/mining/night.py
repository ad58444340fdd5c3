"""One pass over the reports: gather them, see what follows for the issues, write it down issue by issue.

Everything is worked out before the first row is written, and each issue is written whole in a transaction of its own:
a pass that is killed leaves whole issues behind, and the next goes on from there.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.agencies.models import Agency, Region
from kanal.agencies.queries import reference
from kanal.common.indonesian import normal_form
from kanal.issues import actions
from kanal.issues.actions import Said
from kanal.issues.likeness import profile, telling, words_of
from kanal.issues.mining.campaigns import Campaign, campaigns
from kanal.issues.mining.grouping import group
from kanal.issues.mining.naming import count_phrases, title_of
from kanal.issues.mining.planning import Plan, Standing, plan
from kanal.issues.models import Issue
from kanal.issues.queries import standing
from kanal.issues.queries.standing import Told
from kanal.reports.models import Category
from kanal.reports.queries import report_reference

LOOKS_BACK = timedelta(days=400)
"""A year and its season. What an issue gathered before stays with it."""
NEAR_ENOUGH = 0.5
"""A text farther from its group's middle stays loose."""
_MOSTLY = 0.5
_IN_ONE_PLACE = 0.7
_PHRASES_FROM = 5000  # texts that say how common a phrase is
_PROFILE_FROM = 1000  # texts that say how an issue speaks
Progress = Callable[[str, int, int], None]


@dataclass
class Outcome:
    """What a pass did."""

    read: int = 0
    begun: int = 0
    gathered: int = 0
    proposed: int = 0
    campaigns: list[Campaign] = field(default_factory=list)


@dataclass
class _Read:
    """The reports of a pass. Equal texts are one text, however many people sent it: a campaign is not a crowd."""

    told: dict[int, Told] = field(default_factory=dict)
    words: list[list[str]] = field(default_factory=list)
    text_of: dict[int, int] = field(default_factory=dict)
    """The number of each report's text in `words`."""
    nearness: list[float] = field(default_factory=list)
    """How near each text is to the middle of its group."""

    def sure(self, reports: Iterable[int]) -> dict[int, float]:
        """How surely each of these reports belongs to its group."""
        return {pk: round(self.nearness[self.text_of[pk]], 3) for pk in reports}


def _no_progress(step: str, done: int, total: int) -> None:
    del step, done, total


def mine(*, progress: Progress = _no_progress, at: datetime | None = None) -> Outcome:
    """Do one pass. `progress` is told the step, how much of it is done and how much there is (0: not known)."""
    places = standing.place_words()
    read = _read((at or timezone.now()) - LOOKS_BACK, places, progress)
    progress(_("Mengelompokkan"), 0, 0)
    groups = _groups(read)
    known = Standing(
        {pk: issues for pk, issues in standing.belongings().items() if pk in read.told},
        standing.noes(),
        standing.parted(),
        standing.quiet(),
    )
    made = plan(groups, {pk: told.voice for pk, told in read.told.items()}, known)
    outcome = _write(made, read, _Titles(read, places), progress)
    outcome.campaigns = campaigns(read.told, read.text_of)
    _remember(read, telling(read.words), outcome.campaigns)
    return outcome


def _read(start: datetime, places: frozenset[str], progress: Progress) -> _Read:
    read, numbers = _Read(), dict[str, int]()
    for count, told in enumerate(standing.told_since(start), 1):
        key = normal_form(f"{told.title}\n{told.body}")
        if key not in numbers:
            numbers[key] = len(read.words)
            read.words.append(words_of(told.title, told.body, places))
        read.told[told.id] = told
        read.text_of[told.id] = numbers[key]
        if count % 1000 == 0:
            progress(_("Membaca laporan"), count, 0)
    return read


def _groups(read: _Read) -> list[list[int]]:
    """The reports of each group, without what is too far from its middle."""
    grouping = group(read.words)
    read.nearness = grouping.nearness.tolist()
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for pk, number in read.text_of.items():
        if read.nearness[number] >= NEAR_ENOUGH:
            groups[int(grouping.groups[number])].append(pk)
    return [groups[number] for number in sorted(groups)]


def _write(made: Plan, read: _Read, titles: "_Titles", progress: Progress) -> Outcome:
    outcome, steps = Outcome(read=len(read.told)), len(made.new) + len(made.more)
    for done, members in enumerate(made.new):
        progress(_("Menyimpan isu"), done, steps)
        said = _said([read.told[pk] for pk in members], titles)
        outcome.begun += actions.found_by_machine(said=said, confidences=read.sure(members)) is not None
    for done, (issue_id, members) in enumerate(made.more.items(), len(made.new)):
        progress(_("Menyimpan isu"), done, steps)
        actions.gather(issue=Issue.objects.get(pk=issue_id), confidences=read.sure(members))
        outcome.gathered += len(members)
    splits = [
        (issue, reports, titles.of([read.told[pk] for pk in reports]) or _("Bagian lain"), share)
        for issue, reports, share in made.splits
    ]
    outcome.proposed = actions.propose(merges=made.merges, splits=splits)
    return outcome


class _Titles:
    """Titles from the groups' own words."""

    def __init__(self, read: _Read, places: frozenset[str]) -> None:
        self._places = places
        step = max(1, len(read.told) // _PHRASES_FROM)
        sample = [told.body for told in list(read.told.values())[::step]]
        self._everywhere, self._total = count_phrases(sample), max(1, len(sample))

    def of(self, members: Sequence[Told]) -> str:
        return title_of([told.body for told in members], self._everywhere, self._total, self._places)


def _most(values: Sequence[int | None], share: float) -> int:
    """The value that so many of all have, 0 when no value has."""
    found = Counter(value for value in values if value).most_common(1)
    return found[0][0] if found and found[0][1] >= share * len(values) else 0


def _said(members: Sequence[Told], titles: _Titles) -> Said:
    """Title, category, lead agency and place of a new issue, as far as most of its reports agree."""
    regions, categories = reference().regions, report_reference().categories
    category = _most([told.category_id for told in members], _MOSTLY)
    agency = _most([told.agency_id for told in members], _MOSTLY)
    found = (regions.get(told.region_id or 0) for told in members)
    place = _most([region.district_id if region else None for region in found], _IN_ONE_PLACE)
    title = titles.of(members) or (categories[category].name if category in categories else _("Isu tanpa judul"))
    where = _("%(what)s di %(where)s") % {"what": title, "where": regions[place].place} if place else title
    return Said(
        title=where,
        category=Category.objects.filter(pk=category).first(),
        agency=Agency.objects.filter(pk=agency).first(),
        regions=Region.objects.filter(pk=place),
    )


def _remember(read: _Read, weights: Mapping[str, float], found: Sequence[Campaign]) -> None:
    texts: defaultdict[int, list[list[str]]] = defaultdict(list)
    issues_of: defaultdict[int, set[int]] = defaultdict(set)
    for pk, issues in standing.belongings().items():
        if pk not in read.told:
            continue
        for issue in issues:
            issues_of[read.text_of[pk]].add(issue)
            if len(texts[issue]) < _PROFILE_FROM:
                texts[issue].append(read.words[read.text_of[pk]])
    profiles = {}
    for issue, said in texts.items():
        marked = [campaign.stored() for campaign in found if issue in issues_of[campaign.text]]
        profiles[issue] = {**profile(said, weights).stored(), "campaigns": marked}
    actions.remember(weights=weights, profiles=profiles, last_report=max(read.told, default=0))
