"""A database that is busy with somebody else's writing is waited for: no pass is lost to one long writer."""

import time
from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError

T = TypeVar("T")

LONGEST_WAIT = 600.0
"""Seconds. A database that lets nobody write for so long needs somebody to look at it."""
_PAUSE = 0.2
_SQLITE_BUSY = frozenset({5, 6})  # SQLITE_BUSY, SQLITE_LOCKED
_SQLITE_FULL = frozenset({10, 13})  # SQLITE_IOERR, SQLITE_FULL
_POSTGRES_BUSY = frozenset({"40001", "40P01", "55P03"})  # serialization, deadlock, lock not available
_POSTGRES_FULL = frozenset({"53100", "58030"})  # disk full, io error


def patiently(write: Callable[[], T], *, wait: float | None = None) -> T:
    """Do one whole transaction, again while the database is busy. Raises OperationalError for everything else."""
    until = time.monotonic() + (LONGEST_WAIT if wait is None else wait)
    while True:
        try:
            return write()
        except OperationalError as error:
            if not is_busy(error) or time.monotonic() > until:
                raise
        time.sleep(_PAUSE)


def is_busy(error: OperationalError) -> bool:
    """Whether somebody else writes just now."""
    return _code(error) in _SQLITE_BUSY or _state(error) in _POSTGRES_BUSY


def is_full(error: OperationalError) -> bool:
    """Whether the disk takes no more."""
    return _code(error) in _SQLITE_FULL or _state(error) in _POSTGRES_FULL


def _code(error: OperationalError) -> int:
    """SQLite's own number of what went wrong, without its details; 0 for another database."""
    return int(getattr(error.__cause__, "sqlite_errorcode", 0)) & 0xFF


def _state(error: OperationalError) -> str:
    """PostgreSQL's own code of what went wrong; "" for another database."""
    return str(getattr(error.__cause__, "sqlstate", None) or "")
