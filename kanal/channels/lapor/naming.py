"""Names of agencies and places made comparable: abbreviations, regency words, likeness of words."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

_WORDS = re.compile(r"[^\W_]+")
_DROPPED: Final = frozenset({"dan", "serta", "yang", "pada", "di"})
_JOINED: Final = (("olah", "raga", "olahraga"),)

# Written short -> written out. One word may stand for several; the first words of an agency name tell its type.
_LONG: Final[dict[str, str]] = {
    "kab": "kabupaten",
    "kec": "kecamatan",
    "kel": "kelurahan",
    "bag": "bagian",
    "ds": "desa",
    "prov": "provinsi",
    "propinsi": "provinsi",
    "pemkab": "pemerintah kabupaten",
    "pemkot": "pemerintah kota",
    "pemda": "pemerintah daerah",
    "setda": "sekretariat daerah",
    "sekda": "sekretariat daerah",
    "setwan": "sekretariat dewan perwakilan rakyat daerah",
    "dprd": "dewan perwakilan rakyat daerah",
    "rsud": "rumah sakit umum daerah",
    "rsu": "rumah sakit umum",
    "pkm": "puskesmas",
    "satpol": "satuan polisi",
    "pp": "pamong praja",
    "bpbd": "badan penanggulangan bencana daerah",
    "bappeda": "badan perencanaan pembangunan daerah",
    "bkd": "badan kepegawaian daerah",
    "bkpsdm": "badan kepegawaian pengembangan sumber daya manusia",
    "bpkad": "badan pengelolaan keuangan aset daerah",
    "bapenda": "badan pendapatan daerah",
    "bakesbangpol": "badan kesatuan bangsa politik",
    "kesbangpol": "kesatuan bangsa politik",
    "dinkes": "dinas kesehatan",
    "disdik": "dinas pendidikan",
    "dishub": "dinas perhubungan",
    "dinsos": "dinas sosial",
    "dlh": "dinas lingkungan hidup",
    "dispendukcapil": "dinas kependudukan pencatatan sipil",
    "disdukcapil": "dinas kependudukan pencatatan sipil",
    "dukcapil": "kependudukan pencatatan sipil",
    "diskominfo": "dinas komunikasi informatika",
    "dinkominfo": "dinas komunikasi informatika",
    "dpmptsp": "dinas penanaman modal pelayanan terpadu satu pintu",
    "dpmd": "dinas pemberdayaan masyarakat desa",
    "disnaker": "dinas tenaga kerja",
    "ketenagakerjaan": "tenaga kerja",
    "dispora": "dinas pemuda olahraga",
    "disperindag": "dinas perindustrian perdagangan",
    "damkar": "pemadam kebakaran",
}
REGENCY_KINDS: Final = ("kabupaten", "kota", "provinsi")
PLACE_TYPES: Final = frozenset({"kecamatan", "kelurahan", "desa", "puskesmas", "rumah", "pasar", "terminal"})


@lru_cache(maxsize=8192)
def tokens(name: str) -> tuple[str, ...]:
    """Return the words of a name in lower case, written out, without "dan" and the like."""
    found: list[str] = []
    for word in _WORDS.findall(name.casefold()):
        found.extend(part for part in _LONG.get(word, word).split() if part not in _DROPPED)
    joined = " ".join(found)
    for first, second, whole in _JOINED:
        joined = re.sub(rf"\b{first} {second}\b", whole, joined)
    return tuple(joined.split())


@dataclass(frozen=True, slots=True)
class Regencies:
    """The names of our own regency. "Kabupaten Bandung" is strict; "Bandung" alone equals either kind."""

    names: frozenset[tuple[str, ...]]

    @classmethod
    def of(cls, names: Iterable[str]) -> "Regencies":
        """Make the set from names as people write them."""
        return cls(frozenset(words for name in names if (words := tokens(name))))

    def include(self, told: tuple[str, ...]) -> bool:
        """Tell whether the words name us: with equal kind words, or without one on either side."""
        if not self.names or told in self.names:
            return told in self.names
        kind, rest = self._kind(told)
        return any(
            rest == own_rest and (not kind or not own_kind)
            for own_kind, own_rest in (self._kind(own) for own in self.names)
        )

    def without(self, words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Split an agency name into its own words and the regency that it names (empty when it names none)."""
        is_place = bool(words) and words[0] in PLACE_TYPES
        for place in range(len(words) - 2, 0, -1):
            if words[place] in REGENCY_KINDS and not (is_place and place == 1):
                return words[:place], words[place:]
        bare = {self._kind(own)[1] for own in self.names}
        for own in bare:
            if not is_place and len(words) > len(own) + 1 and words[-len(own) :] == own:
                return words[: -len(own)], own
        return words, ()

    @staticmethod
    def _kind(words: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
        return (words[0], words[1:]) if words[0] in REGENCY_KINDS and len(words) > 1 else ("", words)


@lru_cache(maxsize=65_536)
def likeness(one: str, other: str) -> float:
    """Return how alike two words are written, 0 to 1, the same both ways round."""
    first, second = sorted((one, other))
    return 1.0 if first == second else SequenceMatcher(None, first, second, autojunk=False).ratio()


def set_likeness(told: Sequence[str], known: Sequence[str], least: float = 0.66) -> float:
    """Return the mean likeness of the best word pairs, 0 to 1; a word without a partner counts as nothing."""
    if not told or not known:
        return 0.0
    pairs = sorted(
        ((likeness(a, b), i, j) for i, a in enumerate(told) for j, b in enumerate(known)),
        reverse=True,
    )
    used_told: set[int] = set()
    used_known: set[int] = set()
    total = 0.0
    for score, i, j in pairs:
        if score < least:
            break
        if i not in used_told and j not in used_known:
            used_told.add(i)
            used_known.add(j)
            total += score
    return total / max(len(told), len(known))
