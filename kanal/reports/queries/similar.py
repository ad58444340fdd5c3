"""Reports that may be about the same thing: alike in words, copied, of the same photo; near in place, not long ago."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import log, sqrt

from django.db.models import Q, QuerySet
from django.utils import timezone

from kanal.agencies import places
from kanal.agencies.queries import reference
from kanal.common.indonesian import mended, search_tokens
from kanal.common.looks import SAME as SAME_LOOKS
from kanal.common.looks import differing_bits, nearly
from kanal.reports import likeness
from kanal.reports.models import Attachment, Report
from kanal.reports.queries.search import matching

DAYS = 180
CANDIDATES = 120
_FOUND_BY_WORDS = 60
_LONGEST_TEXT = 3000  # characters compared; a longer text says the same thing again
_LEAST_ALIKE = 0.16
_LEAST_SCORE = 0.2
_SEEN_WORDS = 3
_COPY_ALIKE = 0.4  # no copy shares fewer of its words; looking closer costs ten times as much
_COPY_SCORE = 0.9
_PHOTO_SCORE = 0.85


@dataclass(frozen=True, slots=True)
class Probe:
    """What somebody is telling: the words, the place as far as it is known, and what their photos look like."""

    text: str
    region_id: int | None = None
    lat: float | None = None
    lon: float | None = None
    looks: tuple[str, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Similar:
    """One report that may be the same. `distance_m` is None when either has no pin; scores run from 0 to 1.

    `copy`: its text is the same, lightly edited at most. `photo`: a photo of it shows the same.
    """

    report: Report
    score: float
    alike: float
    distance_m: float | None
    copy: bool = False
    photo: bool = False

    @property
    def certain(self) -> bool:
        """Whether words or photo leave little doubt."""
        return self.copy or self.photo


def similar(probe: Probe, among: QuerySet[Report], *, limit: int = 5, at: datetime | None = None) -> list[Similar]:
    """The reports of `among` most like the probe, best first. `among` decides who may be seen.

    At most two queries, and two more for photos. Compared are the newest reports of the kecamatan (people describe the
    same hole in the road in different words, but they stand in the same village), those that share the two most telling
    words, and those with the same photo. Of another kecamatan only copies and the same photo count.
    """
    at = at or timezone.now()
    words = _words(probe.title, probe.text)
    among = among.filter(received_at__gte=at - timedelta(days=DAYS)).defer("body").order_by("-received_at", "-id")
    probe = _placed(probe)
    candidates = _candidates(probe, among, words) if len(set(words)) >= _SEEN_WORDS else {}
    same_photo = _with_photo(probe, among, candidates)
    reports = list(candidates.values())
    alikes = _cosines(words, [_words(r.title, r.public_body) for r in reports])
    found = [
        _judged(probe, report, alike, at, photo=report.pk in same_photo)
        for report, alike in zip(reports, alikes, strict=True)
    ]
    return sorted(filter(_counts, found), key=lambda one: (-one.score, -one.report.pk))[:limit]


def _words(title: str, text: str) -> list[str]:
    return search_tokens(mended(f"{title} {text[:_LONGEST_TEXT]}"))


def _counts(one: Similar) -> bool:
    return one.certain or (one.alike >= _LEAST_ALIKE and one.score >= _LEAST_SCORE)


def _placed(probe: Probe) -> Probe:
    """The probe with the place that its words name, when nobody chose one."""
    if probe.region_id:
        return probe
    pin = (probe.lat, probe.lon) if probe.lat is not None and probe.lon is not None else None
    sure = places.where(probe.text, pin=pin).sure
    return replace(probe, region_id=places.region(sure).id) if sure else probe


def _candidates(probe: Probe, among: QuerySet[Report], words: Sequence[str]) -> dict[int, Report]:
    telling = sorted(set(words), key=lambda word: (-len(word), word))[:2]
    found = list(matching(among, " ".join(telling) + " ")[: _FOUND_BY_WORDS if probe.region_id else CANDIDATES])
    district = _district(probe.region_id)
    if district:
        found += among.filter(region_id__in=reference().within(district))[:CANDIDATES]
    return {report.pk: report for report in found}


def _district(region_id: int | None) -> int | None:
    region = reference().regions.get(region_id or 0)
    return (region.district_id or region.id) if region else None


def _with_photo(probe: Probe, among: QuerySet[Report], candidates: dict[int, Report]) -> set[int]:
    """The reports with an open photo of the same; those found by it alone join the candidates."""
    if not probe.looks:
        return set()
    alike = Q(looks__in=[near for looks in probe.looks for near in nearly(looks)])
    rows = Attachment.objects.filter(alike | Q(report__in=list(candidates)), public=True).exclude(looks="")
    seen = {
        report_id
        for report_id, looks in rows.values_list("report_id", "looks")
        if any(differing_bits(looks, mine) <= SAME_LOOKS for mine in probe.looks)
    }
    if more := seen - set(candidates):
        candidates |= {report.pk: report for report in among.filter(pk__in=more)[:CANDIDATES]}
    return seen


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


def _judged(probe: Probe, report: Report, alike: float, at: datetime, *, photo: bool) -> Similar:
    away = None
    if None not in (probe.lat, probe.lon, report.lat, report.lon):
        away = places.distance_m(probe.lat, probe.lon, report.lat, report.lon)  # type: ignore[arg-type]  # checked just above
    age = max(0.0, (at - report.received_at).total_seconds() / 86_400)
    fresh = max(0.0, 1 - age / DAYS)
    copy = alike >= _COPY_ALIKE and likeness.alike(probe.text, report.public_body) >= likeness.SAME
    weight = 0.55 + 0.35 * _nearness(probe, report, away) + 0.1 * fresh
    score = 0.0 if _elsewhere(probe, report) else alike * weight
    score = max(score, _COPY_SCORE * weight if copy else 0.0, _PHOTO_SCORE * weight if photo else 0.0)
    return Similar(report, score, alike, away, copy, photo)


def _elsewhere(probe: Probe, report: Report) -> bool:
    ours, theirs = _district(probe.region_id), _district(report.region_id)
    return ours is not None and theirs is not None and ours != theirs


def _nearness(probe: Probe, report: Report, away: float | None) -> float:
    """1 at the same spot, about a half two kilometres away; by village and kecamatan when there is no pin."""
    if away is not None:
        return 1 / (1 + away / 2000)
    if probe.region_id is None or report.region_id is None:
        return 0.3
    if probe.region_id == report.region_id:
        return 0.8
    return 0.4
