# ruff: noqa: PLR2004, S311  # shares of an invented world, and the dice that decide in it
"""Invented reports by the thousand: the same seed, number and day give the same reports, chunk by chunk."""

import itertools
import re
from bisect import bisect
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from kanal.agencies.queries import Reference
from kanal.common.codes import ALPHABET, BODY, GROUP
from kanal.common.masking import mask
from kanal.common.text import title_from
from kanal.reports.actions.bulk_load import CHUNK, Story
from kanal.reports.actions.intake import HIDDEN_TITLE
from kanal.reports.demo import persons, words, writing
from kanal.reports.demo.life import Life, Staff, World
from kanal.reports.demo.office import Office
from kanal.reports.demo.places import Place, Places
from kanal.reports.demo.scenes import Scene, Scenes
from kanal.reports.queries import ReportReference
from kanal.reports.workflow import Kind, Status

DAYS_BACK = 548
"""Eighteen months, unless somebody wants another span."""
_TELLING = re.compile(r"\d{4}|@")
_MEDIA, _MEDIA_WEIGHTS = ("web", "phone", "email", "visit", "letter"), (72, 10, 8, 7, 3)
_HOURS = (2, 1, 1, 1, 2, 6, 16, 28, 40, 44, 42, 36, 30, 32, 34, 32, 28, 26, 30, 40, 42, 32, 18, 7)
_WEEKDAYS = (1.25, 1.15, 1.1, 1.05, 1.0, 0.75, 0.7)
_BUSY_MONTHS = frozenset({11, 12, 1, 2})
_SAME_TROUBLE_DAYS = 12
_CODES = len(ALPHABET) ** BODY
_STEP = 586_301_221_399  # about 0.69 of all codes, and coprime to 31: every report gets another code


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that several people report: what, exactly where, and who said it first."""

    scene: Scene
    place: Place
    spot: str
    lat: float | None
    lon: float | None
    since: datetime
    main: Story | None


class Generator:
    """Makes `total` reports that came in during so many `days` before `today` (a day of the regency)."""

    def __init__(  # what is there, and what is wanted
        self,
        facts: Reference,
        reference: ReportReference,
        staff: Staff,
        *,
        total: int,
        seed: int,
        today: date,
        days: int = DAYS_BACK,
    ) -> None:
        self.facts, self.total, self.seed = facts, total, seed
        self._dice = f"{seed}/{total}" if days == DAYS_BACK else f"{seed}/{total}/{days} days"
        self.office = Office(facts, today)
        self.places, self.scenes = Places(facts), Scenes(reference)
        slowness = {pk: Random(agency.code).uniform(0.5, 1.9) for pk, agency in facts.agencies.items()}
        self.world = World(self.office, reference, staff, slowness)
        self._first_day = today - timedelta(days=days)
        self._days = [self._first_day + timedelta(days=n) for n in range(days)]
        self._weights = list(itertools.accumulate(_traffic(day) * _known(n / days) for n, day in enumerate(self._days)))

    def chunks(self) -> Iterator[tuple[int, int]]:
        """The runs of report numbers that are made and written together."""
        for start in range(0, self.total, CHUNK):
            yield start, min(start + CHUNK, self.total)

    def code(self, number: int) -> str:
        """The tracking code of a report: never twice in a run, and no pattern to the eye."""
        offset = Random(self._dice).randrange(_CODES)
        return _spelt((number * _STEP + offset) % _CODES, self.facts.regency.code_prefix)

    def chunk(self, start: int, stop: int) -> list[Story]:
        """The reports of one run of numbers, oldest first, each with its life up to today."""
        rng = Random(f"{self._dice}/{start}")
        moments = sorted(self._moment(rng, number) for number in range(start, stop))
        recent: deque[Trouble] = deque(maxlen=60)
        return [self.story(rng, number, at, recent) for number, at in enumerate(moments, start)]

    def story(self, rng: Random, number: int, at: datetime, recent: deque[Trouble]) -> Story:
        """One report: sometimes about trouble that somebody else has just reported."""
        again = self._again(rng, at, recent)
        trouble = again or self._trouble(rng, at)
        story = self.told(rng, number, at, trouble)
        main = trouble.main if again and not story.report["secret"] else None
        Life(self.world, rng, story, trouble.scene, main=main if main and _stands(main) else None).run()
        if again is None and _may_repeat(story, trouble):
            recent.append(Trouble(**{**_as_dict(trouble), "main": story}))
        return story

    def _again(self, rng: Random, at: datetime, recent: deque[Trouble]) -> Trouble | None:
        if not recent or rng.random() > 0.07:
            return None
        found = rng.choice(recent)
        return found if at - found.since < timedelta(days=_SAME_TROUBLE_DAYS) else None

    def _trouble(self, rng: Random, at: datetime) -> Trouble:
        scene = self.scenes.pick(rng, self.office.day(at).month)
        return self.trouble(rng, scene, self.places.pick(rng), at)

    def trouble(self, rng: Random, scene: Scene, place: Place, at: datetime) -> Trouble:
        """A scene at a spot of a village."""
        lat, lon = place.near(rng)
        return Trouble(scene, place, rng.choice(words.SPOTS), lat, lon, at, None)

    def told(self, rng: Random, number: int, at: datetime, trouble: Trouble) -> Story:
        """The report as it came in: who said what, where, how openly."""
        kind = _kind(rng, trouble.scene)
        confidential = kind is Kind.WHISTLEBLOWING
        person = persons.person(self._who(rng, number), rng) if rng.random() < (0.4 if confidential else 0.78) else None
        phone = persons.spoken(person.phone, rng) if person and person.phone and rng.random() < 0.07 else ""
        text = writing.body(rng, trouble.scene, trouble.place, trouble.spot, phone=phone)
        title = (
            writing.title(rng, trouble.scene, trouble.place, trouble.spot) if rng.random() < 0.6 else title_from(text)
        )
        medium = "web" if confidential else rng.choices(_MEDIA, _MEDIA_WEIGHTS)[0]
        rapid = trouble.scene.category.rapid and not confidential
        row = {
            "tracking_code": self.code(number),
            "kind": kind.value,
            "supervision": confidential or trouble.scene.category.code in {"pungli", "dana-desa"},
            "title": HIDDEN_TITLE if confidential else public(title)[:200],
            "body": text,
            "public_body": "" if confidential else public(text),
            "category_id": trouble.scene.category.id,
            "medium": medium,
            "anonymous": confidential or rng.random() < 0.22,
            "secret": confidential or rng.random() < 0.05,
            "status": Status.RECEIVED.value,
            "received_at": at,
            "urgency": 0 if rapid else 1,
            "rapid_reason": f"Kategori {trouble.scene.category.name}"[:160] if rapid else "",
        }
        story = Story(row | self._where(rng, trouble), person)
        _supported(rng, story, self.office.now)
        return story

    def _who(self, rng: Random, number: int) -> int:
        """Usually somebody new, at times a faithful reporter."""
        known = max(1, self.total // 40)
        return rng.randrange(known) if rng.random() < 0.18 else known + number

    def _where(self, rng: Random, trouble: Trouble) -> dict[str, Any]:
        luck = rng.random()
        if luck < 0.04:
            return {"place_text": f"{trouble.spot}, {trouble.place.village}"[:200]}
        where: dict[str, Any] = {"region_id": trouble.place.id, "place_text": trouble.spot if luck < 0.8 else ""}
        if luck < 0.66 and trouble.lat is not None and trouble.lon is not None:
            where["lat"] = round(trouble.lat + rng.gauss(0, 0.0002), 6)
            where["lon"] = round(trouble.lon + rng.gauss(0, 0.0002), 6)
            where["accuracy_m"] = rng.choice((5, 8, 12, 20, 35, 60))
        return where

    def _moment(self, rng: Random, number: int) -> datetime:
        """When report `number` came in: more in the rains, on Mondays and in the morning."""
        position = (number + rng.random()) / self.total * self._weights[-1]
        day = self._days[min(bisect(self._weights, position), len(self._days) - 1)]
        hour = rng.choices(range(24), _HOURS)[0]
        seconds = hour * 3600 + rng.randrange(3600)
        return self.office.midnight(day) + timedelta(seconds=seconds)


def _as_dict(trouble: Trouble) -> dict[str, Any]:
    return {name: getattr(trouble, name) for name in Trouble.__slots__}


def _traffic(day: date) -> float:
    return _WEEKDAYS[day.weekday()] * (1.35 if day.month in _BUSY_MONTHS else 1.0)


def _known(gone: float) -> float:
    """How well the regency knows Kanal when so much of the time is gone: from month to month more people report."""
    return 0.3 + 1.7 * gone


def _spelt(number: int, prefix: str) -> str:
    letters = ""
    for _place in range(BODY):
        number, digit = divmod(number, len(ALPHABET))
        letters += ALPHABET[digit]
    return f"{prefix}-{letters[:GROUP]}-{letters[GROUP:]}"


def _kind(rng: Random, scene: Scene) -> Kind:
    """Mostly what the scene is; some complaints are told as a wish or a question."""
    if scene.kind is not Kind.COMPLAINT:
        return scene.kind
    luck = rng.random()
    if luck < 0.05:
        return Kind.ASPIRATION
    return Kind.INFORMATION if luck < 0.08 else Kind.COMPLAINT


def public(text: str) -> str:
    """The masked text. These people write no plates, so without four digits in a row nothing personal is in it."""
    return mask(text).text if _TELLING.search(text) else text


def _may_repeat(story: Story, trouble: Trouble) -> bool:
    return trouble.scene.kind is Kind.COMPLAINT and not story.report["secret"]


def _stands(main: Story) -> bool:
    return main.merged_into is None and main.report["status"] != Status.ARCHIVED


def _supported(rng: Random, story: Story, now: datetime) -> None:
    if story.report["secret"] or rng.random() > 0.09:
        return
    count = 1 + int(rng.expovariate(0.3))
    at = min(story.report["received_at"] + timedelta(hours=30), now)
    story.supporters = [{"key_hash": f"{rng.getrandbits(256):064x}", "at": at} for _each in range(count)]
    story.report["supporters_count"] = count
