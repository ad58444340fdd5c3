"""Requests that write take turns in one process while SQLite is the database (docs/adr/0015)."""

import threading
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

PATIENCE = 0.05
"""Seconds a request waits for the one before it. A slow one holds its neighbours up for so long and no longer."""

READING = frozenset({"GET", "HEAD", "OPTIONS"})


class OneByOne:
    """A WSGI application that works on one writing request at a time, as long as none takes longer than PATIENCE."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._turn = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request; one that may write comes after the one before it, if that is quick."""
        if environ["REQUEST_METHOD"] in READING:
            return self._application(environ, start_response)
        has_turn = self._turn.acquire(timeout=PATIENCE)
        try:
            return self._application(environ, start_response)
        finally:
            if has_turn:
                self._turn.release()


def one_by_one(application: Application) -> Application:
    """The application in turns where the database is SQLite, elsewhere as it is."""
    return OneByOne(application) if connection.vendor == "sqlite" else application
