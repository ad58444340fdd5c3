"""What can be chosen in the filters of the public list."""

from collections.abc import Iterable
from dataclasses import dataclass

from kanal.agencies.queries import reference
from kanal.channels.models import Medium
from kanal.reports.queries.public_filters import COLOUR_WORDS, Filters
from kanal.reports.queries.reference import CategoryFacts, report_reference

Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Choices:
    """(code, words) pairs for each select. Categories stand in groups; villages only once a kecamatan is chosen."""

    categories: list[tuple[str, list[Choice]]]
    districts: list[Choice]
    villages: list[Choice]
    agencies: list[Choice]
    colours: list[Choice]
    media: list[Choice]


def choices(filters: Filters) -> Choices:
    """The choices beside what is chosen already."""
    places = reference()
    district = places.regions_by_code.get(filters.kecamatan)
    villages = [r for r in places.villages() if r.parent_id == district.id] if district else []
    return Choices(
        categories=_grouped(report_reference().categories.values()),
        districts=[(r.code, r.name) for r in places.districts()],
        villages=sorted(((r.code, r.name) for r in villages), key=lambda pair: pair[1]),
        agencies=[(a.code, a.name) for a in places.agencies.values() if a.active],
        colours=[(name, str(words)) for name, words in COLOUR_WORDS.items()],
        media=[(value, str(label)) for value, label in Medium.choices],
    )


def _grouped(categories: Iterable[CategoryFacts]) -> list[tuple[str, list[Choice]]]:
    """Each upper category with itself first and then what is below it."""
    active = [c for c in categories if c.active]
    return [
        (upper.name, [(upper.code, upper.name), *((c.code, c.name) for c in active if c.parent_id == upper.id)])
        for upper in active
        if upper.parent_id is None
    ]
