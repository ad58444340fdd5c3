"""Which places a text means: candidates with how sure each is and the very words that led there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kanal.agencies.places.mentions import ON_ROAD, STANDING, Mention, Mentions, mentions
from kanal.agencies.places.names import Bearer, Gazetteer, Place, Tier

SURE: Final = 0.75
"""From here on, and with the next one well below, a place is taken without asking."""
_AHEAD: Final = 0.25
_LEAST: Final = 0.1
"""Below this a candidate is not worth showing."""
_PLAINLY: Final = 0.5
_CONTRADICTED: Final = 0.15
_BESIDE: Final = 0.9
"""What it says that a kecamatan stands right behind its village: "Jono Temayang"."""
_ADDRESSED: Final = 0.8
"""What it says that our regency stands behind a village, as in an address."""
_BESIDES_REGENCY: Final = 0.3
"""What is left for a kecamatan that is called like the regency."""
_AWAY: Final = 0.3
"""What is left when the text names another regency."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place that a text may mean, how sure that is (0 to 1), and the words of the text that say so."""

    place: Place
    confidence: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Where:
    """What a text says of where: the smallest regions, best first, and the rest in the text's own words."""

    candidates: tuple[Candidate, ...] = ()
    elsewhere: str = ""
    rt: str = ""
    rw: str = ""
    hamlets: tuple[str, ...] = ()
    roads: tuple[str, ...] = ()
    landmarks: tuple[str, ...] = ()

    @property
    def sure(self) -> Candidate | None:
        """The one kecamatan or village that is meant; None when none is named or a person must be asked."""
        if not self.candidates or self.candidates[0].confidence < SURE or self.candidates[0].place.tier == "regency":
            return None
        others = [other.confidence for other in self.candidates[1:]]
        return self.candidates[0] if all(self.candidates[0].confidence - _AHEAD >= other for other in others) else None

    @property
    def doubtful(self) -> tuple[Candidate, ...]:
        """The places between which a person must be asked: the same words mean several, and plainly mean a place."""
        if self.sure or not self.candidates:
            return ()
        same = tuple(one for one in self.candidates if one.words[:1] == self.candidates[0].words[:1])
        return same if len(same) > 1 and sum(one.confidence for one in same) >= _PLAINLY else ()


def read_where(text: str, gazetteer: Gazetteer, *, bare: bool = False) -> Where:
    """Read a text against the places of a regency. `bare`: it answers "where?", so names need no "desa" before them."""
    told = mentions(text, gazetteer, bare=bare)
    return Where(
        candidates=tuple(ranked(weighed(told))),
        elsewhere=told.elsewhere,
        rt=told.rt,
        rw=told.rw,
        hamlets=tuple(told.hamlets),
        roads=tuple(told.roads),
        landmarks=tuple(told.landmarks),
    )


def weighed(told: Mentions) -> list[Candidate]:
    """Every reading of what is mentioned, with how sure it is."""
    found = _Weighing(told.named).candidates()
    return [replace(one, confidence=one.confidence * _AWAY) for one in found] if told.elsewhere else found


class _Weighing:
    """What the mentions of one text say together: the kecamatan tells which village of a repeated name is meant."""

    def __init__(self, named: Sequence[Mention]) -> None:
        self.readings = [(mention, bearer) for mention in named for bearer in mention.bearers]
        self.districts = [(mention, bearer) for mention, bearer in self.readings if bearer.place.tier == "district"]
        self.supporting: set[int] = set()

    def candidates(self) -> list[Candidate]:
        villages = [(mention, self._village(mention, bearer)) for mention, bearer in self._of("village")]
        # A word that says in which kecamatan a village lies names neither a village nor that kecamatan besides.
        found = [one for mention, one in villages if len(one.words) > 1 or mention.first not in self.supporting]
        found += [
            Candidate(bearer.place, self._district(mention, bearer), (mention.words,))
            for mention, bearer in self.districts
            if mention.first not in self.supporting
        ]
        return found or [
            Candidate(bearer.place, mention.weight * bearer.likeness, (mention.words,))
            for mention, bearer in self._of("regency")
        ]

    def _of(self, tier: Tier) -> list[tuple[Mention, Bearer]]:
        return [(mention, bearer) for mention, bearer in self.readings if bearer.place.tier == tier]

    def _village(self, mention: Mention, bearer: Bearer) -> Candidate:
        addressed = any(self._beside(mention, regency) for regency, _bearer in self._of("regency"))
        weight = max(mention.weight, _ADDRESSED if addressed and mention.weight >= STANDING else 0.0) * bearer.likeness
        supports = [
            (self._says(other, mention) * district.likeness, other)
            for other, district in self.districts
            if other is not mention
            and district.place.code == bearer.place.parent_code
            and (mention.weight >= ON_ROAD or self._beside(mention, other))
        ]
        if supports:
            says, other = max(supports, key=lambda each: each[0])
            self.supporting.add(other.first)
            return Candidate(bearer.place, 1 - (1 - weight) * (1 - says), (mention.words, other.words))
        if any(other is not mention and other.tier == "district" for other, _district in self.districts):
            return Candidate(bearer.place, weight * _CONTRADICTED, (mention.words,))
        return Candidate(bearer.place, weight / _readings(mention), (mention.words,))

    def _says(self, district: Mention, village: Mention) -> float:
        return max(district.weight, _BESIDE) if self._beside(village, district) else district.weight

    def _beside(self, village: Mention, larger: Mention) -> bool:
        return larger.first - village.last == (2 if larger.tier else 1)

    def _district(self, mention: Mention, bearer: Bearer) -> float:
        named_like_the_regency = any(other.place.tier == "regency" for other in mention.bearers)
        share = _BESIDES_REGENCY if named_like_the_regency else 1 / _readings(mention)
        return mention.weight * bearer.likeness * share


def _readings(mention: Mention) -> int:
    """How many villages and kecamatan the words may mean, those aside that are only spelt like them."""
    best = max(bearer.likeness for bearer in mention.bearers)
    alike = [bearer for bearer in mention.bearers if bearer.likeness == best and bearer.place.tier != "regency"]
    return max(1, len(alike))


def ranked(found: Iterable[Candidate]) -> list[Candidate]:
    """Each place once, best first; of equally sure ones the village before its kecamatan."""
    best: dict[str, Candidate] = {}
    for one in found:
        known = best.get(one.place.code, one)
        both = one.confidence if known is one else 1 - (1 - one.confidence) * (1 - known.confidence)
        best[one.place.code] = replace(max(one, known, key=lambda each: each.confidence), confidence=both)
    kept = [one for one in best.values() if one.confidence >= _LEAST]
    return sorted(kept, key=lambda one: (-one.confidence, -len(one.place.code), one.place.code))
