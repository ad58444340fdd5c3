"""`python -m bench` measures Kanal beside the bare stack; with `--large` it searches among a million reports."""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import house
from tests.support.postgres import throwaway_cluster

LATEST = Path(__file__).parent / "latest.json"
DATA = house.ROOT / "var" / "bench"
REPORTS = 100_000
# As a server would run it: commits wait for the disk. Only the memory is a little more than the cautious default.
POSTGRES = ("fsync=on", "full_page_writes=on", "synchronous_commit=on", "shared_buffers=1GB", "jit=on")


@contextmanager
def database(vendor: str, name: str) -> Iterator[dict[str, str]]:
    """An environment with an empty database of its own; it is gone afterwards."""
    folder = DATA / name
    folder.mkdir(parents=True, exist_ok=True)
    if vendor == "sqlite":
        path = folder / "db.sqlite3"
        for leftover in folder.glob("db.sqlite3*"):
            leftover.unlink()
        try:
            yield house.environment(f"sqlite://{path}", folder)
        finally:
            for leftover in folder.glob("db.sqlite3*"):
                leftover.unlink()
    else:
        with throwaway_cluster(*POSTGRES) as url:
            yield house.environment(url, folder)


def _child(vendor: str, part: str, env: dict[str, str]) -> dict[str, Any]:
    """Measure in a process of its own, because Django's settings are read once."""
    words = [sys.executable, "-m", "bench.measure", part, vendor]
    done = subprocess.run(words, env=env, cwd=house.ROOT, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def _machine() -> dict[str, Any]:
    return {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}


def _table(rows: list[dict[str, Any]]) -> None:
    print(f"{'database':<11} {'what':<34} {'Kanal/s':>9} {'bare/s':>9} {'share':>7} {'promise':>8}  {'p95 ms':>7}")
    for row in rows:
        kept = "" if not row["promise"] else "kept" if row["share"] >= row["promise"] else "MISSED"
        print(
            f"{row['database']:<11} {row['name']:<34} {row['ours']:>9.0f} {row['bare']:>9.0f} {row['share']:>7.2f}"
            f" {row['promise']:>8.2f}  {row['p95']:>7.1f} {kept}"
        )


def standard(reports: int) -> dict[str, Any]:
    """The table of the README: two databases, 2 server processes, 8 clients."""
    rows: list[dict[str, Any]] = []
    extra: dict[str, Any] = {}
    for vendor in ("sqlite", "postgresql"):
        with database(vendor, vendor) as env:
            seconds = house.fill(reports, env=env)
            measured = _child(vendor, "pages", env)
            memory = round(house.worker_memory(env), 1)
            letters = _child(vendor, "mailroom", env)
            rows += measured["rows"] + letters["rows"]
            extra[vendor] = {
                "fill_seconds": round(seconds, 1),
                "queries": measured["queries"],
                "deep_page_ms": measured["deep_page_ms"],
                "search": measured["search"],
                "worker_mib": memory,
                "burst": letters["burst"],
            }
    return {"reports": reports, "rows": rows, "more": extra}


def large(reports: int) -> dict[str, Any]:
    """Full-text search among a million reports."""
    found = {}
    for vendor in ("sqlite", "postgresql"):
        with database(vendor, f"{vendor}-large") as env:
            seconds = house.fill(reports, env=env)
            found[vendor] = {"fill_seconds": round(seconds, 1), **_child(vendor, "search", env)}
    return {"reports": reports, "search": found}


def main() -> None:
    """Measure, print, and keep the figures in latest.json. Never fails a build: it exits 0 whatever it found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="search among a million reports instead")
    parser.add_argument("--reports", type=int, default=0, help="another number of reports")
    options = parser.parse_args()
    start = time.perf_counter()
    name = "large" if options.large else "standard"
    result = large(options.reports or 1_000_000) if options.large else standard(options.reports or REPORTS)
    known = json.loads(LATEST.read_text(encoding="utf-8")) if LATEST.exists() else {}
    known[name] = {"machine": _machine(), "seconds": round(time.perf_counter() - start), **result}
    LATEST.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    if not options.large:
        _table(result["rows"])
    print(json.dumps(result["search"] if options.large else result["more"], indent=1))
    print(f"{known[name]['seconds']} seconds; kept in {LATEST.relative_to(house.ROOT)}")


if __name__ == "__main__":
    main()
