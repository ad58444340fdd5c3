"""Starts the learning in a process of its own: scikit-learn never enters the worker."""

import logging
import os
import subprocess  # our own command, fixed arguments
import sys

from kanal.common.processes import PARENT

JOB = "learn-routing"
LONGEST = 30 * 60
"""Seconds after which a run is ended."""
logger = logging.getLogger("kanal.learning")


def learn() -> str:
    """Learn now and say what came of it. Raises RuntimeError with the child's last words when it failed."""
    run = subprocess.run(  # our own command, fixed arguments
        [sys.executable, "-m", "kanal", "learn-routing"],
        env={**os.environ, PARENT: str(os.getpid()), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    if run.returncode:
        raise RuntimeError(run.stderr.strip().rpartition("\n")[2] or f"ended with {run.returncode}")
    return " / ".join(run.stdout.split("\n")).strip(" /")
