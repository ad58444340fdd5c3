"""Where invented reports happen: the regency's own villages, the towns more often than the woods."""

import itertools
import math
from dataclasses import dataclass
from random import Random

from kanal.agencies.queries import Reference, RegionFacts

_TOWN = 4.0
_MARKET = 2.5
_REACH_KM = 18.0
_KM_PER_DEGREE = 111.0
_SPREAD = 0.006  # degrees, about 600 m


@dataclass(frozen=True, slots=True)
class Place:
    """A village with its kecamatan's name."""

    id: int
    village: str
    district: str
    lat: float | None
    lon: float | None

    def near(self, rng: Random, spread: float = _SPREAD) -> tuple[float | None, float | None]:
        """A point in the village; none where its centre is unknown."""
        if self.lat is None or self.lon is None:
            return None, None
        return round(self.lat + rng.gauss(0, spread), 6), round(self.lon + rng.gauss(0, spread), 6)


class Places:
    """The villages to choose from. Raises ValueError for a regency without villages."""

    def __init__(self, facts: Reference) -> None:
        villages = facts.villages()
        if not villages:
            raise ValueError("Kabupaten ini belum punya desa. Muat dulu paket wilayahnya.")
        self._places = [_place(facts, village) for village in villages]
        self._weights = list(itertools.accumulate(_weight(facts, village) for village in villages))

    def pick(self, rng: Random) -> Place:
        """One village."""
        return rng.choices(self._places, cum_weights=self._weights)[0]

    def named(self, village: str) -> Place:
        """The first village of that name, or the first of all where there is none."""
        return next((place for place in self._places if place.village == village), self._places[0])


def _place(facts: Reference, village: RegionFacts) -> Place:
    district = facts.regions.get(village.district_id or 0)
    return Place(village.id, village.name, district.name if district else "", village.lat, village.lon)


def _weight(facts: Reference, village: RegionFacts) -> float:
    """People live, and complain, where the town is: kelurahan, market towns, and whatever is near the centre."""
    district = facts.regions.get(village.district_id or 0)
    weight = _TOWN if village.level == "kelurahan" else 1.0
    if district and district.name == village.name:
        weight *= _MARKET
    if village.lat is None or village.lon is None:
        return weight
    distance = _KM_PER_DEGREE * math.hypot(village.lat - facts.regency.lat, village.lon - facts.regency.lon)
    return weight * (0.4 + math.exp(-distance / _REACH_KM))
