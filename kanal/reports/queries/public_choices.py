"""What can be chosen in the filters of the public list."""

from dataclasses import dataclass

from kanal.agencies.queries import reference
from kanal.channels.models import Medium
from kanal.reports.queries.public_filters import COLOUR_WORDS, Filters
from kanal.reports.queries.reference import report_reference

Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Choices:
    """(code, words) pairs for each select; villages only once a kecamatan is chosen.

    Categories stand in groups, the upper one of each at its head.
    """

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
        categories=[
            (upper.name, [(c.code, c.name) for c in (upper, *below)])
            for upper, below in report_reference().grouped_categories()
        ],
        districts=[(r.code, r.name) for r in places.districts()],
        villages=sorted(((r.code, r.name) for r in villages), key=lambda pair: pair[1]),
        agencies=[(a.code, a.name) for a in places.agencies.values() if a.active or a.code == filters.dinas],
        colours=[(name, str(words)) for name, words in COLOUR_WORDS.items()],
        media=[(value, str(label)) for value, label in Medium.choices],
    )
