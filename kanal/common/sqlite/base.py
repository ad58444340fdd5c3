"""Django's SQLite, with writers that wait for one another instead of asking again and again.

SQLite has one writer. One that finds it busy sleeps 1, 2, 5, 10 ... 100 ms between two looks, so that two busy servers
spend much of their time asleep. Here each transaction first takes its turn at a lock file beside the database, looked
at three times a millisecond, which a filing holds it: with eight people filing at once a third more are taken.
"""

import fcntl
import os
import time
from typing import Any

from django.db.backends.sqlite3 import base

_LOOK_EVERY = 0.0003
_PATIENCE = 5.0
"""Seconds, where the settings name no timeout: Python's own for SQLite."""


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose transactions queue.

    The turn is a courtesy: who does not get it in time asks SQLite all the same, and the kernel gives back the turn of
    a process that died.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._queue: int | None = None
        self._has_turn = False

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # one of Django's hooks, unknown to the stubs
        except BaseException:
            self._leave_turn()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]  # one of Django's hooks, unknown to the stubs
        finally:
            self._leave_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # one of Django's hooks, unknown to the stubs
        finally:
            self._leave_turn()

    def _close(self) -> None:
        self._leave_turn()
        if self._queue is not None:
            os.close(self._queue)
            self._queue = None
        super()._close()  # type: ignore[misc]  # one of Django's hooks, unknown to the stubs

    def _take_turn(self) -> None:
        if self.is_in_memory_db():
            return
        if self._queue is None:
            try:
                self._queue = os.open(f"{self.settings_dict['NAME']}-turn", os.O_RDWR | os.O_CREAT, 0o600)
            except OSError:  # a full disk: SQLite says so itself
                return
        until = time.monotonic() + float(self.settings_dict["OPTIONS"].get("timeout", _PATIENCE))
        while time.monotonic() < until:
            try:
                fcntl.flock(self._queue, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(_LOOK_EVERY)
            except OSError:  # a file system without locks
                return
            else:
                self._has_turn = True
                return

    def _leave_turn(self) -> None:
        if self._has_turn and self._queue is not None:
            self._has_turn = False
            fcntl.flock(self._queue, fcntl.LOCK_UN)
