"""Which topics an episode should take, why, and for how long. Pure: no database.

Every candidate earns points for what makes a topic worth an evening (`WEIGHTS`), each factor with its figure in plain
words. Topics are then picked one after the other, and what resembles a topic that is there already counts for less, so
that an evening is not three roads in one kecamatan.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kanal.common import formats
from kanal.issues.ranking import NO_GROWTH, Facts, Growth, growth_sentence, saturating, surely

REST_DAYS = 28
"""What was talked about so lately is left alone, unless a promise about it is late."""
RESTED_DAYS = 84
"""After so long a topic is as good as new."""
SAME_FIELD, SAME_PLACE = 0.7, 0.85
"""What is left of the points when the category, or the kecamatan with most voices, is on the rundown already."""
MOST_PROPOSED = 8
MOST_PROMISES = 3
"""Late promises without an issue among them, however many there are."""
SHORTEST, USUAL, LONGEST = 10, 15, 25
"""Minutes of a topic when the rundown is filled by itself."""
FRAME = 5
"""Minutes of an episode that are kept for greeting and goodbye."""
_STEP = 5
NAMED = 2
"""So many kecamatan are named in a reason."""


class Factor(StrEnum):
    """What makes a topic worth an evening."""

    LOUD = "loud"
    GROWING = "growing"
    UNANSWERED = "unanswered"
    OVERDUE = "overdue"
    WAITING = "waiting"
    SPREAD = "spread"
    PROMISE = "promise"
    RESTED = "rested"


WORDS: Mapping[Factor, str | Promise] = {
    Factor.LOUD: gettext_lazy("Banyaknya suara"),
    Factor.GROWING: gettext_lazy("Bertambah"),
    Factor.UNANSWERED: gettext_lazy("Belum dijawab"),
    Factor.OVERDUE: gettext_lazy("Lewat tenggat"),
    Factor.WAITING: gettext_lazy("Lama menunggu"),
    Factor.SPREAD: gettext_lazy("Tersebar di kecamatan"),
    Factor.PROMISE: gettext_lazy("Janji yang lewat tanggal"),
    Factor.RESTED: gettext_lazy("Lama tidak dibahas"),
}
WEIGHTS: Mapping[Factor, int] = {
    Factor.LOUD: 5,
    Factor.GROWING: 4,
    Factor.UNANSWERED: 4,
    Factor.OVERDUE: 2,
    Factor.WAITING: 3,
    Factor.SPREAD: 2,
    Factor.PROMISE: 6,
    Factor.RESTED: 3,
}
HALF: Mapping[Factor, float] = {Factor.LOUD: 50, Factor.GROWING: 2, Factor.WAITING: 60, Factor.SPREAD: 5}
"""The figure that earns half of a factor: 50 voices, thrice the usual, 60 days, 5 kecamatan."""
_PROMISE_DAYS = 10
"""A late promise earns half of its factor at once, and half of the rest after so many working days."""


@dataclass(frozen=True, slots=True)
class Late:
    """A promise whose date has passed, by how many working days."""

    commitment_id: int
    text: str
    agency: str
    days: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """What could be talked about: an issue, or (without one) a late promise.

    `districts` are the voices of each kecamatan by its name; `discussed_on` is when it was last on a held episode.
    """

    title: str
    issue_id: int | None = None
    facts: Facts = field(default_factory=Facts)
    growth: Growth = NO_GROWTH
    districts: Mapping[str, int] = field(default_factory=dict)
    category: str = ""
    late: Sequence[Late] = ()
    discussed_on: date | None = None

    @property
    def foremost(self) -> str:
        """The kecamatan with most voices; nothing where nobody named a place."""
        return most_voices(self.districts)[0] if self.districts else ""


@dataclass(frozen=True, slots=True)
class Part:
    """One factor of the points, as `issues` shows its own: figure in words, score from 0 to 1, weight and points."""

    words: str
    sentence: str
    score: float
    weight: int
    points: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """A topic that is proposed. `reasons` are the figures that speak for it, the strongest first.

    `share` is what is left of the points because something alike is there already, and `alike` says so.
    """

    candidate: Candidate
    points: float
    parts: Sequence[Part]
    reasons: Sequence[str]
    share: float = 1.0
    alike: str = ""

    @property
    def is_promise(self) -> bool:
        """Whether it asks about a late promise and is of no issue."""
        return self.candidate.issue_id is None

    @property
    def standing(self) -> float:
        """What decides about its place."""
        return self.points * self.share


def most_voices(districts: Mapping[str, int]) -> list[str]:
    """The names of places, those with most voices first."""
    return sorted(districts, key=lambda name: (-districts[name], name))


def is_due(candidate: Candidate, today: date) -> bool:
    """Whether it may be proposed: not talked about lately, or a promise about it is late."""
    last = candidate.discussed_on
    return last is None or (today - last).days >= REST_DAYS or bool(candidate.late)


def _scores(one: Candidate, today: date) -> dict[Factor, float]:
    facts, growth = one.facts, one.growth
    days = max((late.days for late in one.late), default=0)
    rested = (today - one.discussed_on).days / RESTED_DAYS if one.discussed_on else 1.0
    return {
        Factor.LOUD: saturating(facts.voices, HALF[Factor.LOUD]),
        Factor.GROWING: saturating(growth.times - 1, HALF[Factor.GROWING]) if growth.is_real else 0.0,
        Factor.UNANSWERED: surely(facts.unanswered, facts.reports),
        Factor.OVERDUE: surely(facts.overdue, facts.reports),
        Factor.WAITING: saturating(facts.waiting, HALF[Factor.WAITING]),
        Factor.SPREAD: saturating(len(one.districts), HALF[Factor.SPREAD]),
        Factor.PROMISE: 1 - 0.5 * _PROMISE_DAYS / (_PROMISE_DAYS + days) if one.late else 0.0,
        Factor.RESTED: max(0.0, min(1.0, rested)),
    }


def _of(part: int, whole: int) -> dict[str, str]:
    return {"part": formats.number(part), "whole": formats.number(whole)}


def _sentences(one: Candidate, today: date) -> dict[Factor, str]:
    facts = one.facts
    waiting = ngettext(
        "Yang paling lama belum dijawab menunggu %(num)s hari.",
        "Yang paling lama belum dijawab menunggu %(num)s hari.",
        facts.waiting,
    ) % {"num": formats.number(facts.waiting)}
    voices = ngettext("%(num)s suara dalam setahun.", "%(num)s suara dalam setahun.", facts.voices)
    return {
        Factor.LOUD: voices % {"num": formats.number(facts.voices)},
        Factor.GROWING: growth_sentence(one.growth),
        Factor.UNANSWERED: _("%(part)s dari %(whole)s laporan belum dijawab.") % _of(facts.unanswered, facts.reports),
        Factor.OVERDUE: _("%(part)s dari %(whole)s laporan lewat tenggat.") % _of(facts.overdue, facts.reports),
        Factor.WAITING: waiting if facts.unanswered else _("Tidak ada yang menunggu jawaban."),
        Factor.SPREAD: _spread_sentence(one.districts),
        Factor.PROMISE: promise_sentence(one.late),
        Factor.RESTED: _rest_sentence(one.discussed_on, today),
    }


def _spread_sentence(districts: Mapping[str, int]) -> str:
    if not districts:
        return _("Belum ada laporan yang menyebut tempat.")
    names = formats.join_names(most_voices(districts)[:NAMED])
    if len(districts) <= NAMED:
        return _("Dari %(names)s.") % {"names": names}
    told = {"num": formats.number(len(districts)), "names": names}
    return _("Dari %(num)s kecamatan, paling banyak %(names)s.") % told


def promise_sentence(late: Sequence[Late]) -> str:
    """What is said of promises whose date has passed: how many there are, whose, and for how long."""
    if not late:
        return _("Tidak ada janji yang lewat tanggal.")
    longest = max(late, key=lambda one: one.days)
    told = {"num": formats.number(longest.days)}
    days = ngettext("%(num)s hari kerja", "%(num)s hari kerja", longest.days) % told
    if len(late) == 1:
        return _("Janji %(agency)s sudah lewat %(days)s.") % {"agency": longest.agency, "days": days}
    sentence = _("%(count)s janji lewat tanggal, yang terlama %(days)s (%(agency)s).")
    return sentence % {"count": formats.number(len(late)), "days": days, "agency": longest.agency}


def _rest_sentence(discussed_on: date | None, today: date) -> str:
    if discussed_on is None:
        return _("Belum pernah dibahas.")
    ago = (today - discussed_on).days
    days = ngettext("%(num)s hari", "%(num)s hari", ago) % {"num": formats.number(ago)}
    return _("Terakhir dibahas %(day)s, %(days)s lalu.") % {"day": formats.day(discussed_on), "days": days}


def weighed(one: Candidate, today: date, *, most_reasons: int = 4) -> Proposal:
    """Work out the points of a candidate, with the words for each factor and the strongest of them as reasons."""
    scores, sentences, total = _scores(one, today), _sentences(one, today), sum(WEIGHTS.values())
    parts = [
        Part(str(WORDS[at]), sentences[at], scores[at], WEIGHTS[at], 100 * scores[at] * WEIGHTS[at] / total)
        for at in Factor
    ]
    strongest = sorted((part for part in parts if part.points > 0), key=lambda part: -part.points)
    reasons = [part.sentence for part in strongest[:most_reasons]]
    return Proposal(one, sum(part.points for part in parts), parts, reasons)


def choose(
    candidates: Sequence[Candidate],
    *,
    today: date,
    there: Sequence[Candidate] = (),
    most: int = MOST_PROPOSED,
) -> list[Proposal]:
    """Pick topics one after the other, the best first, each seen beside what was picked and what is `there` already.

    Late promises without an issue are at most MOST_PROMISES of them, those that are late longest.
    """
    left, beside, found = _known(candidates, today), list(there), list[Proposal]()
    while left and len(found) < most:
        seen = [_beside(one, beside) for one in left]
        best = max(range(len(seen)), key=lambda at: (seen[at].standing, -at))
        found.append(seen[best])
        beside.append(left.pop(best).candidate)
    return found


def _known(candidates: Sequence[Candidate], today: date) -> list[Proposal]:
    """What may be proposed, the strongest first; equal ones in the order in which they came."""
    due = [one for one in candidates if is_due(one, today)]
    promises = sorted((one for one in due if one.issue_id is None), key=lambda one: -max(p.days for p in one.late))
    kept = [one for one in due if one.issue_id is not None] + promises[:MOST_PROMISES]
    return sorted((weighed(one, today) for one in kept), key=lambda proposal: -proposal.points)


def _beside(proposal: Proposal, others: Sequence[Candidate]) -> Proposal:
    one, share, said = proposal.candidate, 1.0, list[str]()
    if one.category and any(one.category == other.category for other in others):
        share *= SAME_FIELD
        said.append(_("bidangnya (%(category)s)") % {"category": one.category})
    if one.foremost and any(one.foremost == other.foremost for other in others):
        share *= SAME_PLACE
        said.append(_("kecamatannya (%(place)s)") % {"place": one.foremost})
    if not said:
        return proposal
    told = {"what": formats.join_names(said), "share": formats.percent(share, 0)}
    alike = _("Sama %(what)s dengan topik di atasnya: poinnya dihitung %(share)s.") % told
    return replace(proposal, share=share, alike=alike)


def fill(proposals: Sequence[Proposal], free: int) -> list[tuple[Proposal, int]]:
    """Which of the proposals fit into so many free minutes, and how long each: the louder the longer, in steps of 5.

    What cannot be told out stays free for listeners.
    """
    count = min(len(proposals), max(free // USUAL, 1 if free >= SHORTEST else 0))
    if not count:
        return []
    taken = proposals[:count]
    minutes, spare = [SHORTEST] * count, free - SHORTEST * count
    while spare >= _STEP and min(minutes) < LONGEST:
        # Whoever has least for their points gets the next five minutes (the method of Sainte-Laguë, without seats).
        open_ = [at for at in range(count) if minutes[at] < LONGEST]
        at = min(open_, key=lambda at: (minutes[at] / max(taken[at].standing, 1e-9), at))
        minutes[at] += _STEP
        spare -= _STEP
    return list(zip(taken, minutes, strict=True))
