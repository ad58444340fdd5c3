"""`python -m bench.mining` states what `kanal mine` costs on 100,000 demo reports, and how fast a new one is placed.

The reports are spread over the 400 days that a pass reads, without those that are never counted (secret, archived):
--reports says how many a pass is to read. The database is made in --folder and kept there; a second run measures again.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median, quantiles
from tempfile import gettempdir

from bench.house import ROOT, environment, fill, kanal

DAYS = 395
COUNTED = 0.89
"""The share of demo reports that a pass reads, a little less than it is."""
MOST = 1_000_000
"""As many as the demo makes."""


def pass_over(env: dict[str, str]) -> dict[str, object]:
    """One `kanal mine` in a process of its own: seconds, those of processors, largest memory in MiB, what it said."""
    start = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "kanal", "mine"], env=env, cwd=ROOT, stdout=subprocess.PIPE
    ) as process:
        said = process.stdout.read().decode() if process.stdout else ""
        _pid, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"kanal mine ended with {process.returncode}")
    return {
        "seconds": round(time.perf_counter() - start, 1),
        "processor_seconds": round(used.ru_utime + used.ru_stime, 1),
        "memory_mib": round(used.ru_maxrss / 1024),
        "said": said.strip().splitlines()[0],
    }


def figures(seconds: Sequence[float]) -> dict[str, float]:
    """Median, 95 of 100 and the longest, in milliseconds."""
    return {
        "median_ms": round(1000 * median(seconds), 2),
        "p95_ms": round(1000 * quantiles(seconds, n=20)[-1], 2),
        "longest_ms": round(1000 * max(seconds), 2),
    }


def measured(folder: Path, url: str, reports: int) -> Iterator[tuple[str, object]]:
    """Fill the database if it is empty, mine it twice, then let new reports arrive; each figure as it is known."""
    env = {**environment(url, folder), "DJANGO_SETTINGS_MODULE": "kanal.config.settings"}
    ready = folder / f"{reports}.filled"
    if not ready.exists():
        folder.mkdir(parents=True, exist_ok=True)
        fill(min(MOST, round(reports / COUNTED)), env=env, days=DAYS)
        ready.touch()
    kanal("migrate", "--verbosity", "0", env=env)
    yield "first_pass", pass_over(env)
    yield "next_pass", pass_over(env)
    done = subprocess.run(
        [sys.executable, "-m", "bench.newcomers"], env=env, cwd=ROOT, check=True, stdout=subprocess.PIPE
    )
    yield from json.loads(done.stdout).items()


def main() -> None:
    """Print the figures, each as a line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=100_000, metavar="N", help="how many a pass is to read")
    parser.add_argument("--folder", type=Path, default=Path(gettempdir()) / "kanal-bench-mining", metavar="DIR")
    parser.add_argument("--database", default="", metavar="URL", help="instead of SQLite in the folder")
    options = parser.parse_args()
    folder = options.folder / str(options.reports)
    url = options.database or f"sqlite:///{folder / 'kanal.sqlite3'}"
    for name, figure in measured(folder, url, options.reports):
        print(json.dumps({name: figure}), flush=True)


if __name__ == "__main__":
    main()
