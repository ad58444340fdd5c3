"""What the host may ask and what an agency should bring, derived from the facts of a topic. Pure.

Each is a whole sentence with its figure in it, so that the one who is asked cannot answer past it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kanal.common import formats
from kanal.dialogue.workflow import Standing
from kanal.issues.policy import LEAST_PUBLIC
from kanal.issues.ranking import Facts, Growth

MOST = 5
LEAST_UNANSWERED = 3
"""So many reports without an answer are worth a question,"""
SHARE_UNANSWERED = 0.2
"""if they are so large a part of all."""


@dataclass(frozen=True, slots=True)
class Word:
    """A promise as it is asked about: its text, whose it is, by when, and how many working days it is late (0: not)."""

    text: str
    agency: str
    due_on: date
    standing: Standing
    days: int = 0


@dataclass(frozen=True, slots=True)
class Matter:
    """What is known of a topic when questions are made of it."""

    facts: Facts
    growth: Growth
    villages: Mapping[str, int] = field(default_factory=dict)
    districts: Mapping[str, int] = field(default_factory=dict)
    words: Sequence[Word] = ()
    discussed_on: date | None = None


def _days(number: int) -> str:
    return ngettext("%(num)s hari", "%(num)s hari", number) % {"num": formats.number(number)}


def _working_days(number: int) -> str:
    return ngettext("%(num)s hari kerja", "%(num)s hari kerja", number) % {"num": formats.number(number)}


def of_promises(words: Sequence[Word]) -> list[str]:
    """What is asked about promises: late ones first, then broken ones, then what was kept."""
    late = [
        _("%(agency)s berjanji: “%(promise)s” paling lambat %(day)s. Sekarang lewat %(days)s. Apa yang menghalangi?")
        % {"agency": one.agency, "promise": one.text, "day": formats.day(one.due_on), "days": _working_days(one.days)}
        for one in words
        if one.standing is Standing.LATE
    ]
    broken = [
        _("Janji “%(promise)s” dinyatakan tidak ditepati. Apa gantinya?") % {"promise": one.text}
        for one in words
        if one.standing is Standing.BROKEN
    ]
    kept = [
        _("Janji “%(promise)s” sudah ditepati. Sudahkah warga merasakannya?") % {"promise": one.text}
        for one in words
        if one.standing in {Standing.KEPT, Standing.KEPT_LATE}
    ]
    return [*late, *broken, *kept[:1]]


def _of_answers(facts: Facts) -> list[str]:
    found = []
    many = facts.unanswered >= LEAST_UNANSWERED and facts.unanswered >= SHARE_UNANSWERED * facts.reports
    told = {"part": formats.number(facts.unanswered), "whole": formats.number(facts.reports)}
    if many:
        told["days"] = _days(facts.waiting)
        found.append(
            _("%(part)s dari %(whole)s laporan belum dijawab, yang terlama menunggu %(days)s. Kapan warga dijawab?")
            % told
        )
    if facts.overdue == 1:
        found.append(_("Satu laporan sudah lewat tenggat. Kapan selesai?"))
    elif facts.overdue:
        late = _("%(count)s laporan sudah lewat tenggat. Mana yang dikerjakan lebih dulu, dan mengapa?")
        found.append(late % {"count": formats.number(facts.overdue)})
    return found


def _of_places(matter: Matter) -> list[str]:
    loud = [name for name, voices in matter.districts.items() if voices >= LEAST_PUBLIC]  # it is read out on the air
    hit = list(matter.villages)[:2] or [_("Kec. %(name)s") % {"name": name} for name in loud[:2]]
    if not hit:
        return []
    return [_("Paling banyak suara dari %(names)s. Apa yang dikerjakan di sana?") % {"names": formats.join_names(hit)}]


def _of_growth(growth: Growth) -> list[str]:
    if not growth.is_real:
        return []
    told = {"recent": formats.number(growth.recent), "usual": formats.decimal(growth.usual)}
    return [_("Suara naik menjadi %(recent)s dalam 28 hari, biasanya %(usual)s. Apa yang berubah?") % told]


def questions_for(matter: Matter) -> list[str]:
    """What the host may ask, the sharpest first, at most MOST."""
    found = [*of_promises(matter.words), *_of_answers(matter.facts), *_of_places(matter), *_of_growth(matter.growth)]
    if matter.discussed_on:
        day = formats.day(matter.discussed_on)
        found.insert(1, _("Ini pernah dibahas %(day)s. Apa yang sudah berubah sejak itu?") % {"day": day})
    last = _("Apa yang akan dikerjakan, siapa yang bertanggung jawab, dan paling lambat kapan?")
    return [*found[: MOST - 1], last]


def to_bring(*, overdue: int, unanswered: int, words: Sequence[Word], topics: Sequence[str]) -> list[str]:
    """What an agency is expected to bring, the most pressing first."""
    found = []
    if overdue:
        sentence = ngettext(
            "Keadaan terakhir %(num)s laporan yang lewat tenggat, dan kapan masing-masing selesai.",
            "Keadaan terakhir %(num)s laporan yang lewat tenggat, dan kapan masing-masing selesai.",
            overdue,
        )
        found.append(sentence % {"num": formats.number(overdue)})
    found += [
        _("Bukti, atau alasan dan tanggal baru, untuk janji “%(promise)s” yang lewat %(days)s.")
        % {"promise": one.text, "days": _working_days(one.days)}
        for one in words
        if one.standing is Standing.LATE
    ]
    found += [
        _("Kemajuan janji “%(promise)s” (paling lambat %(day)s).")
        % {"promise": one.text, "day": formats.day(one.due_on)}
        for one in words
        if one.standing is Standing.OPEN
    ]
    if unanswered:
        sentence = ngettext(
            "Jawaban untuk %(num)s laporan tentang topik ini yang belum dijawab.",
            "Jawaban untuk %(num)s laporan tentang topik ini yang belum dijawab.",
            unanswered,
        )
        found.append(sentence % {"num": formats.number(unanswered)})
    found += [
        _("Rencana untuk “%(topic)s”: apa, di mana, kapan, dari anggaran mana.") % {"topic": one} for one in topics
    ]
    return [*found, _("Seseorang yang boleh memutuskan dan berjanji saat siaran.")]
