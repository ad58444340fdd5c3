"""Ordered routing rules as a pure engine: a case and the rules go in, the first rule that fits comes out, with its why.

No database: `queries.routing` fills in the regency's rules, categories and places.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.common.formats import join_names
from kanal.common.indonesian import plain_words

WEEKDAYS = (
    gettext_lazy("Senin"),
    gettext_lazy("Selasa"),
    gettext_lazy("Rabu"),
    gettext_lazy("Kamis"),
    gettext_lazy("Jumat"),
    gettext_lazy("Sabtu"),
    gettext_lazy("Minggu"),
)


_OUTSIDE = re.compile(r"^\W+|\W+$")


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """A routing rule ready to be tried. An empty condition is always met; `hour_from` and `hour_to` come together."""

    id: int
    order: int
    name: str
    category_id: int | None
    region_id: int | None
    words: tuple[str, ...]
    weekdays: tuple[int, ...]
    hour_from: time | None
    hour_to: time | None
    agency_id: int
    rapid: bool

    @property
    def has_conditions(self) -> bool:
        """Whether the rule asks for anything; one that does not would swallow every report."""
        return bool(
            self.category_id
            or self.region_id
            or self.words
            or self.weekdays
            or (self.hour_from is not None and self.hour_from != self.hour_to)
        )

    @property
    def over_midnight(self) -> bool:
        """Whether the hours run from one day into the next."""
        return self.hour_from is not None and self.hour_to is not None and self.hour_from > self.hour_to


@dataclass(frozen=True, slots=True)
class Case:
    """What a rule looks at. Categories and regions come with everything above them; `at` is the regency's time.

    `words` is the text as rules read it (`folded`), `text` the text as it was written, for quoting.
    """

    words: str
    category_ids: frozenset[int]
    region_ids: frozenset[int]
    at: datetime
    text: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule says to one case: `failed` names the first condition that was not met ("" when the rule fits)."""

    rule: RuleFacts
    failed: str = ""
    why: str = ""

    @property
    def fits(self) -> bool:
        """Whether every condition is met."""
        return not self.failed


def folded(text: str) -> str:
    """The text as rules read it: lower case, standard spelling, words apart by one space, a space at either end."""
    return f" {' '.join(plain_words(text))} "


@lru_cache(maxsize=4096)
def _phrases(words: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """A rule's words, each with what is looked for; what has no letter or digit is never found."""
    return tuple((each, phrase) for each in words if (phrase := folded(each)).strip())


def word_found(rule: RuleFacts, case: Case) -> str | None:
    """The first of the rule's words or phrases that stands whole in the text, as the rule spells it."""
    for words, phrase in _phrases(rule.words):
        if phrase in case.words:
            return words
    return None


def quoted(words: str, text: str) -> str:
    """The stretch of the text that says these words, as it was written: "kabelnya putus" for "kabel putus".

    Empty when no stretch does.
    """
    asked, written = plain_words(words), text.split()
    said = [(plain, at) for at, word in enumerate(written) for plain in plain_words(word)]
    for start in range(len(said) - len(asked) + 1 if asked else 0):
        stretch = said[start : start + len(asked)]
        if [plain for plain, _at in stretch] == asked:
            return _OUTSIDE.sub("", " ".join(written[stretch[0][1] : stretch[-1][1] + 1]))
    return ""


def word_said(words: str, text: str) -> str:
    """What was found, for a reason: the text's own words, or else what they are like."""
    stands = quoted(words, text)
    return _("kata “%(word)s”") % {"word": stands} if stands else _("mirip “%(word)s”") % {"word": words}


def _in_hours(rule: RuleFacts, moment: time) -> bool:
    start, end = rule.hour_from, rule.hour_to
    if start is None or end is None or start == end:
        return True
    if start < end:
        return start <= moment < end
    return moment >= start or moment < end


def _on_weekday(rule: RuleFacts, at: datetime) -> bool:
    """A night that begins on Saturday is Saturday's until it ends, also after midnight."""
    if not rule.weekdays:
        return True
    weekday = at.weekday()
    if rule.over_midnight and rule.hour_to is not None and at.time() < rule.hour_to:
        weekday = (weekday - 1) % 7
    return weekday in rule.weekdays


CONDITIONS: tuple[tuple[str, Callable[[RuleFacts, Case], bool]], ...] = (
    ("conditions", lambda rule, _case: rule.has_conditions),
    ("category", lambda rule, case: rule.category_id is None or rule.category_id in case.category_ids),
    ("region", lambda rule, case: rule.region_id is None or rule.region_id in case.region_ids),
    ("words", lambda rule, case: not rule.words or word_found(rule, case) is not None),
    ("weekday", lambda rule, case: _on_weekday(rule, case.at)),
    ("hours", lambda rule, case: _in_hours(rule, case.at.time())),
)
"""What must hold, in the order in which it is tried and told."""


def failing(rule: RuleFacts, case: Case) -> str:
    """The name of the first condition of the rule that the case does not meet; "" when the rule fits."""
    return next((name for name, holds in CONDITIONS if not holds(rule, case)), "")


def first_fit(rules: Iterable[RuleFacts], case: Case) -> RuleFacts | None:
    """The rule that decides: the first in order that fits."""
    for rule in rules:
        # Nearly all rules fail on one of these two, so they are looked at first: this is asked at every filing.
        if rule.category_id is not None and rule.category_id not in case.category_ids:
            continue
        if rule.words and word_found(rule, case) is None:
            continue
        if not failing(rule, case):
            return rule
    return None


@dataclass(frozen=True, slots=True)
class Names:
    """How the regency calls what rules ask for, for the sentences that say why."""

    category: Callable[[int], str]
    region: Callable[[int], str]


def verdicts(rules: Sequence[RuleFacts], case: Case, names: Names) -> list[Verdict]:
    """What every rule says, with the reason for each: the test bench."""
    return [
        Verdict(rule, failed, why_not(rule, failed, names) if failed else why(rule, case, names))
        for rule in rules
        for failed in [failing(rule, case)]
    ]


def why(rule: RuleFacts, case: Case, names: Names) -> str:
    """What made the rule fit, as an officer would say it: "kata “tanggul jebol”, kategori Banjir"."""
    parts = []
    if rule.category_id:
        parts.append(_("kategori %(name)s") % {"name": names.category(rule.category_id)})
    if rule.region_id:
        parts.append(_("tempat di %(name)s") % {"name": names.region(rule.region_id)})
    found = word_found(rule, case)
    if found:
        parts.append(word_said(found, case.text))
    if rule.weekdays:
        parts.append(_("hari %(days)s") % {"days": days_said(rule)})
    if rule.hour_from and rule.hour_to:
        parts.append(_("pukul %(hours)s") % {"hours": hours_said(rule)})
    return ", ".join(parts)


def why_not(rule: RuleFacts, failed: str, names: Names) -> str:
    """Why the rule did not fire: its first condition that was not met."""
    sentences: dict[str, Callable[[], str]] = {
        "conditions": lambda: _("Aturan ini tanpa syarat, jadi dilewati."),
        "category": lambda: _("Kategorinya bukan %(name)s.") % {"name": names.category(rule.category_id or 0)},
        "region": lambda: _("Tempatnya bukan di %(name)s.") % {"name": names.region(rule.region_id or 0)},
        "words": lambda: _("Tidak ada kata %(words)s.") % {"words": words_said(rule)},
        "weekday": lambda: _("Bukan hari %(days)s.") % {"days": days_said(rule)},
        "hours": lambda: _("Di luar pukul %(hours)s.") % {"hours": hours_said(rule)},
    }
    return sentences[failed]()


def words_said(rule: RuleFacts) -> str:
    """The rule's words for reading."""
    return ", ".join(f"“{word}”" for word in rule.words)


def days_said(rule: RuleFacts) -> str:
    """The rule's weekdays for reading."""
    return join_names([WEEKDAYS[day] for day in rule.weekdays if day in range(7)])


def hours_said(rule: RuleFacts) -> str:
    """The rule's hours for reading, such as "22.00-04.00"."""
    if rule.hour_from is None or rule.hour_to is None:
        return ""
    return f"{rule.hour_from:%H.%M}–{rule.hour_to:%H.%M}"
