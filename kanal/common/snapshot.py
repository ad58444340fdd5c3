import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Snapshot(Generic[T]):
    """Small, rarely changing data (agencies, villages, rules) kept in the process and read again after `seconds`.

    A change is seen at once in the process that made it (it calls `clear`), and within `seconds` in the others.
    """

    _all: "list[Snapshot[object]]" = []

    def __init__(self, load: Callable[[], T], *, seconds: float = 20) -> None:
        self._load = load
        self._seconds = seconds
        self._value: T | None = None
        self._until = 0.0
        Snapshot._all.append(self)  # type: ignore[arg-type]  # a register of all kinds of snapshots

    def __call__(self) -> T:
        """The kept value, loaded now if it is missing or too old."""
        value = self._value
        if value is None or time.monotonic() >= self._until:
            value = self._value = self._load()
            self._until = time.monotonic() + self._seconds
        return value

    def clear(self) -> None:
        """Forget: the next reader loads again."""
        self._value = None

    @classmethod
    def clear_all(cls) -> None:
        """Forget everything, as tests do between one another."""
        for snapshot in cls._all:
            snapshot.clear()
