"""The resolver with this regency's places: what a text, a typed name and a pin mean here."""

from dataclasses import replace

from kanal.agencies.places.mentions import mentions
from kanal.agencies.places.names import SOUNDS_LIKE, Gazetteer, Place
from kanal.agencies.places.pins import locate
from kanal.agencies.places.resolving import Candidate, Where, ranked, read_where, weighed
from kanal.agencies.queries import RegionFacts, reference
from kanal.common.snapshot import Snapshot

_PINNED = 0.9
"""How sure the village of a pin is, whatever the text says."""


def _ours() -> Gazetteer:
    regions = reference().regions
    return Gazetteer(
        Place(region.code, region.name, region.level, regions[region.parent_id].code if region.parent_id else "")
        for region in regions.values()
    )


gazetteer: Snapshot[Gazetteer] = Snapshot(_ours)
"""Our places by their names."""


def where(text: str, *, pin: tuple[float, float] | None = None, bare: bool = False) -> Where:
    """What a text says of where, in this regency; `pin` is (lat, lon). `bare`: the text answers "where?"."""
    told = read_where(text, gazetteer(), bare=bare)
    found = locate(*pin) if pin else None
    village = reference().regions.get(found.region_id or 0) if found else None
    if village is None:
        return told
    place = gazetteer().places[village.code]
    words = next((one.words for one in told.candidates if one.place.code == place.code), ())
    rest = [one for one in told.candidates if one.place.code != place.code]
    pinned = Candidate(place, max(_PINNED, *(one.confidence for one in told.candidates), 0.0), words)
    others = [replace(one, confidence=one.confidence * (1 - _PINNED)) for one in rest]
    return replace(told, candidates=tuple(ranked([pinned, *others])))


def meant(text: str, *, bare: bool = False) -> list[RegionFacts]:
    """The one region that a text means for certain, or the several between which a person must be asked."""
    told = where(text, bare=bare)
    return [region(one) for one in ([told.sure] if told.sure else told.doubtful)]


def region(candidate: Candidate) -> RegionFacts:
    """The region that a candidate is."""
    return reference().regions_by_code[candidate.place.code]


def named(typed: str) -> list[RegionFacts]:
    """The regions that a typed name can mean; "Kauman Baureno" means the one village there.

    Several results mean that the person must be asked; a name with other words around it, or misspelt, gives none.
    """
    told = mentions(typed, gazetteer(), bare=True)
    if told.rest or any(max(bearer.likeness for bearer in each.bearers) < SOUNDS_LIKE for each in told.named):
        return []
    found = [one for one in weighed(told) if one.place.tier != "regency"]
    certain = [one for one in found if len(one.words) > 1]
    return [region(one) for one in ranked(certain or found)]
