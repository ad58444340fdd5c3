"""`python -m bench.reading` states how many texts a second one core reads; `--input FILE --text COL` for a CSV."""

import argparse
import csv
import json
import random
import time
from collections.abc import Callable
from pathlib import Path

from kanal.common.indonesian import codes, normal_form, search_tokens, tokens

READERS: tuple[Callable[[str], object], ...] = (tokens, codes, normal_form, search_tokens)
TEXTS = 5_000
_MATTERS = (
    "Jln. berlobang 50 cm",
    "lampu PJU peteng",
    "Banyune mampet, got buntu",
    "Sampah numpuk gk diangkut",
    "Dana blm cair",
)
_PLACES = (
    "di RT 03/RW 05 dsn. Krajan",
    "depan balai desa",
    "kec. Kanor",
    "dkt pasar, sebelah kiri jembatan",
    "ds. Sukorejo",
)
_PLEAS = (
    "Mohon segera diperbaiki, terimakasih 🙏",
    "Tlg pak bupati, sdh 3 minggu!!!",
    "hub 081234567890",
    "Warga resah, takut jatuh",
)


def made_up() -> list[str]:
    """Texts of the usual length, the same each time."""
    rng = random.Random(35_22)
    return [
        ". ".join(rng.choice(part) for part in (_MATTERS, _PLACES, _PLEAS) for _twice in range(3)) for _ in range(TEXTS)
    ]


def measured(texts: list[str]) -> dict[str, int]:
    """Texts a second of processor time for each reader, after one pass to warm up."""
    found = {}
    for reader in READERS:
        for text in texts:
            reader(text)
        start = time.process_time()
        for text in texts:
            reader(text)
        found[reader.__name__] = round(len(texts) / (time.process_time() - start))
    return found


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input", type=Path, help="a CSV with texts")
    parser.add_argument("--text", default="text", help="the column that holds them")
    options = parser.parse_args()
    texts = made_up()
    if options.input:
        with options.input.open(encoding="utf-8-sig", newline="") as file:
            texts = [row[options.text] or "" for row in csv.DictReader(file)]
    characters = round(sum(map(len, texts)) / max(1, len(texts)))
    print(json.dumps({"texts": len(texts), "characters": characters, "texts_per_second": measured(texts)}, indent=1))


if __name__ == "__main__":
    main()
