"""What a process asks of its machine before it starts, and how a child stays with its parent."""

import contextlib
import ctypes
import errno
import os
import signal
import socket

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
