"""Which of our agencies an export means, with a confidence; never a silent guess."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from kanal.channels.lapor.naming import Regencies, set_likeness, tokens

SURE: Final = 0.9  # below this a person decides
_MARGIN: Final = 0.05  # the best name must be this much better than the next
_NOT_EXACT: Final = 0.98  # the same words in another order are still not the same name
_CANDIDATES: Final = 3
_WORTH_SHOWING: Final = 0.4

# First words that say what an agency is; they must agree, and say nothing about which one it is.
_TYPES: Final = (
    ("rumah", "sakit", "umum", "daerah"),
    ("satuan",),
    ("sekretariat",),
    ("inspektorat",),
    ("pemerintah",),
    ("dinas",),
    ("badan",),
    ("bagian",),
    ("kantor",),
    ("kecamatan",),
    ("kelurahan",),
    ("desa",),
    ("puskesmas",),
    ("perumda",),
)


@dataclass(frozen=True, slots=True)
class KnownAgency:
    """An agency of ours, as much of it as matching needs."""

    code: str
    name: str
    short_name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Match:
    """The agency meant (code None: a person must decide), how sure (0 to 1), why, and the nearest names."""

    code: str | None
    confidence: float
    why: str
    candidates: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class _Key:
    code: str
    words: tuple[str, ...]


class AgencyMatcher:
    """Finds our agency by the name that an export gives. ``regency_names``: what our own regency is called."""

    def __init__(self, known: Iterable[KnownAgency], regency_names: Iterable[str] = ()) -> None:
        self._regencies = Regencies.of(regency_names)
        self._exact: dict[tuple[str, ...], set[str]] = defaultdict(set)
        self._remembered: dict[tuple[str, str], Match] = {}
        self._names: dict[str, str] = {}
        for agency in known:
            self._names[agency.code] = agency.name
            for name in (agency.name, agency.short_name):
                if words := self._regencies.without(tokens(name))[0]:
                    self._exact[words].add(agency.code)
        self._keys = [_Key(code, words) for words, codes in self._exact.items() for code in sorted(codes)]

    def match(self, name: str, parent: str = "") -> Match:
        """Return the agency that ``name`` means.

        ``parent`` (Instansi Induk) tells the regency when the name itself names none: "Dinas Kesehatan" under
        "Pemerintah Kota Samarinda" is not ours.
        """
        if (name, parent) not in self._remembered:
            self._remembered[name, parent] = self._match(name, parent)
        return self._remembered[name, parent]

    def _match(self, name: str, parent: str) -> Match:
        words, regency = self._regencies.without(tokens(name))
        if not words:
            return Match(None, 0.0, _("Nama instansi kosong."))
        regency = regency or self._regencies.without(tokens(parent))[1]
        if regency and not self._regencies.include(regency):
            return Match(None, 0.0, _("Instansi daerah lain: %(name)s.") % {"name": " ".join(regency).title()})
        codes = self._exact.get(words, set())
        if len(codes) == 1:
            return Match(next(iter(codes)), 1.0, _("Nama sama."))
        if codes:
            same = tuple((code, 1.0) for code in sorted(codes))
            return Match(None, 1.0 / len(codes), _("Beberapa instansi bernama sama."), same)
        return self._nearest(words)

    def _nearest(self, words: tuple[str, ...]) -> Match:
        scores: dict[str, float] = {}
        for key in self._keys:
            score = round(min(_likeness(words, key.words), _NOT_EXACT), 3)
            scores[key.code] = max(score, scores.get(key.code, 0.0))
        ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:_CANDIDATES]
        candidates = tuple((code, score) for code, score in ranked if score >= _WORTH_SHOWING)
        if not candidates:
            return Match(None, 0.0, _("Tidak ada instansi yang mirip."))
        code, score = candidates[0]
        listed = ", ".join(f"{self._names[each]} ({value:.2f})" for each, value in candidates)
        if score < SURE:
            return Match(None, score, _("Belum cukup mirip: %(names)s.") % {"names": listed}, candidates)
        if len(candidates) > 1 and candidates[1][1] > score - _MARGIN:
            return Match(None, score, _("Lebih dari satu yang mirip: %(names)s.") % {"names": listed}, candidates)
        return Match(code, score, _("Nama mirip: %(name)s.") % {"name": self._names[code]}, candidates)


def _likeness(told: tuple[str, ...], known: tuple[str, ...]) -> float:
    """Return the likeness of two names by what sets them apart: equal types, then the words after the type."""
    told_type, told_rest = _split_type(told)
    known_type, known_rest = _split_type(known)
    if told_type != known_type:
        return 0.6 * set_likeness(told_rest or told, known_rest or known)
    return set_likeness(told_rest, known_rest)


def _split_type(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    for kind in _TYPES:
        if words[: len(kind)] == kind:
            rest = words[len(kind) :]
            return kind, tuple(word for word in rest if word != "daerah") or rest
    return (), words
