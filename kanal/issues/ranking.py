"""How loud an issue is and why: seven factors, each with its figure, its sentence and its weight. Pure: no database.

Small numbers are not over-read. Growth is an exact test against what the issue itself is used to, corrected for asking
it of many issues at once; shares count with what is sure of them (the lower end of Wilson's interval). Every factor
becomes a number from 0 to 1 of which `HALF` says where the middle lies, so a rank can be worked out by hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, lgamma, log, sqrt

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kanal.common import formats
from kanal.common.few import LEAST as LEAST_TOLD

DAYS = 28
"""Four whole weeks: every window has as many Sundays as the next."""
WINDOWS = 13
"""So many windows are a year; the newest of them is compared with the rest."""
SEASON = (12, 13, 14)
"""The windows around the same time of last year, counted backwards from the newest, which is 0."""
LEAST = 8
"""Of fewer voices in all nothing is said about growth."""
REAL = 0.05
"""Growth counts when chance alone would show it at most so often, after correction."""
SUDDEN = 0.01
SUDDENLY_TIMES = 2.0
"""What has at least doubled for sure, and by chance at most one time in a hundred, is announced."""
_SURE = 1.2816
"""The lower end of an interval in which nine of ten would lie above (standard normal deviate)."""


class Factor(StrEnum):
    """What makes an issue weigh."""

    VOLUME = "volume"
    GROWTH = "growth"
    UNANSWERED = "unanswered"
    OVERDUE = "overdue"
    SPREAD = "spread"
    SHARE = "share"
    URGENCY = "urgency"
    AGE = "age"


WORDS: Mapping[Factor, str | Promise] = {
    Factor.VOLUME: gettext_lazy("Banyaknya suara"),
    Factor.GROWTH: gettext_lazy("Bertambah"),
    Factor.UNANSWERED: gettext_lazy("Belum dijawab"),
    Factor.OVERDUE: gettext_lazy("Lewat tenggat"),
    Factor.SPREAD: gettext_lazy("Tersebar di desa"),
    Factor.SHARE: gettext_lazy("Per 10.000 penduduk"),
    Factor.URGENCY: gettext_lazy("Gawat"),
    Factor.AGE: gettext_lazy("Lama menunggu"),
}
DEFAULTS: Mapping[Factor, int] = {
    Factor.VOLUME: 5,
    Factor.GROWTH: 4,
    Factor.UNANSWERED: 4,
    Factor.OVERDUE: 3,
    Factor.SPREAD: 2,
    Factor.SHARE: 2,
    Factor.URGENCY: 3,
    Factor.AGE: 2,
}
"""How much each factor weighs until a coordinator says otherwise."""
MOST_WEIGHT = 10
HALF: Mapping[Factor, float] = {
    Factor.VOLUME: 50,
    Factor.GROWTH: 2,
    Factor.SPREAD: 10,
    Factor.SHARE: 5,
    Factor.AGE: 60,
}
"""The figure that earns half of a factor: 50 voices, thrice the usual, 10 villages, 5 of 10,000, 60 days."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is counted of an issue. A contact is one voice in each window, however often they write.

    `windows` are voices of each 28 days, the newest first, as far back as the whole installation reaches; `voices` and
    `reports` are of the last year. `people` live where it is a matter. `waiting` are the days for which the oldest
    report without an answer waits.
    """

    reports: int = 0
    voices: int = 0
    windows: Sequence[int] = ()
    unanswered: int = 0
    overdue: int = 0
    urgent: int = 0
    villages: int = 0
    people: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Growth:
    """The newest window against what is usual: `times` as many for sure, `chance` that it is mere chance."""

    recent: int
    usual: float
    times: float
    chance: float
    comparable: bool = True

    @property
    def is_real(self) -> bool:
        """Whether it is more than mere chance."""
        return self.comparable and self.chance <= REAL


NO_GROWTH = Growth(0, 0.0, 0.0, 1.0, comparable=False)
"""Nothing was said, so nothing grew."""


@dataclass(frozen=True, slots=True)
class Part:
    """One factor of a rank. `points` is `score` (0 to 1) times its share of all weights, in percent points."""

    factor: Factor
    words: str
    sentence: str
    score: float
    weight: int
    points: float


@dataclass(frozen=True, slots=True)
class Rank:
    """Where an issue stands: `place` from 1, `points` from 0 to 100 and the parts that add up to them."""

    place: int
    points: float
    parts: Sequence[Part]
    facts: Facts
    growth: Growth

    @property
    def sudden(self) -> bool:
        """Whether it is announced as having come up all of a sudden."""
        return is_sudden(self.growth)


def tail(successes: int, trials: int, share: float) -> float:
    """How likely at least so many successes are (exact binomial)."""
    if successes <= 0:
        return 1.0
    term = exp(
        lgamma(trials + 1)
        - lgamma(successes + 1)
        - lgamma(trials - successes + 1)
        + successes * log(share)
        + (trials - successes) * log(1 - share)
    )
    total, odds = 0.0, share / (1 - share)
    for turn in range(successes, trials + 1):
        total += term
        term *= (trials - turn) / (turn + 1) * odds
    return min(1.0, total)


def surely(part: int, whole: int) -> float:
    """The share that is sure: the lower end of Wilson's interval. Two of two say less than ninety of a hundred."""
    if not part or not whole:
        return 0.0
    share, square = part / whole, _SURE * _SURE
    middle, room = share + square / (2 * whole), _SURE * sqrt(share * (1 - share) / whole + square / (4 * whole**2))
    return max(0.0, (middle - room) / (1 + square / whole))


def growth_of(windows: Sequence[int]) -> Growth:
    """Compare the newest window with the rest of the year and with last year's season; the milder verdict counts.

    Voices of two stretches of time that are equally busy fall on them in proportion to their length (a Poisson rate
    compared with another is a binomial), so the test is exact for any number.
    """
    if not windows:
        return NO_GROWTH
    recent = windows[0]
    against = [windows[1:WINDOWS]]
    season = [windows[turn] for turn in SEASON if turn < len(windows)]
    if len(season) == len(SEASON) and any(windows[SEASON[0] :]):
        against.append(season)
    verdicts = [_against(recent, earlier) for earlier in against if earlier]
    return max(verdicts, key=lambda one: one.chance, default=Growth(recent, 0.0, 0.0, 1.0, comparable=False))


def _against(recent: int, earlier: Sequence[int]) -> Growth:
    before, length = sum(earlier), len(earlier)
    usual = before / length
    if recent + before < LEAST:
        return Growth(recent, usual, 0.0, 1.0, comparable=False)
    share = surely(recent, recent + before)
    times = length * share / max(1 - share, 1e-9)
    return Growth(recent, usual, times, tail(recent, recent + before, 1 / (length + 1)))


def corrected(chances: Sequence[float]) -> list[float]:
    """The chances after asking so many at once (Benjamini and Hochberg): of what is called real, few are false."""
    order = sorted(range(len(chances)), key=lambda place: -chances[place])
    found, least = list(chances), 1.0
    for turn, place in enumerate(order):
        least = min(least, chances[place] * len(chances) / (len(chances) - turn))
        found[place] = least
    return found


def is_sudden(growth: Growth) -> bool:
    """Whether so many new voices came at once that somebody should look today."""
    return growth.recent >= LEAST and growth.chance <= SUDDEN and growth.times >= SUDDENLY_TIMES


def saturating(figure: float, half: float) -> float:
    """A figure as a number from 0 to 1, which it never reaches: `half` earns half."""
    return figure / (figure + half) if figure > 0 else 0.0


def _scores(facts: Facts, growth: Growth) -> dict[Factor, float]:
    return {
        Factor.VOLUME: saturating(facts.voices, HALF[Factor.VOLUME]),
        Factor.GROWTH: saturating(growth.times - 1, HALF[Factor.GROWTH]) if growth.is_real else 0.0,
        Factor.UNANSWERED: surely(facts.unanswered, facts.reports),
        Factor.OVERDUE: surely(facts.overdue, facts.reports),
        Factor.SPREAD: saturating(facts.villages, HALF[Factor.SPREAD]),
        Factor.SHARE: saturating(per_ten_thousand(facts), HALF[Factor.SHARE]),
        Factor.URGENCY: surely(facts.urgent, facts.reports),
        Factor.AGE: saturating(facts.waiting, HALF[Factor.AGE]),
    }


def per_ten_thousand(facts: Facts) -> float:
    """Voices for every 10,000 people who live where it is a matter; 0 when nobody knows how many live there."""
    return 10_000 * facts.voices / facts.people if facts.people else 0.0


def growth_sentence(growth: Growth) -> str:
    """What is said of the growth, with its figures; it stands on the public page, so small numbers are not told."""
    recent = f"<{LEAST_TOLD}" if 0 < growth.recent < LEAST_TOLD else formats.number(growth.recent)
    told = {"recent": recent, "usual": formats.decimal(growth.usual)}
    if not growth.comparable:
        return _("%(recent)s suara dalam 28 hari terakhir: terlalu sedikit untuk dibandingkan.") % told
    if not growth.is_real:
        return _("%(recent)s suara dalam 28 hari terakhir, biasanya %(usual)s: naik turun yang wajar.") % told
    told["times"] = formats.decimal(growth.times)
    told["chance"] = _("kurang dari 0,1%") if growth.chance < 0.001 else formats.percent(growth.chance)  # noqa: PLR2004  # as the words say
    sentence = _(
        "%(recent)s suara dalam 28 hari terakhir, biasanya %(usual)s. Paling sedikit %(times)s kali lipat; "
        "kemungkinan kebetulan %(chance)s."
    )
    return sentence % told


def _of(part: int, whole: int) -> str:
    sure = formats.percent(surely(part, whole), 0)
    told = {"part": formats.number(part), "whole": formats.number(whole), "sure": sure}
    return _("%(part)s dari %(whole)s laporan; yang pasti dihitung %(sure)s.") % told


def _share_sentence(facts: Facts) -> str:
    if not facts.people:
        return _("Jumlah penduduknya belum diketahui.")
    told = {"rate": formats.decimal(per_ten_thousand(facts)), "people": formats.number(facts.people)}
    return _("%(rate)s suara untuk setiap 10.000 dari %(people)s penduduk.") % told


def _sentences(facts: Facts, growth: Growth) -> dict[Factor, str]:
    volume = ngettext("%(num)s suara dalam setahun.", "%(num)s suara dalam setahun.", facts.voices)
    villages = ngettext("Dari %(num)s desa atau kelurahan.", "Dari %(num)s desa atau kelurahan.", facts.villages)
    waiting = ngettext(
        "Yang paling lama belum dijawab menunggu %(num)s hari.",
        "Yang paling lama belum dijawab menunggu %(num)s hari.",
        facts.waiting,
    ) % {"num": formats.number(facts.waiting)}
    return {
        Factor.VOLUME: volume % {"num": formats.number(facts.voices)},
        Factor.GROWTH: growth_sentence(growth),
        Factor.UNANSWERED: _of(facts.unanswered, facts.reports),
        Factor.OVERDUE: _of(facts.overdue, facts.reports),
        Factor.SPREAD: villages % {"num": formats.number(facts.villages)},
        Factor.SHARE: _share_sentence(facts),
        Factor.URGENCY: _of(facts.urgent, facts.reports),
        Factor.AGE: waiting if facts.unanswered else _("Tidak ada yang menunggu jawaban."),
    }


def parts_of(facts: Facts, growth: Growth, weights: Mapping[Factor, int]) -> list[Part]:
    """The working of a rank, factor by factor, in the words of the language at hand."""
    total = sum(weights.values()) or 1
    scores, sentences = _scores(facts, growth), _sentences(facts, growth)
    return [
        Part(one, str(WORDS[one]), sentences[one], scores[one], weights[one], 100 * scores[one] * weights[one] / total)
        for one in Factor
    ]


def points_of(facts: Facts, growth: Growth, weights: Mapping[Factor, int]) -> float:
    """What the parts add up to, without their words."""
    scores = _scores(facts, growth)
    return 100 * sum(scores[one] * weights[one] for one in Factor) / (sum(weights.values()) or 1)


def growths(facts: Mapping[int, Facts]) -> dict[int, Growth]:
    """The growth of many issues, their chances corrected for each other."""
    found = {pk: growth_of(one.windows) for pk, one in facts.items()}
    chances = corrected([growth.chance for growth in found.values()])
    return {
        pk: Growth(one.recent, one.usual, one.times, chance, one.comparable)
        for (pk, one), chance in zip(found.items(), chances, strict=True)
    }
