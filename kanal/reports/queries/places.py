"""The places of the regency as the forms offer them."""

from collections.abc import Iterator
from typing import Any

from kanal.agencies.places import outlines
from kanal.agencies.queries import RegionFacts, reference


def grouped() -> Iterator[tuple[RegionFacts, list[RegionFacts]]]:
    """Each kecamatan with its villages, both by name: the shape of a select box."""
    facts = reference()
    below: dict[int | None, list[RegionFacts]] = {}
    for village in facts.villages():
        below.setdefault(village.district_id, []).append(village)
    for district in facts.districts():
        yield district, sorted(below.get(district.id, []), key=lambda r: r.name)


def map_data() -> dict[str, Any]:
    """What the map of the form draws when no tile server is named: bounds, kecamatan outlines, village names."""
    facts, known = reference(), outlines()
    return {
        "bounds": facts.regency.bounds,
        "outlines": [
            [[[round(y, 4), round(x, 4)] for x, y in rings[0]] for rings in known[d.id].polygons]
            for d in facts.districts()
            if d.id in known
        ],
        "districts": [[d.name, d.lat, d.lon] for d in facts.districts() if d.lat is not None],
        "villages": [[v.id, v.name, v.lat, v.lon] for v in facts.villages() if v.lat is not None],
    }
