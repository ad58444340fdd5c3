"""`python -m bench.places` states how well places are found in texts of our own making, or in a CSV with known places.

With `--input FILE --text COL … --district COL --village COL --regions FILE --under CODE` it reads complaints whose
kecamatan and kelurahan are known; FILE of the regions has the columns kode and nama.
"""

import argparse
import csv
import json
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kanal.config.settings")
django.setup()

from kanal.agencies.pack_files import PACKS  # noqa: E402  # Django is set up only now
from kanal.agencies.places import Gazetteer, Place, Where, key, read_where  # noqa: E402  # Django is set up only now

_LEVEL_OF_DOTS = {1: "kabupaten", 2: "kecamatan", 3: "desa"}
_MATTERS = (
    "Jalan poros rusak parah",
    "Lampu PJU mati",
    "Got mampet, air meluap",
    "Sampah menumpuk di pasar",
    "Bansos belum cair",
)
_TAILS = ("Mohon segera diperbaiki pak.", "Sudah 3 minggu", "tolong ditindaklanjuti", "RT 03 RW 02 dekat masjid", "")
_BOTH = (
    "di desa {v} kecamatan {d}",
    "ds. {v} kec. {d}",
    "Ds {v} Kec {d}",
    "{v}, {d}",
    "desa {v} {d}",
    "kel {v}, kec. {d}",
)
_ALONE = ("di desa {v}", "ds. {v}", "warga desa {v}", "Kelurahan {v}")
_DISTRICT = ("kec. {d}", "di kecamatan {d}", "wilayah Kec {d}")
_NOWHERE = (
    "dekat rumah saya",
    "di desa kami",
    "di jalan depan sekolah",
    "kab. Tuban",
    "di pasar",
    "jalan menuju sawah",
)


@dataclass(frozen=True)
class Example:
    """A text and the code that it names; `asks`: the name repeats, so a person is to be asked. No code: no place."""

    kind: str
    text: str
    code: str = ""
    asks: bool = False


def slip(name: str, rng: random.Random) -> str:
    """The name with one letter left out, doubled, exchanged with the next, or another."""
    at = rng.randrange(1, len(name) - 1)
    ways = (
        name[:at] + name[at + 1 :],
        name[:at] + name[at] + name[at:],
        name[:at] + name[at + 1] + name[at] + name[at + 2 :],
    )
    return rng.choice((*ways, name[:at] + rng.choice("aeiou") + name[at + 1 :]))


def made_up(gazetteer: Gazetteer, rng: random.Random, count: int) -> Iterator[Example]:
    """Texts as citizens write them about places of the pack, the same each time."""
    places = list(gazetteer.places.values())
    villages = [place for place in places if place.tier == "village"]
    districts = [place for place in places if place.tier == "district"]
    bearers = Counter(key(village.name) for village in villages)
    for _ in range(count):
        village, district = rng.choice(villages), rng.choice(districts)
        parent = gazetteer.places[village.parent_code].name
        kind = rng.choice(("both", "both misspelt", "alone", "district", "nowhere"))
        if kind == "both":
            said, code = rng.choice(_BOTH).format(v=village.name, d=parent), village.code
        elif kind == "both misspelt":
            said, code = rng.choice(_BOTH[:3]).format(v=slip(village.name, rng), d=slip(parent, rng)), village.code
        elif kind == "alone":
            said, code = rng.choice(_ALONE).format(v=village.name), village.code
        elif kind == "district":
            said, code = rng.choice(_DISTRICT).format(d=district.name), district.code
        else:
            said, code = rng.choice(_NOWHERE), ""
        text = f"{rng.choice(_MATTERS)} {said}. {rng.choice(_TAILS)}"
        text = rng.choice((text, text.lower(), text.upper()))
        yield Example(kind, text, code, asks=kind == "alone" and bearers[key(village.name)] > 1)


def judged(examples: list[Example], gazetteer: Gazetteer) -> dict[str, dict[str, float]]:
    """For each kind: right, wrong and asked without need among all; for names that repeat, asked with the right one."""
    counts: dict[str, Counter[str]] = {}
    for example in examples:
        kind = "alone, name repeats" if example.asks else example.kind
        counts.setdefault(kind, Counter())[_verdict(example, read_where(example.text, gazetteer))] += 1
    return {
        kind: {"texts": count.total(), **{word: round(n / count.total(), 4) for word, n in sorted(count.items())}}
        for kind, count in sorted(counts.items())
    }


def _verdict(example: Example, told: Where) -> str:
    sure = told.sure
    if sure:
        if sure.place.code == example.code:
            return "right"
        return "kecamatan only" if example.code.startswith(f"{sure.place.code}.") else "wrong"
    if not example.code:
        return "right"
    return "asked" if example.code in {one.place.code for one in told.candidates} else "missed"


def regions(path: Path, under: str) -> Gazetteer:
    """The places below a code, from a CSV of codes and names."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["kode"], row["nama"]) for row in csv.DictReader(file)]
    return Gazetteer(
        Place(code, name, _LEVEL_OF_DOTS[code.count(".")], code.rpartition(".")[0])
        for code, name in rows
        if code == under or code.startswith(f"{under}.")
    )


def known(rows: list[dict[str, str]], gazetteer: Gazetteer, options: argparse.Namespace) -> dict[str, object]:
    """How often the sure place of a text is the known one, and its kecamatan at least."""
    counts: Counter[str] = Counter()
    for row in rows:
        told = read_where(". ".join(row[column] or "" for column in options.text), gazetteer)
        sure = told.sure
        counts["texts"] += 1
        if not sure:
            counts["unsure"] += 1
            continue
        district = (
            sure.place if sure.place.tier == "district" else gazetteer.places.get(sure.place.parent_code, sure.place)
        )
        counts[f"sure {sure.place.tier}"] += 1
        counts[f"right kecamatan of sure {sure.place.tier}"] += key(district.name) == key(row[options.district])
        counts["right village"] += sure.place.tier == "village" and key(sure.place.name) == key(row[options.village])
    return dict(counts)


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input", type=Path)
    parser.add_argument("--text", nargs="+", default=["text"])
    parser.add_argument("--district", default="kecamatan")
    parser.add_argument("--village", default="kelurahan")
    parser.add_argument("--regions", type=Path)
    parser.add_argument("--under", default="")
    options = parser.parse_args()
    start = time.process_time()
    if options.input:
        with options.input.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        result: dict[str, object] = known(rows, regions(options.regions, options.under), options)
        texts = len(rows)
    else:
        with (PACKS / "bojonegoro" / "regions.csv").open(encoding="utf-8", newline="") as file:
            gazetteer = Gazetteer(
                Place(row["code"], row["name"], row["level"], row["parent"]) for row in csv.DictReader(file)
            )
        texts = 10_000
        result = dict(judged(list(made_up(gazetteer, random.Random(3522), texts)), gazetteer))
    print(json.dumps({**result, "texts_per_second": round(texts / (time.process_time() - start))}, indent=1))


if __name__ == "__main__":
    main()
