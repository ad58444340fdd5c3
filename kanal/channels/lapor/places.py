"""Which of our districts and villages an export means; a village is never matched by its name alone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from kanal.channels.lapor.naming import Regencies, likeness, tokens
from kanal.channels.lapor.words import UNKNOWN

SURE: Final = 0.9  # below this a person decides
_MARGIN: Final = 0.05
_UNIQUE_VILLAGE: Final = 0.9  # the only village of that name in our regency, and the regency is named
_DISTRICT_ONLY: Final = 0.95  # the regency is not named, but the district is one of ours
_LEVELS: Final = {
    "kabupaten": "regency",
    "kota": "regency",
    "kecamatan": "district",
    "desa": "village",
    "kelurahan": "village",
}
_PREFIXES: Final = frozenset({"kecamatan", "kelurahan", "desa"})


@dataclass(frozen=True, slots=True)
class KnownRegion:
    """A region of ours; ``level``: regency, district, village, or the Indonesian kabupaten, kecamatan, desa."""

    code: str
    name: str
    level: str
    parent_code: str


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """The region meant (code None: unknown), its level as the caller named it, how sure (0 to 1), and why."""

    code: str | None
    level: str
    confidence: float
    why: str


def _key(name: str) -> str:
    words = tokens(name)
    if len(words) > 1 and words[0] in _PREFIXES:
        words = words[1:]
    return "".join(words)  # "Solokan Jeruk" and "Solokanjeruk" are one place


def _told(name: str) -> str:
    return "" if name.strip().casefold() in UNKNOWN else _key(name)


class PlaceMatcher:
    """Finds our region by what an export says of province, regency, district and village."""

    def __init__(self, regions: Iterable[KnownRegion], regency_names: Iterable[str]) -> None:
        self._regencies = Regencies.of(regency_names)
        self._by_code: dict[str, KnownRegion] = {}
        self._regency: KnownRegion | None = None
        self._districts: dict[str, set[str]] = defaultdict(set)
        self._villages: dict[str, set[str]] = defaultdict(set)
        self._villages_of: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for region in regions:
            self._add(region)

    def _add(self, region: KnownRegion) -> None:
        self._by_code[region.code] = region
        level = _LEVELS.get(region.level, region.level)
        if level == "regency":
            self._regency = region
        elif level == "district":
            self._districts[_key(region.name)].add(region.code)
        elif level == "village":
            self._villages[_key(region.name)].add(region.code)
            self._villages_of[region.parent_code][_key(region.name)].add(region.code)

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
        code, score = _pick(_told(district), self._districts)
        if code is None:
            return _nothing(_("Kecamatan “%(name)s” tidak dikenal.") % {"name": district}, score)
        if not certain:
            score = min(score, _DISTRICT_ONLY)
        found = self._by_code[code]
        if not _told(village):
            return PlaceMatch(code, found.level, score, _("Kecamatan disebut, desa tidak."))
        village_code, village_score = _pick(_told(village), self._villages_of[code])
        if village_code is None:
            why = _("Desa “%(village)s” tidak ada di Kecamatan %(district)s; dipakai kecamatannya.")
            return PlaceMatch(code, found.level, score, why % {"village": village, "district": found.name})
        level = self._by_code[village_code].level
        return PlaceMatch(village_code, level, min(score, village_score), _("Desa dan kecamatan cocok."))

    def _village_alone(self, village: str, *, certain: bool) -> PlaceMatch:
        codes = self._villages.get(_told(village), set())
        if not codes:
            return _nothing(_("Desa “%(name)s” tidak dikenal.") % {"name": village})
        if len(codes) > 1:
            why = _("Ada %(count)d desa bernama “%(name)s” dan kecamatannya tidak disebut.")
            return _nothing(why % {"count": len(codes), "name": village}, 1 / len(codes))
        if not certain:
            return _nothing(_("Nama desa saja tidak cukup: kecamatan dan kabupaten tidak disebut."), 0.5)
        code = next(iter(codes))
        return PlaceMatch(code, self._by_code[code].level, _UNIQUE_VILLAGE, _("Satu-satunya desa bernama itu."))


def _nothing(why: str, confidence: float = 0.0) -> PlaceMatch:
    return PlaceMatch(None, "", round(min(confidence, SURE - 0.01), 3), why)


def _pick(told: str, known: Mapping[str, set[str]]) -> tuple[str | None, float]:
    """Return the one code whose name is the same, or alike beyond doubt; None and the best score otherwise."""
    codes = known.get(told, set())
    if codes:
        return (next(iter(codes)), 1.0) if len(codes) == 1 else (None, 1 / len(codes))
    ranked = sorted(((likeness(told, name), name) for name in known), reverse=True)[:2]
    if not ranked:
        return None, 0.0
    score, name = ranked[0]
    clear = len(ranked) == 1 or ranked[1][0] <= score - _MARGIN
    sure = score >= SURE and clear and len(known[name]) == 1
    return (next(iter(known[name])) if sure else None), round(score, 3)
