"""What invented people complain about, and how often in which month; read from scenes.toml."""

import itertools
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from kanal.reports.queries.reference import CategoryFacts, ReportReference
from kanal.reports.workflow import Kind

_FILE = Path(__file__).parent / "scenes.toml"
_MONTHS = {"rain": frozenset({11, 12, 1, 2, 3}), "dry": frozenset({7, 8, 9, 10})}
_IN_SEASON, _OUT_OF_SEASON = 2.6, 0.3
_RARE = 4  # weight of a category that has keywords only
_RARE_SAYS = (
    "Mohon perhatian soal {word} di {spot} {village}, keadaannya begini terus {since}.",
    "Saya mau lapor tentang {word} di {village} {since}.",
    "Bagaimana kelanjutan urusan {word} di Kecamatan {district}? {since} belum ada kabar.",
)
_RARE_TITLES = ("{word} di {village}", "Soal {word} Kecamatan {district}", "Keluhan {word} dekat {spot}")
_RARE_ANSWERS = (
    "Laporan sudah kami cek bersama pihak terkait pada {day}. Penjelasan lengkap sudah disampaikan kepada pelapor.",
    "Petugas menindaklanjuti pada {day} dan keadaannya sudah baik. Terima kasih sudah memberi tahu kami.",
)


@dataclass(frozen=True, slots=True)
class Scene:
    """One kind of trouble, in the words of several people."""

    category: CategoryFacts
    weight: float
    season: str
    kind: Kind
    titles: tuple[str, ...]
    says: tuple[str, ...]
    harms: tuple[str, ...]
    asks: tuple[str, ...]
    answers: tuple[str, ...]


class Scenes:
    """The scenes that fit a regency's categories, ready to be drawn by month."""

    def __init__(self, reference: ReportReference) -> None:
        self._scenes = list(_scenes(reference))
        if not self._scenes:
            raise ValueError("Kabupaten ini belum punya kategori aduan. Muat dulu paketnya.")
        self._by_month = {
            month: list(itertools.accumulate(scene.weight * _seasonal(scene, month) for scene in self._scenes))
            for month in range(1, 13)
        }

    def pick(self, rng: Random, month: int) -> Scene:
        """A scene as likely as it is in that month."""
        return rng.choices(self._scenes, cum_weights=self._by_month[month])[0]

    def about(self, category: str) -> Scene:
        """The scene of a category; the first of all when the pack does not have it."""
        return next((scene for scene in self._scenes if scene.category.code == category), self._scenes[0])


def _seasonal(scene: Scene, month: int) -> float:
    if not scene.season:
        return 1.0
    return _IN_SEASON if month in _MONTHS[scene.season] else _OUT_OF_SEASON


@cache
def _written() -> dict[str, dict[str, object]]:
    with _FILE.open("rb") as file:
        return {scene["category"]: scene for scene in tomllib.load(file)["scene"]}


def _scenes(reference: ReportReference) -> list[Scene]:
    written = _written()
    found = []
    for category in reference.categories.values():
        row = written.get(category.code)
        if row:
            found.append(
                Scene(
                    category=category,
                    weight=float(str(row["weight"])),
                    season=str(row["season"]),
                    kind=Kind(str(row.get("kind", "complaint"))),
                    **{name: tuple(row[name]) for name in ("titles", "says", "harms", "asks", "answers")},  # type: ignore[arg-type]  # lists of text
                )
            )
        elif category.active and category.parent_id and category.keywords:
            found.append(_from_keywords(category))
    return found


def _from_keywords(category: CategoryFacts) -> Scene:
    words = category.keywords[:6]
    return Scene(
        category=category,
        weight=_RARE,
        season="",
        kind=Kind.COMPLAINT,
        titles=tuple(text.replace("{word}", word) for text in _RARE_TITLES for word in words),
        says=tuple(text.replace("{word}", word) for text in _RARE_SAYS for word in words),
        harms=("Banyak warga yang mengalami.", "Saya sudah bertanya ke desa, belum ada jawaban."),
        asks=("Mohon ditindaklanjuti.", "Mohon penjelasan."),
        answers=_RARE_ANSWERS,
    )
