"""One pass over the reports: gather them, see what follows for the issues, write it down issue by issue.

Everything is worked out before the first row is written, and each issue is written whole in a transaction of its own:
a pass that is killed leaves whole issues behind, and the next goes on from there.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.agencies.models import Agency, Region
from kanal.agencies.queries import reference
from kanal.issues import actions
from kanal.issues.actions import Said
from kanal.issues.likeness import profile, telling
from kanal.issues.mining.campaigns import Campaign, campaigns
from kanal.issues.mining.grouping import group
from kanal.issues.mining.naming import count_phrases, named
from kanal.issues.mining.patience import patiently
from kanal.issues.mining.planning import LEAST_VOICES, Plan, Standing, plan
from kanal.issues.mining.reading import Progress, Read, read, some_texts
from kanal.issues.models import Issue
from kanal.issues.queries import standing
from kanal.reports.models import Category
from kanal.reports.queries import report_reference

LOOKS_BACK = timedelta(days=400)
"""A year and its season. What an issue gathered before stays with it."""
NEAR_ENOUGH = 0.5
"""A text farther from its group's middle stays loose."""
_MOSTLY = 0.5
_IN_ONE_PLACE = 0.7
_PHRASES_FROM = 5000  # texts that say how common a phrase is
_TITLE_FROM = 400  # texts that name a group
_PROFILE_FROM = 1000  # texts that say how an issue speaks


@dataclass
class Outcome:
    """What a pass did."""

    read: int = 0
    begun: int = 0
    gathered: int = 0
    proposed: int = 0
    campaigns: list[Campaign] = field(default_factory=list)


def _no_progress(step: str, done: int, total: int) -> None:
    del step, done, total


def mine(*, progress: Progress = _no_progress, at: datetime | None = None) -> Outcome:
    """Do one pass. `progress` is told the step, how much of it is done and how much there is (0: not known)."""
    places = standing.place_words()
    known = read((at or timezone.now()) - LOOKS_BACK, places, progress)
    made = _planned(known, progress)
    outcome = _write(made, known, _Titles(known, places), progress)
    outcome.campaigns = campaigns(known.told, known.text_of)
    progress(_("Mengingat cara isu disampaikan"), 0, 0)
    _remember(known, telling(known.words), outcome.campaigns)
    return outcome


def _planned(known: Read, progress: Progress) -> Plan:
    progress(_("Mengelompokkan"), 0, 0)
    groups = _groups(known)
    stands = Standing(
        {pk: issues for pk, issues in standing.belongings().items() if pk in known.told},
        standing.noes(),
        standing.parted(),
        standing.quiet(),
    )
    return plan(groups, {pk: told.voice for pk, told in known.told.items()}, stands)


def _groups(known: Read) -> list[list[int]]:
    """The reports of each group, without what is too far from its middle. One text of many people is a group too."""
    grouping = group(known.words)
    known.nearness, copies = grouping.nearness.tolist(), Counter(known.text_of.values())
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for pk, number in known.text_of.items():
        if known.nearness[number] >= NEAR_ENOUGH:
            groups[int(grouping.groups[number])].append(pk)
        elif copies[number] >= LEAST_VOICES:
            groups[grouping.number + number].append(pk)
    for number in groups:
        if number >= grouping.number:
            known.nearness[number - grouping.number] = 1.0
    return [groups[number] for number in sorted(groups)]


def _write(made: Plan, known: Read, titles: "_Titles", progress: Progress) -> Outcome:
    outcome, steps = Outcome(read=len(known.told)), len(made.new) + len(made.more)
    for done, members in enumerate(made.new):
        progress(_("Menyimpan isu"), done, steps)
        said = _said(known, members, titles)
        begin = partial(actions.found_by_machine, said=said, confidences=known.sure(members))
        outcome.begun += patiently(begin) is not None
    for done, (issue_id, members) in enumerate(made.more.items(), len(made.new)):
        progress(_("Menyimpan isu"), done, steps)
        issue = Issue.objects.get(pk=issue_id)
        patiently(partial(actions.gather, issue=issue, confidences=known.sure(members)))
        outcome.gathered += len(members)
    splits = [(issue, reports, titles.of(reports, _("Bagian lain")), share) for issue, reports, share in made.splits]
    outcome.proposed = patiently(partial(actions.propose, merges=made.merges, splits=splits))
    return outcome


class _Titles:
    """Titles from the groups' own words."""

    def __init__(self, known: Read, places: frozenset[str]) -> None:
        self._known, self._places = known, places
        sample = some_texts(list(known.told), _PHRASES_FROM)
        self._everywhere, self._total = count_phrases(sample), max(1, len(sample))

    def of(self, members: Sequence[int], category: str, common: Sequence[str] = ()) -> str:
        """What its people say; else the category, else the two commonest of them."""
        texts = some_texts(self._known.different(members), _TITLE_FROM)
        about = (texts, self._everywhere, self._total, self._places)
        return named(*about, kinds=[category] if category else common) or _("Isu tanpa judul")


def _most(values: Sequence[int | None], share: float) -> int:
    """The value that so many of all have, 0 when no value has."""
    found = Counter(value for value in values if value).most_common(1)
    return found[0][0] if found and found[0][1] >= share * len(values) else 0


def _said(known: Read, members: Sequence[int], titles: _Titles) -> Said:
    """Title, category, lead agency and place of a new issue, as far as most of its reports agree."""
    regions, categories = reference().regions, report_reference().categories
    about = [known.told[pk] for pk in members]
    category = _most([told.category_id for told in about], _MOSTLY)
    agency = _most([reference().id_today(told.agency_id) for told in about], _MOSTLY)
    found = (regions.get(told.region_id or 0) for told in about)
    place = _most([region.district_id if region else None for region in found], _IN_ONE_PLACE)
    told = Counter(one.category_id for one in about if one.category_id)
    common = [categories[pk].name for pk, number in told.most_common(2) if number > 1 and pk in categories]
    title = titles.of(members, categories[category].name if category in categories else "", common)
    where = _("%(what)s di %(where)s") % {"what": title, "where": regions[place].place} if place else title
    return Said(
        title=where,
        category=Category.objects.filter(pk=category, active=True).first(),
        agency=Agency.objects.filter(pk=agency).first(),
        regions=Region.objects.filter(pk=place),
    )


def _remember(known: Read, weights: Mapping[str, float], found: Sequence[Campaign]) -> None:
    texts: defaultdict[int, list[list[str]]] = defaultdict(list)
    belongs = {pk: issues for pk, issues in standing.belongings().items() if pk in known.told}
    for pk, issues in belongs.items():
        for issue in issues:
            if len(texts[issue]) < _PROFILE_FROM:
                texts[issue].append(known.words[known.text_of[pk]])
    profiles = {issue: profile(said, weights).stored() for issue, said in texts.items()}
    marked = [one.stored({issue for pk in one.reports for issue in belongs.get(pk, ())}) for one in found]
    last = max(known.told, default=0)
    learned = partial(actions.remember, weights=weights, profiles=profiles, campaigns=marked, last_report=last)
    patiently(learned)
