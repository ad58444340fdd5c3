"""What a process asks of its machine before it starts, and how a child stays with its parent."""

import contextlib
import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time

PARENT = "KANAL_PARENT"
"""The environment variable by which `kanal start` tells its children whose they are."""
_TAKEN = frozenset({errno.EADDRINUSE, errno.EACCES})
_PR_SET_PDEATHSIG = 1


def is_free(host: str, port: int) -> bool:
    """Whether a TCP port can be listened on. True as well for an address of another machine: the server says more."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port just left may be taken again
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            return error.errno not in _TAKEN
    return True


def next_free(host: str, port: int, *, tries: int = 20) -> int | None:
    """The first free port from `port` on; None when all that were tried are taken."""
    return next((candidate for candidate in range(port, port + tries) if is_free(host, candidate)), None)


def die_with_parent() -> None:
    """End in good order (SIGTERM) when `kanal start` is killed outright, so that nothing holds its port afterwards.

    Linux does it; elsewhere nothing happens. Does nothing for a process that `kanal start` did not make.
    """
    parent = os.environ.get(PARENT)
    if not parent:
        return
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):  # it died before we asked
        os.kill(os.getpid(), signal.SIGTERM)


class Apart:
    """One of Kanal's own commands at work in a process of its own, so that what it loads is gone with it.

    It ends with the process that began it, and is ended after so many `seconds`.
    """

    def __init__(self, *words: str, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self._files = contextlib.ExitStack()
        self._said = self._files.enter_context(tempfile.TemporaryFile("w+"))  # noqa: SIM115  # `outcome` closes it
        self._complaints = self._files.enter_context(tempfile.TemporaryFile("w+"))  # noqa: SIM115  # and this
        self._process = subprocess.Popen(  # noqa: S603  # our own command with our own arguments
            [sys.executable, "-m", "kanal", *words],
            env={**os.environ, PARENT: str(os.getpid()), "OMP_NUM_THREADS": "1"},
            stdin=subprocess.DEVNULL,
            stdout=self._said,
            stderr=self._complaints,
        )

    def is_done(self) -> bool:
        """Whether it has ended. One that took too long is ended now."""
        if self._process.poll() is None and time.monotonic() > self._until:
            self._process.kill()
            self._process.wait()
        return self._process.poll() is not None

    def outcome(self) -> str:
        """What it printed, waiting for its end. Raises RuntimeError with its last words when it failed."""
        self._process.wait()
        with self._files:
            self._said.seek(0)
            self._complaints.seek(0)
            if self._process.returncode:
                last = self._complaints.read().strip().rpartition("\n")[2]
                raise RuntimeError(last or f"ended with {self._process.returncode}")
            return " / ".join(self._said.read().strip().splitlines())

    def end(self) -> None:
        """Ask it to end, and wait until it has."""
        self._process.terminate()
        self._process.wait()
