"""Server and worker as children of one process: started together, watched, stopped together."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import TracebackType
from typing import Self

from kanal.common.processes import PARENT

PATIENCE = 20.0
"""Seconds a child gets to finish what it has in hand before it is killed."""
TAIL = 12
"""Lines of its own words that are shown of a child that died."""


@dataclass(slots=True)
class Child:
    """One process with the file that keeps what it says."""

    name: str
    log: Path
    process: "subprocess.Popen[bytes]"

    def last_words(self) -> str:
        """The end of what it said."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(f"    {line}" for line in lines[-TAIL:])


class Household:
    """The children. Leaving the block stops them: first politely, after PATIENCE seconds by force."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._children: list[Child] = []
        logs.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, name: str, arguments: Sequence[str], environment: dict[str, str]) -> Child:
        """Start `kanal` with arguments. In a session of its own, so that Ctrl-C reaches the parent alone."""
        log = self._logs / f"{name}.log"
        with log.open("wb") as file:
            process = subprocess.Popen(  # noqa: S603  # our own command with our own arguments
                [sys.executable, "-m", "kanal", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environment, PARENT: str(os.getpid()), "PYTHONUNBUFFERED": "1"},
                start_new_session=True,
            )
        child = Child(name, log, process)
        self._children.append(child)
        return child

    def dead(self) -> Child | None:
        """A child that ended although nobody asked it to."""
        return next((child for child in self._children if child.process.poll() is not None), None)

    def wait_until_answering(self, host: str, port: int, *, seconds: float = 60) -> bool:
        """Wait for the first HTTP answer, whatever it says. False when a child died or the time is over."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.dead() is None:
            connection = HTTPConnection(host, port, timeout=10)
            try:
                connection.request("GET", "/")
                connection.getresponse().read()
            except (OSError, HTTPException):
                time.sleep(0.05)
            else:
                return True
            finally:
                connection.close()
        return False

    def stop(self) -> None:
        """Ask all to end, wait, then end what is left, grandchildren included."""
        for child in self._children:
            if child.process.poll() is None:
                child.process.terminate()
        until = time.monotonic() + PATIENCE
        for child in self._children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(timeout=max(until - time.monotonic(), 0.1))
            _kill_session(child.process)
        self._children.clear()


def _kill_session(process: "subprocess.Popen[bytes]") -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()
