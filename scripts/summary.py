"""Adds up the JUnit reports of a test run and prints the last line of `make test`; exits 1 unless all is green."""

import sys
from pathlib import Path
from xml.etree import ElementTree as ET

SUITES = ("sqlite", "postgresql", "chromium")


def totals(report: Path) -> dict[str, int]:
    """How many tests passed, failed (or ended in an error) and were skipped in one report; raises if it is missing."""
    found = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for suite in ET.parse(report).getroot().iter("testsuite"):  # noqa: S314  # written a moment ago by our own test run
        for name in found:
            found[name] += int(suite.get(name, "0"))
    failed = found["failures"] + found["errors"]
    return {"passed": found["tests"] - failed - found["skipped"], "failed": failed, "skipped": found["skipped"]}


def main(folder: Path, seconds: str, failed_steps: str) -> int:
    """Print one line for the whole run and return its exit code."""
    silent = [name for name in SUITES if not (folder / f"{name}.xml").is_file()]
    suites = {name: totals(folder / f"{name}.xml") for name in SUITES if name not in silent}
    empty = [name for name, suite in suites.items() if not suite["passed"]]
    if failed_steps:
        print(f"FAILED: {failed_steps}")
    if silent or empty:
        print(f"No test passed on: {', '.join(silent + empty)}")
    words = [f"{sum(suite[what] for suite in suites.values())} {what}" for what in ("failed", "passed", "skipped")]
    parts = ", ".join(f"{name} {suite['passed']}" for name, suite in suites.items())
    shown = [word for word in words if not word.startswith("0 ") or word.endswith("passed")]
    print(f"{', '.join(shown)} in {seconds} s ({parts})")
    return 1 if failed_steps or silent or empty else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
