"""Two passes at once would propose the same issue twice, so they take turns."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings


class AnotherRuns(Exception):  # noqa: N818  # it is an answer, not a fault
    """A pass runs already on this installation."""


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the right to do a pass; the system takes it back when the process ends. Raises AnotherRuns."""
    with (settings.DATA_DIR / "mine.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise AnotherRuns from error
        yield
