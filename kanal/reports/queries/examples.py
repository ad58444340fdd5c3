"""Decided reports as examples to learn from: where each belonged, and which agencies gave it back."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import Q

from kanal.agencies.queries import AgencyFacts, Reference, reference
from kanal.reports.models import LearnedModel, Report, ReportEvent
from kanal.reports.queries.reference import CategoryFacts, report_reference
from kanal.reports.workflow import WRONGLY_SENT, Kind, Status

MOST = 20_000
"""So many of the newest decided reports are learned from: agencies are reorganised, and old habits end."""
FEWEST = 60
"""Fewer decided reports than this teach nothing; rules and keywords do better."""
NO_COUNTS = 3.0
"""A report that an agency gave back counts as so many others."""

Subject = LearnedModel.Subject


@dataclass(frozen=True, slots=True)
class Decided:
    """A report as an example: its words, the words of its place, its class, and the classes that it was not."""

    text: str
    places: tuple[str, ...]
    label: str
    against: frozenset[str]
    weight: float
    at: datetime


def agency_label(agency: AgencyFacts) -> str:
    """What is learned for an agency: of one that serves a place its kind, because the place comes from the report."""
    agency = reference().agency_today(agency.id) or agency
    return f"kind:{agency.kind}" if agency.is_local and agency.region_id else f"agency:{agency.code}"


def agency_of(label: str, region_id: int | None, facts: Reference) -> AgencyFacts | None:
    """The agency that a class means for a report of a place; None for one that is no more or has none there."""
    named, _colon, code = label.partition(":")
    if named == "agency":
        known = facts.agencies_by_code.get(code)
        agency = facts.agency_today(known.id) if known else None
        return agency if agency and agency.active else None
    places = {region_id}
    while (region := facts.regions.get(region_id or 0)) and region.parent_id not in places:
        region_id = region.parent_id
        places.add(region_id)
    return next(
        (a for a in facts.agencies.values() if a.active and a.kind == code and a.region_id and a.region_id in places),
        None,
    )


def place_words(region_id: int | None, place_text: str) -> tuple[str, ...]:
    """The words of a report's place."""
    region = reference().regions.get(region_id or 0)
    return tuple(filter(None, (region.place if region else "", place_text)))


def _returns() -> dict[int, set[int]]:
    """For each report the agencies that gave it back, or that it was taken back from."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    rows = ReportEvent.objects.filter(verb__in=WRONGLY_SENT).order_by("-id").values_list("report_id", "data")[:MOST]
    for report_id, data in rows:
        if isinstance(agency := data.get("agency"), int):
            found[report_id].add(agency)
    return found


def decided(subject: str) -> Iterator[Decided]:
    """The newest reports that a person decided, or an agency gave back. Whistle-blowing teaches nothing.

    What Kanal handed on by itself teaches once the agency has begun: nobody learns from their own guesses.
    """
    facts, ways = reference(), report_reference()
    returned = _returns() if subject == Subject.AGENCY else {}
    settled = Q(verified_at__isnull=False) & ~Q(status__in=[Status.MERGED, Status.ARCHIVED])
    reports = (
        Report.objects.filter(settled, anonymised_at__isnull=True)
        .exclude(kind=Kind.WHISTLEBLOWING)
        .exclude(by_machine__refused_at__isnull=True, by_machine__isnull=False, status=Status.ASSIGNED)
        .only("title", "body", "agency_id", "category_id", "region_id", "place_text", "verified_at")
        .order_by("-id")[:MOST]
    )
    for report in reports.iterator(chunk_size=500):
        agency = facts.agencies.get(report.agency_id or 0)
        category = ways.categories.get(report.category_id or 0)
        if subject == Subject.AGENCY:
            label = agency_label(agency) if agency else ""
        else:
            label = f"category:{category.code}" if category else ""
        noes = {agency_label(facts.agencies[pk]) for pk in returned.get(report.pk, ()) if pk in facts.agencies}
        against = frozenset(noes - {label})
        if (label or against) and report.verified_at:
            yield Decided(
                f"{report.title}\n{report.body}",
                place_words(report.region_id, report.place_text),
                label,
                against,
                NO_COUNTS if against else 1.0,
                report.verified_at,
            )


def ready(subject: str) -> int:
    """How many decided reports there are to learn from; counted up to FEWEST, from which on it is enough."""
    return sum(1 for _one in islice((one for one in decided(subject) if one.label), FEWEST))


def names_of(subject: str) -> dict[str, str]:
    """How each class is called: the names of an agency and of what is usually its, or of a category; with keywords."""
    ways = report_reference()
    if subject != Subject.AGENCY:
        return {f"category:{row.code}": _called(row) for row in ways.categories.values() if row.active}
    usual: defaultdict[int, list[str]] = defaultdict(list)
    for row in ways.categories.values():
        if row.active and row.default_agency_id:
            usual[row.default_agency_id].append(_called(row))
    names = {}
    for agency in reference().agencies.values():
        label = agency_label(agency)
        said = agency.kind if label.startswith("kind:") else f"{agency.name} {agency.short_name}"
        if agency.active:
            names[label] = ". ".join([said, *usual[agency.id]])
    return names


def _called(category: CategoryFacts) -> str:
    return f"{category.name}: {', '.join(category.keywords)}"
