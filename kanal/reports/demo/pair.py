"""Two processes that fill one database: while one writes, the other makes its next chunk.

The second is the same command with --assist. It takes every other chunk. Each writes only when the chunk before is in
the database, so reports stand there in order of time, and an interrupted run goes on where it stopped.
"""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

_PAUSE = 0.01  # seconds between two looks into the database
_PATIENCE = 10  # seconds that a second process gets to end


class Alone(Exception):  # noqa: N818  # nothing is wrong: the work is left to the one who remains
    """The other process is gone."""


def wait_for(there: Callable[[], bool], alive: Callable[[], bool]) -> None:
    """Return once `there` is true; raises Alone when it is not and the other process lives no more."""
    while not there():
        if not alive():
            if there():
                return
            raise Alone
        time.sleep(_PAUSE)


def parent_lives() -> Callable[[], bool]:
    """A question that is true as long as the process that started this one lives."""
    parent = os.getppid()
    return lambda: os.getppid() == parent


def worthwhile() -> bool:
    """Whether this machine has a second core to offer."""
    return len(os.sched_getaffinity(0)) > 1 if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1) > 1


@contextmanager
def second(*, total: int, seed: int, today: date, days: int) -> Iterator[Callable[[], bool]]:
    """Start the second process and yield the question whether it lives; it never outlives this block."""
    words = ["--reports", str(total), "--seed", str(seed), "--today", today.isoformat(), "--days", str(days)]
    command = [sys.executable, "-m", "kanal", "demo", "--assist", *words]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603  # our own program and numbers
    try:
        yield lambda: process.poll() is None
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_PATIENCE)
        process.kill()
