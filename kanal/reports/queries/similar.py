"""Reports that may be about the same thing: alike in words, near in place, not long ago."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log, sqrt

from django.db.models import QuerySet
from django.utils import timezone

from kanal.agencies.places import distance_m
from kanal.agencies.queries import reference
from kanal.common.indonesian import search_tokens
from kanal.reports.models import Report
from kanal.reports.queries.search import matching

DAYS = 180
CANDIDATES = 120
_LONGEST_TEXT = 3000  # characters compared; a longer text says the same thing again
_LEAST_ALIKE = 0.16
_LEAST_SCORE = 0.2
_SEEN_WORDS = 3


@dataclass(frozen=True, slots=True)
class Probe:
    """What somebody is telling: the words, and the place as far as it is known."""

    text: str
    region_id: int | None = None
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class Similar:
    """One report that may be the same. `distance_m` is None when either has no pin; scores run from 0 to 1."""

    report: Report
    score: float
    alike: float
    distance_m: float | None


def similar(probe: Probe, among: QuerySet[Report], *, limit: int = 5, at: datetime | None = None) -> list[Similar]:
    """The reports of `among` most like the probe, best first, in at most two queries. `among` decides who may be seen.

    Compared are the newest reports of the kecamatan (or, without a place, those that share the two most telling words):
    people describe the same hole in the road in different words, but they stand in the same village.
    """
    words = search_tokens(probe.text[:_LONGEST_TEXT])
    if len(set(words)) < _SEEN_WORDS:
        return []
    at = at or timezone.now()
    candidates = _candidates(probe, among.filter(received_at__gte=at - timedelta(days=DAYS)), words)
    texts = [search_tokens(f"{r.title} {r.public_body[:_LONGEST_TEXT]}") for r in candidates]
    alikes = _cosines(words, texts)
    found = [_judged(probe, report, alike, at) for report, alike in zip(candidates, alikes, strict=True)]
    good = [one for one in found if one.alike >= _LEAST_ALIKE and one.score >= _LEAST_SCORE]
    return sorted(good, key=lambda one: (-one.score, -one.report.pk))[:limit]


def _candidates(probe: Probe, among: QuerySet[Report], words: Sequence[str]) -> list[Report]:
    among = among.defer("body").order_by("-received_at", "-id")
    facts = reference()
    region = facts.regions.get(probe.region_id or 0)
    if region:
        nearby = facts.within(region.district_id or region.id)
        return list(among.filter(region_id__in=nearby)[:CANDIDATES])
    telling = sorted(set(words), key=lambda word: (-len(word), word))[:2]
    return list(matching(among, " ".join(telling) + " ")[:CANDIDATES])


def _cosines(words: Sequence[str], texts: Sequence[Sequence[str]]) -> list[float]:
    """How alike the words are, with words that every candidate uses counting little."""
    spread = Counter(word for text in texts for word in set(text))
    total = len(texts) + 1

    def weighed(text: Iterable[str]) -> dict[str, float]:
        return {word: 1 + log(total / (1 + spread[word])) if spread[word] else 1 + log(total) for word in set(text)}

    mine = weighed(words)
    return [_cosine(mine, weighed(text)) for text in texts]


def _cosine(one: dict[str, float], other: dict[str, float]) -> float:
    shared = sum(weight * other[word] for word, weight in one.items() if word in other)
    if not shared:
        return 0.0
    return shared / sqrt(sum(w * w for w in one.values()) * sum(w * w for w in other.values()))


def _judged(probe: Probe, report: Report, alike: float, at: datetime) -> Similar:
    away = None
    if None not in (probe.lat, probe.lon, report.lat, report.lon):
        away = distance_m(probe.lat, probe.lon, report.lat, report.lon)  # type: ignore[arg-type]  # checked just above
    age = max(0.0, (at - report.received_at).total_seconds() / 86_400)
    fresh = max(0.0, 1 - age / DAYS)
    score = alike * (0.55 + 0.35 * _nearness(probe, report, away) + 0.1 * fresh)
    return Similar(report, score, alike, away)


def _nearness(probe: Probe, report: Report, away: float | None) -> float:
    """1 at the same spot, about a half two kilometres away; by village and kecamatan when there is no pin."""
    if away is not None:
        return 1 / (1 + away / 2000)
    if probe.region_id is None or report.region_id is None:
        return 0.3
    if probe.region_id == report.region_id:
        return 0.8
    return 0.4
