"""Everything that stands on the sheets for the host and for an agency that is invited, ready to be drawn."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kanal.agencies.queries import AgencyFacts, reference
from kanal.common import formats
from kanal.common.few import tellable
from kanal.common.masking import mask
from kanal.common.obligations import Unit, days_left
from kanal.common.refusal import Refused
from kanal.dialogue.briefs.questions import Matter, Word, questions_for, to_bring
from kanal.dialogue.briefs.quotes import Quote, pick, shortened
from kanal.dialogue.models import Commitment, Episode, Invitation, Slot
from kanal.dialogue.queries.promises import Row, days_late, rows_of, standing_filter, standing_of
from kanal.dialogue.queries.rundown import discussed
from kanal.dialogue.workflow import PromiseStatus, Standing
from kanal.issues.models import Issue
from kanal.issues.queries import ranking
from kanal.issues.queries.counting import counted_rows
from kanal.issues.queries.districts import districts_of, villages_of
from kanal.issues.queries.openly_said import newest_answers, newest_words
from kanal.issues.ranking import DAYS, NO_GROWTH, WINDOWS, Facts, Growth, growth_sentence
from kanal.reports.policy import counted_openly
from kanal.reports.queries import report_reference
from kanal.reports.queries.overdue import OWED, overdue_reports
from kanal.reports.workflow import OPEN_VALUES

LOOKED_AT = 40
"""The newest public reports of an issue among which quotations are picked."""
MOST_QUOTES, MOST_ANSWERS, MOST_PLACES, MOST_CASES, MOST_OWED = 4, 2, 6, 25, 6


@dataclass(frozen=True, slots=True)
class Said:
    """What an agency answered: the beginning of the public text, and whose it is and since when."""

    text: str
    by: str


@dataclass(frozen=True, slots=True)
class Owed:
    """A promise and how it stands."""

    row: Row
    when: str

    @property
    def text(self) -> str:
        """What was promised."""
        return self.row.commitment.text


@dataclass(frozen=True, slots=True)
class TopicSheet:
    """One topic with its figures. `time` is when it is about to be talked about; `trend` the voices of each 28 days.

    Small numbers are not told: kecamatan from which few came are left out of `districts`; a number that could give a
    small one away is None there, and so is a small one in `trend`.
    """

    slot: Slot
    time: str
    agency: str = ""
    figures: Sequence[tuple[str, str]] = ()
    growth: str = ""
    trend: Sequence[tuple[str, int | None]] = ()
    districts: Sequence[tuple[str, int | None]] = ()
    places: str = ""
    places_note: str = ""
    quotes: Sequence[Quote] = ()
    owed: Sequence[Owed] = ()
    answers: Sequence[Said] = ()
    questions: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Guest:
    """An agency that is invited: who comes, or how it stands."""

    agency: str
    words: str
    state: str


@dataclass(frozen=True, slots=True)
class Case:
    """An overdue report by its code: what about, where, and by how many working days late. Nothing of a person."""

    code: str
    category: str
    place: str
    days: int


@dataclass(frozen=True, slots=True)
class HostSheet:
    """What the host has before them on air; `owed` are late promises of those who come that no topic is about."""

    episode: Episode
    guests: Sequence[Guest]
    topics: Sequence[TopicSheet]
    owed: Sequence[Owed]


@dataclass(frozen=True, slots=True)
class AgencySheet:
    """What an invited agency prepares: its topics, the others in a line each, its overdue cases and its promises."""

    episode: Episode
    agency: AgencyFacts
    topics: Sequence[TopicSheet]
    others: Sequence[TopicSheet]
    cases: Sequence[Case]
    overdue: int
    owed: Sequence[Owed]
    bring: Sequence[str]


@dataclass(frozen=True)
class _Known:
    """What was read of all issues of an episode at once."""

    issues: Mapping[int, Issue] = field(default_factory=dict)
    facts: Mapping[int, Facts] = field(default_factory=dict)
    growths: Mapping[int, Growth] = field(default_factory=dict)
    districts: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    villages: Mapping[int, Mapping[str, int]] = field(default_factory=dict)


def invitation_to(episode: Episode, code: str) -> Invitation:
    """The invitation of an agency, by its code; raises Refused (404)."""
    found = episode.invitations.filter(agency__code=code).select_related("agency").first()
    if found is None:
        raise Refused(_("Undangan itu tidak ada lagi."), status=404, code="hidden")
    return found


def host_sheet(episode: Episode) -> HostSheet:
    """The sheet of the one who leads the evening."""
    invited = list(episode.invitations.all())
    topics = _topics(episode)
    told = {one.row.commitment.pk for topic in topics for one in topic.owed}
    late = Commitment.objects.filter(standing_filter(Standing.LATE, reference().today())).exclude(pk__in=told)
    others = late.filter(agency_id__in=reference().whole(one.agency_id for one in invited)).order_by("due_on", "pk")[
        :MOST_OWED
    ]
    return HostSheet(episode, [_guest(one) for one in invited], topics, _shown(others))


def _guest(invitation: Invitation) -> Guest:
    words = invitation.who or str(invitation.get_state_display())
    return Guest(reference().told(invitation.agency_id), words, invitation.state)


def _topics(episode: Episode) -> list[TopicSheet]:
    slots = list(episode.slots.select_related("issue", "commitment").defer("issue__profile"))
    told = ranking()
    ids = {slot.issue_id for slot in slots if slot.issue_id}
    known = _Known(
        {slot.issue.pk: slot.issue for slot in slots if slot.issue},
        told.facts,
        told.growths,
        districts_of(ids),
        villages_of(ids),
    )
    owed, last = _owed_of(slots), discussed(ids)
    found, begins = [], episode.starts_at
    for slot in slots:
        ends = begins + timedelta(minutes=slot.minutes)
        time = f"{formats.clock_time(begins)}\u2013{formats.clock_time(ends)}"
        matter = _matter(slot, known, owed[slot.pk], last)
        found.append(_topic(slot, time, known, matter=matter, owed=owed[slot.pk]))
        begins = ends
    return found


def _owed_of(slots: Sequence[Slot]) -> dict[int, list[Commitment]]:
    """The promises about the topics, the nearest date first, without withdrawn ones."""
    issues, asked = [one.issue_id for one in slots if one.issue_id], [one.commitment_id for one in slots]
    rows = Commitment.objects.filter(Q(issue_id__in=issues) | Q(pk__in=[pk for pk in asked if pk]))
    known = list(rows.exclude(status=PromiseStatus.WITHDRAWN).order_by("due_on", "pk"))
    return {
        slot.pk: [
            one
            for one in known
            if (slot.issue_id and one.issue_id == slot.issue_id)
            or (slot.commitment_id and one.pk == slot.commitment_id)
        ]
        for slot in slots
    }


def _matter(slot: Slot, known: _Known, owed: Sequence[Commitment], last: Mapping[int, datetime]) -> Matter:
    pk, today = slot.issue_id or 0, reference().today
    return Matter(
        facts=known.facts.get(pk) or Facts(),
        growth=known.growths.get(pk, NO_GROWTH),
        villages=known.villages.get(pk, {}),
        districts=known.districts.get(pk, {}),
        words=_words(owed),
        discussed_on=today(last[pk]) if pk in last else None,
    )


def _words(owed: Iterable[Commitment]) -> list[Word]:
    facts = reference()
    today = facts.today()
    found = []
    for one in owed:
        agency, standing = facts.agency_today(one.agency_id), standing_of(one, today)
        name = agency.short_name or agency.name if agency else ""
        late = days_late(one) if standing is Standing.LATE else 0
        found.append(Word(one.text.rstrip(". "), name, one.due_on, standing, late))
    return found


def _topic(slot: Slot, time: str, known: _Known, *, matter: Matter, owed: Sequence[Commitment]) -> TopicSheet:
    issue = known.issues.get(slot.issue_id or 0)
    if issue is None:
        return TopicSheet(slot, time, owed=_shown(owed), questions=questions_for(matter))
    agency = reference().agency_today(issue.agency_id)
    named = tellable(matter.districts, matter.facts.voices)
    return TopicSheet(
        slot,
        time,
        agency=agency.name if agency else "",
        figures=_figures(matter.facts),
        growth=growth_sentence(matter.growth),
        trend=_trend(matter.facts),
        districts=list(named.items())[:MOST_PLACES],
        places=_places(len(matter.districts)) if matter.districts else "",
        places_note=_("Kecamatan dengan terlalu sedikit suara tidak disebut.")
        if len(named) < len(matter.districts)
        else "",
        quotes=_quotes(issue),
        owed=_shown(owed),
        answers=_answers(issue),
        questions=questions_for(matter),
    )


def _figures(facts: Facts) -> list[tuple[str, str]]:
    """The figures that a host says aloud, each with its words."""
    return [
        (formats.number(facts.voices), _("suara dalam setahun")),
        (
            _("%(part)s dari %(whole)s")
            % {"part": formats.number(facts.unanswered), "whole": formats.number(facts.reports)},
            _("laporan belum dijawab"),
        ),
        (formats.number(facts.overdue), _("lewat tenggat")),
        (ngettext("%(num)s hari", "%(num)s hari", facts.waiting) % {"num": facts.waiting}, _("menunggu paling lama")),
    ]


def _places(number: int) -> str:
    """How many kecamatan it comes from, as a heading."""
    said = ngettext("Dari %(num)s kecamatan", "Dari %(num)s kecamatan", number)
    return said % {"num": formats.number(number)}


def _trend(facts: Facts) -> list[tuple[str, int | None]]:
    """The voices of each window of a year, the oldest first, named by its first day; nothing if none can be told."""
    today = reference().today(timezone.now())
    windows = list(facts.windows)[:WINDOWS]
    names = [formats.tiny_day(today - timedelta(days=DAYS * (turn + 1))) for turn in range(len(windows))]
    told = tellable(dict(enumerate(windows)), facts.voices)
    return [(name, told.get(turn)) for turn, name in enumerate(names)][::-1] if any(told.values()) else []


def _quotes(issue: Issue) -> list[Quote]:
    facts = reference()
    said = []
    for report in newest_words(issue, LOOKED_AT):
        district = facts.district_of(report.region_id)
        said.append(Quote(report.public_body, district.name if district else "", facts.today(report.received_at)))
    return pick(said, MOST_QUOTES)


def _answers(issue: Issue) -> list[Said]:
    facts = reference()
    found = []
    for one in newest_answers(issue, MOST_ANSWERS):
        agency = facts.agencies.get(one.agency_id or 0)
        day = formats.day(facts.today(one.published_at)) if one.published_at else ""
        by = ", ".join(filter(None, (agency.name if agency else "", day)))
        found.append(Said(shortened(mask(one.public_text).text), by))
    return found


def _shown(owed: Iterable[Commitment]) -> list[Owed]:
    """Promises as they are printed: what is late or open first, then what ended last."""
    rows = rows_of(owed)
    rows.sort(key=lambda row: (row.left is None, row.commitment.due_on))
    return [Owed(row, _when(row)) for row in rows][:MOST_OWED]


def _when(row: Row) -> str:
    one = row.commitment
    if one.kept_on:
        return _("ditepati %(day)s") % {"day": formats.day(one.kept_on)}
    said = _("paling lambat %(day)s") % {"day": formats.day(one.due_on)}
    return said if row.left is None or row.left >= 0 else f"{said}, {formats.distance_days(row.left)}"


# An agency ------------------------------------------------------------------------------------------------------------


def agency_sheet(episode: Episode, agency_id: int) -> AgencySheet:
    """The sheet of an agency that is invited. Its cases are told by code, category and kecamatan alone."""
    agency, topics, theirs = reference().agencies[agency_id], _topics(episode), reference().whole([agency_id])
    waiting = _waiting([topic.slot.issue_id for topic in topics if topic.slot.issue_id], theirs)
    own = [topic for topic in topics if _concerns(topic, theirs, waiting)]
    rows = Commitment.objects.filter(agency_id__in=theirs, status__in=[PromiseStatus.OPEN, PromiseStatus.CLAIMED])
    owed = list(rows.order_by("due_on", "pk")[:MOST_OWED])
    cases, overdue = _cases(theirs)
    return AgencySheet(
        episode,
        agency,
        own,
        [topic for topic in topics if topic not in own],
        cases,
        overdue,
        _shown(owed),
        to_bring(
            overdue=overdue,
            unanswered=sum(waiting.values()),
            words=_words(owed),
            topics=[topic.slot.topic for topic in own if topic.slot.issue_id],
        ),
    )


def _waiting(issue_ids: Sequence[int], agency_ids: Collection[int]) -> dict[int, int]:
    """How many reports of each issue lie with an agency, and how many of them wait for an answer."""
    rows: Iterable[tuple[int, int]] = (
        counted_rows()
        .filter(
            issue_id__in=issue_ids,
            report__agency_id__in=agency_ids,
            report__status__in=OPEN_VALUES,
            report__answered_at=None,
        )
        .values_list("issue_id")
        .annotate(count=Count("pk"))
    )
    return dict(rows)


def _concerns(topic: TopicSheet, agency_ids: Collection[int], waiting: Mapping[int, int]) -> bool:
    """Whether a topic is an agency's: it leads the issue, has its reports, or promised something about it."""
    issue = topic.slot.issue
    leads = issue is not None and (issue.agency_id in agency_ids or issue.pk in waiting)
    return leads or any(one.row.commitment.agency_id in agency_ids for one in topic.owed)


def _cases(agency_ids: Collection[int]) -> tuple[list[Case], int]:
    """The overdue reports of an agency, those late longest first, and how many there are in all."""
    facts, today = reference(), reference().today()
    duty = Q(clocks__kind__in=OWED, clocks__met_at=None, clocks__voided_at=None)
    rows = overdue_reports(today).filter(counted_openly(), agency_id__in=agency_ids)
    oldest = rows.annotate(since=Min("clocks__due_on", filter=duty)).order_by("since", "pk")
    categories, found = report_reference().categories, []
    fields = ("tracking_code", "category_id", "region_id", "since")
    for code, category_id, region_id, since in oldest.values_list(*fields)[:MOST_CASES]:
        category, district = categories.get(category_id or 0), facts.district_of(region_id)
        place = _("Kec. %(name)s") % {"name": district.name} if district else ""
        late = -days_left(facts.calendar, today, since, Unit.WORKING_DAYS)
        found.append(Case(code, category.name if category else "", place, late))
    return found, rows.count()
