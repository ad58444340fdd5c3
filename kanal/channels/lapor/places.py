"""Which of our districts and villages an export means; a village is never matched by its name alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from kanal.agencies.places import Bearer, Gazetteer, Place
from kanal.channels.lapor.naming import Regencies, tokens
from kanal.channels.lapor.words import UNKNOWN

SURE: Final = 0.9  # below this a person decides
_UNIQUE_VILLAGE: Final = 0.9  # the only village of that name in our regency, and the regency is named
_DISTRICT_ONLY: Final = 0.95  # the regency is not named, but the district is one of ours
_PREFIXES: Final = frozenset({"kecamatan", "kelurahan", "desa"})


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """The region meant (code None: unknown), its level as the caller named it, how sure (0 to 1), and why."""

    code: str | None
    level: str
    confidence: float
    why: str


def _told(name: str) -> str:
    if name.strip().casefold() in UNKNOWN:
        return ""
    words = tokens(name)
    return "".join(words[1:] if len(words) > 1 and words[0] in _PREFIXES else words)


class PlaceMatcher:
    """Finds our region by what an export says of province, regency, district and village."""

    def __init__(self, gazetteer: Gazetteer, regency_names: Iterable[str]) -> None:
        self._gazetteer = gazetteer
        self._regencies = Regencies.of(regency_names)
        self._regency = next((place for place in gazetteer.places.values() if place.tier == "regency"), None)

    def match(self, district: str, village: str, regency: str = "") -> PlaceMatch:
        """Return the smallest region that the words name for certain."""
        told_regency = tokens("" if regency.strip().casefold() in UNKNOWN else regency)
        if told_regency and not self._regencies.include(told_regency):
            return _nothing(_("Wilayah lain: %(name)s.") % {"name": regency})
        told_district, told_village = _told(district), _told(village)
        if told_district:
            return self._in_district(district, village, certain=bool(told_regency))
        if told_village:
            return self._village_alone(village, certain=bool(told_regency))
        if told_regency and self._regency:
            return PlaceMatch(self._regency.code, self._regency.level, 1.0, _("Hanya kabupaten/kota yang disebut."))
        return _nothing(_("Wilayah tidak disebut."))

    def _in_district(self, district: str, village: str, *, certain: bool) -> PlaceMatch:
        name = _told(district)
        found, score = _pick(self._gazetteer.bearers(name, "district") or self._gazetteer.misspelt(name, "district"))
        if found is None:
            return _nothing(_("Kecamatan “%(name)s” tidak dikenal.") % {"name": district}, score)
        if not certain:
            score = min(score, _DISTRICT_ONLY)
        if not _told(village):
            return PlaceMatch(found.code, found.level, score, _("Kecamatan disebut, desa tidak."))
        meant, village_score = self._village_of(found, _told(village))
        if meant is None:
            why = _("Desa “%(village)s” tidak ada di Kecamatan %(district)s; dipakai kecamatannya.")
            return PlaceMatch(found.code, found.level, score, why % {"village": village, "district": found.name})
        return PlaceMatch(meant.code, meant.level, min(score, village_score), _("Desa dan kecamatan cocok."))

    def _village_of(self, district: Place, name: str) -> tuple[Place | None, float]:
        same = [one for one in self._gazetteer.bearers(name, "village") if one.place.parent_code == district.code]
        return _pick(same or self._gazetteer.misspelt(name, "village", within=district.code))

    def _village_alone(self, village: str, *, certain: bool) -> PlaceMatch:
        same = [one.place for one in self._gazetteer.bearers(_told(village), "village") if one.likeness == 1]
        if not same:
            return _nothing(_("Desa “%(name)s” tidak dikenal.") % {"name": village})
        if len(same) > 1:
            why = _("Ada %(count)d desa bernama “%(name)s” dan kecamatannya tidak disebut.")
            return _nothing(why % {"count": len(same), "name": village}, 1 / len(same))
        if not certain:
            return _nothing(_("Nama desa saja tidak cukup: kecamatan dan kabupaten tidak disebut."), 0.5)
        return PlaceMatch(same[0].code, same[0].level, _UNIQUE_VILLAGE, _("Satu-satunya desa bernama itu."))


def _nothing(why: str, confidence: float = 0.0) -> PlaceMatch:
    return PlaceMatch(None, "", round(min(confidence, SURE - 0.01), 3), why)


def _pick(bearers: list[Bearer]) -> tuple[Place | None, float]:
    """The one place that is meant, the same or alike beyond doubt; None and the best score otherwise."""
    score = max((one.likeness for one in bearers), default=0.0)
    best = [one.place for one in bearers if one.likeness == score]
    if len(best) > 1:
        return None, 1 / len(best)
    return (best[0] if best and score >= SURE else None), round(score, 3)
