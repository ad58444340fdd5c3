"""Names of places made comparable, and who bears which: "Soemberredjo", "sumber rejo" and "Sumberrejo" are one."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kanal.common.indonesian.folding import folded

Tier = Literal["regency", "district", "village"]
TIERS: Final[Mapping[str, Tier]] = {
    **dict.fromkeys(("kabupaten", "kota", "regency"), "regency"),
    **dict.fromkeys(("kecamatan", "district"), "district"),
    **dict.fromkeys(("desa", "kelurahan", "village"), "village"),
}
SOUNDS_LIKE: Final = 0.97
"""How sure a name is that only its spelling tells from ours: Soemberredjo."""
_BESIDES: Final = 0.3
"""How sure it is where another place is spelt exactly so: only its kecamatan can tell that it is meant."""
_LETTERS = re.compile(r"[^\W_]+")
_KIND = re.compile(r"^(?:kabupaten|kota|kab)\s+(?=\S)")
# Spellings of one sound: before 1972, and Javanese dh, th and doubled letters that people leave out.
_SOUNDS = (("oe", "u"), ("dj", "j"), ("tj", "c"), ("dh", "d"), ("th", "t"))
_DOUBLED = re.compile(r"(.)\1+")
_ONE_SLIP, _TWO_SLIPS = 5, 8  # letters from which a name may be misspelt by so much
_LEAST_ALIKE, _LEAST_ALIKE_WITHIN = 0.8, 0.7


@dataclass(frozen=True, slots=True)
class Place:
    """A region with a code; `level` as Kemendagri calls it (kabupaten, kecamatan, desa, kelurahan)."""

    code: str
    name: str
    level: str
    parent_code: str

    @property
    def tier(self) -> Tier:
        """Regency, district or village."""
        return TIERS[self.level]


@dataclass(frozen=True, slots=True)
class Bearer:
    """A place that bears a name, and how like the name is to the words, from 0 to 1."""

    place: Place
    likeness: float


def key(name: str) -> str:
    """The name as it is compared: letters and digits alone, so "Solokan Jeruk" and "Solokanjeruk" are one."""
    return "".join(_LETTERS.findall(folded(name)))


@lru_cache(maxsize=50_000)
def sound(name: str) -> str:
    """The key of a name as it sounds."""
    for written, said in _SOUNDS:
        name = name.replace(written, said)
    return _DOUBLED.sub(r"\1", name)


class Gazetteer:
    """The places of one regency by their names. Pure: it is built from plain places."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.places: dict[str, Place] = {place.code: place for place in places}
        self._exact: dict[str, list[Place]] = defaultdict(list)
        self._heard: dict[str, list[Place]] = defaultdict(list)
        self._keys: dict[Tier, set[str]] = {"regency": set(), "district": set(), "village": set()}
        self._below: dict[str, set[str]] = defaultdict(set)
        self.longest = 1
        for place in self.places.values():
            bare = _KIND.sub("", folded(place.name))
            name = key(bare)
            if not name:
                continue
            self._exact[name].append(place)
            self._heard[sound(name)].append(place)
            self._keys[place.tier].add(name)
            self._below[place.parent_code].add(name)
            self.longest = max(self.longest, len(bare.split()) + 1)
        self._alike = lru_cache(maxsize=20_000)(self._misspelt)

    def bearers(self, name: str, tier: Tier | None = None) -> list[Bearer]:
        """Who bears this key, of one tier or of all; those whose name only sounds so come behind those spelt so."""
        same = [place for place in self._exact.get(name, ()) if tier in {None, place.tier}]
        heard = [
            place for place in self._heard.get(sound(name), ()) if tier in {None, place.tier} and place not in same
        ]
        likeness = _BESIDES if same else SOUNDS_LIKE
        return [Bearer(place, 1.0) for place in same] + [Bearer(place, likeness) for place in heard]

    def misspelt(self, name: str, tier: Tier, *, within: str = "") -> list[Bearer]:
        """Who bears the one name of this tier nearest to a misspelt key; nobody when two are as near.

        `within`: the code of the kecamatan that is meant; among its few villages a worse slip is understood.
        """
        return self._alike(name, tier, within)

    def _misspelt(self, name: str, tier: Tier, within: str) -> list[Bearer]:
        slips = (len(name) >= _ONE_SLIP - bool(within)) + (len(name) >= _TWO_SLIPS)
        keys = self._below[within] if within else self._keys[tier]
        near = process.extract(name, keys, scorer=OSA.distance, score_cutoff=slips, limit=2) if slips else []
        near.sort(key=lambda each: each[1])
        if not near or (len(near) > 1 and near[1][1] == near[0][1]):
            return []
        likeness = 1 - near[0][1] / max(len(name), len(near[0][0]))
        if likeness < (_LEAST_ALIKE_WITHIN if within else _LEAST_ALIKE):
            return []
        bearers = [place for place in self._exact[near[0][0]] if place.tier == tier]
        return [Bearer(place, likeness) for place in bearers if within in {"", place.parent_code}]
