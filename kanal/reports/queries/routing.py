"""The routing engine with this regency's rules, places and categories, all of them from the snapshots: no SQL."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from kanal.agencies.queries import Reference, RegionFacts, reference
from kanal.common.formats import percent
from kanal.common.indonesian import search_tokens
from kanal.reports import routing, urgency
from kanal.reports.models import Report, ReportEvent
from kanal.reports.queries.learned import Learned, likely_agencies, likely_categories
from kanal.reports.queries.reference import CategoryFacts, ReportReference, report_reference
from kanal.reports.routing import Case, Names, RuleFacts, Verdict
from kanal.reports.workflow import WRONGLY_SENT, Kind

GUESSES = 2
"""Categories guessed at most from the words of an unsorted report."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where a report could go and why. `sure` is False for a guess from words alone, which a person must confirm."""

    agency_id: int
    why: str
    rule: RuleFacts | None = None
    sure: bool = True
    category_id: int | None = None
    """What the report would then be about, where the words suggest it."""
    chance: float | None = None
    """How sure learning is of this agency; None where it says nothing of it."""
    words: tuple[str, ...] = ()
    """The words that spoke for it, as they stand in the text."""


def _upwards(start: int | None, rows: Mapping[int, RegionFacts] | Mapping[int, CategoryFacts]) -> frozenset[int]:
    """The id and those of everything above it."""
    found: list[int] = []
    while start is not None and start not in found:
        found.append(start)
        row = rows.get(start)
        start = row.parent_id if row else None
    return frozenset(found)


def case_of(text: str, *, category_id: int | None, region_id: int | None, at: datetime | None = None) -> Case:
    """What the rules look at: the words, the category and the place with all that is above them, the regency's time."""
    facts, ways = reference(), report_reference()
    return Case(
        words=routing.folded(text),
        category_ids=_upwards(category_id, ways.categories),
        region_ids=_upwards(region_id, facts.regions),
        at=(at or timezone.now()).astimezone(facts.tz),
        text=text,
    )


def _names(facts: Reference, ways: ReportReference) -> Names:
    return Names(
        category=lambda pk: ways.categories[pk].name if pk in ways.categories else "?",
        region=lambda pk: facts.regions[pk].place if pk in facts.regions else "?",
    )


def propose(text: str, *, category_id: int | None, region_id: int | None, at: datetime | None = None) -> list[Proposal]:
    """Where a report with these words should go, best first.

    The first rule that fits, then the agency that usually has the category; for an unsorted report that no rule knows,
    guesses from its words, marked as unsure. Nothing at all: the coordinator decides unaided.
    """
    facts, ways = reference(), report_reference()
    case = case_of(text, category_id=category_id, region_id=region_id, at=at)
    found: list[Proposal] = []
    rule = routing.first_fit(ways.rules, case)
    if rule:
        reason = _("Aturan %(order)s: %(why)s") % {
            "order": rule.order,
            "why": routing.why(rule, case, _names(facts, ways)),
        }
        found.append(Proposal(rule.agency_id, reason, rule))
    found += _usual(category_id, ways)
    if not found and category_id is None:
        found += _guesses(text, ways)
    once = {proposal.agency_id: proposal for proposal in reversed(found)}
    return [p for p in found if once[p.agency_id] is p and _is_active(facts, p.agency_id)]


def propose_for(report: Report) -> list[Proposal]:
    """Where this report should go. Whistle-blowing is not routed: it never leaves the Inspektorat by a rule.

    Rules and the category's agency come first; what was learned from earlier reports confirms or follows them. An
    agency that had the report already and was wrong is not proposed again.
    """
    if report.kind == Kind.WHISTLEBLOWING:
        return []
    text = f"{report.title}\n{report.body}"
    found = propose(text, category_id=report.category_id, region_id=report.region_id, at=report.received_at)
    wrong = was_not_theirs(report)
    return [proposal for proposal in with_learned(found, text, report) if proposal.agency_id not in wrong]


def was_not_theirs(report: Report) -> frozenset[int]:
    """The agencies that gave this report back, or that it was taken back from. Asks nothing for a fresh one."""
    if report.verified_at is None:
        return frozenset()
    given_back = ReportEvent.objects.filter(report=report, verb__in=WRONGLY_SENT).values_list("data", flat=True)
    return frozenset(data["agency"] for data in given_back if isinstance(data.get("agency"), int))


def with_learned(found: list[Proposal], text: str, report: Report) -> list[Proposal]:
    """The proposals and, after the sure ones, the agencies that were learned; guesses from keywords only without any.

    A guess from keywords gives way to what was learned, and a proposal that learning shares says so.
    """
    agencies = likely_agencies(text, region_id=report.region_id, place_text=report.place_text)
    if not agencies:
        return found
    unsorted = report.category_id is None
    categories = (
        likely_categories(text, region_id=report.region_id, place_text=report.place_text, most=1) if unsorted else []
    )
    category_id = next((each.id for each in categories if each.sure), None)
    learned = {each.id: _learned(each, text, category_id) for each in agencies}
    sure = [p for p in found if p.sure]
    said = [_confirmed(p, learned[p.agency_id]) if p.agency_id in learned else p for p in sure]
    known = {p.agency_id for p in sure}
    return said + [proposal for agency_id, proposal in learned.items() if agency_id not in known]


def _confirmed(proposal: Proposal, learned: Proposal) -> Proposal:
    """A sure proposal that learning shares."""
    why = f"{proposal.why}. {learned.why}"
    return replace(proposal, why=why, category_id=learned.category_id, chance=learned.chance, words=learned.words)


def _learned(guess: Learned, text: str, category_id: int | None) -> Proposal:
    words = tuple(routing.quoted(word, text) or word for word in guess.words)
    why = _learned_why(guess, words)
    return Proposal(guess.id, why, sure=guess.sure, category_id=category_id, chance=guess.chance, words=words)


def _learned_why(guess: Learned, words: Iterable[str]) -> str:
    """What was learned, with its chance and the words that spoke for it as they stand in the text."""
    said = _("Dari laporan terdahulu %(share)s: %(words)s") if guess.sure else _("Tidak yakin, %(share)s: %(words)s")
    share = percent(min(guess.chance, 0.99), 0)  # nothing learned is certain
    return said % {"share": share, "words": ", ".join(f"“{word}”" for word in words) or "-"}


def _is_active(facts: Reference, agency_id: int) -> bool:
    agency = facts.agencies.get(agency_id)
    return agency is not None and agency.active


@dataclass(frozen=True, slots=True)
class Urgent:
    """Why a report needs rapid reaction, in Indonesian because it is kept, and the agency that reacts."""

    reason: str
    agency_id: int | None


def urgent(text: str, *, category_id: int | None, region_id: int | None, at: datetime) -> Urgent | None:
    """Whether a report with these words needs rapid reaction; what they deny or tell the end of does not.

    Asked at every filing, so it looks for the deciding rule alone.
    """
    facts, ways = reference(), report_reference()
    category = ways.categories.get(category_id or 0)
    if category and category.rapid and not urgency.over(text):
        agency = next((usual.agency_id for usual in _usual(category_id, ways)), None)
        with override("id"):
            return Urgent(_("Kategori %(name)s") % {"name": category.name}, agency)
    case = case_of(text, category_id=category_id, region_id=region_id, at=at)
    rule = routing.first_fit(_happening(ways.rules, case), case)
    if rule is None or not rule.rapid:
        return None
    with override("id"):
        return Urgent(f"{rule.name}: {routing.why(rule, case, _names(facts, ways))}"[:160], rule.agency_id)


def _happening(rules: Iterable[RuleFacts], case: Case) -> Iterator[RuleFacts]:
    """The rules that may fit, those for danger with the one of their words that the text says is happening."""
    for rule in rules:
        if not rule.rapid or not rule.words:
            yield rule
        elif routing.word_found(rule, case) and (word := urgency.happening(rule.words, case.text)):
            yield replace(rule, words=(word,))


def _usual(category_id: int | None, ways: ReportReference) -> list[Proposal]:
    """The agency that usually has a category, or the category above it."""
    category = ways.categories.get(category_id or 0)
    above = ways.categories.get(category.parent_id or 0) if category else None
    for found in filter(None, (category, above)):
        if found.default_agency_id:
            return [Proposal(found.default_agency_id, _("Biasanya untuk kategori %(name)s") % {"name": found.name})]
    return []


def _guesses(text: str, ways: ReportReference) -> list[Proposal]:
    """Agencies of the categories whose own words occur most in the text."""
    said = set(search_tokens(text))
    scored = []
    for category in ways.categories.values():
        hits = [word for word in category.keywords if (tokens := search_tokens(word)) and said.issuperset(tokens)]
        if hits and category.active and category.default_agency_id:
            scored.append((len(hits), max(map(len, hits)), category, hits))
    scored.sort(key=lambda row: (-row[0], -row[1], row[2].id))
    return [
        Proposal(
            category.default_agency_id or 0,
            _("Tidak yakin. Mungkin kategori %(name)s: %(word)s")
            % {"name": category.name, "word": _hit_said(hits, text)},
            sure=False,
            category_id=category.id,
        )
        for _count, _length, category, hits in scored[:GUESSES]
    ]


def _hit_said(hits: list[str], text: str) -> str:
    """The hit that stands in the text, else the first as something alike."""
    return routing.word_said(next((word for word in hits if routing.quoted(word, text)), hits[0]), text)


def try_rules(
    text: str, *, category_id: int | None, region_id: int | None, at: datetime | None = None
) -> tuple[list[Proposal], list[Verdict]]:
    """The test bench: what would be proposed, and for every rule why it fired or which condition failed first."""
    facts, ways = reference(), report_reference()
    case = case_of(text, category_id=category_id, region_id=region_id, at=at)
    verdicts = routing.verdicts(ways.rules, case, _names(facts, ways))
    return propose(text, category_id=category_id, region_id=region_id, at=at), verdicts


def rules_said() -> list[tuple[RuleFacts, str, str]]:
    """Every rule with its conditions in words and its agency's name, in order."""
    facts, ways = reference(), report_reference()
    names = _names(facts, ways)
    return [(rule, _conditions(rule, names), facts.agencies[rule.agency_id].name) for rule in ways.rules]


def _conditions(rule: RuleFacts, names: Names) -> str:
    parts = []
    if rule.category_id:
        parts.append(_("kategori %(name)s") % {"name": names.category(rule.category_id)})
    if rule.region_id:
        parts.append(_("tempat di %(name)s") % {"name": names.region(rule.region_id)})
    if rule.words:
        parts.append(_("salah satu kata %(words)s") % {"words": routing.words_said(rule)})
    if rule.weekdays:
        parts.append(_("hari %(days)s") % {"days": routing.days_said(rule)})
    if rule.hour_from:
        parts.append(_("pukul %(hours)s") % {"hours": routing.hours_said(rule)})
    return ", ".join(parts) or _("tanpa syarat")
