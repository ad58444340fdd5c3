"""Work that is done later or regularly. Rooms announce theirs here from their own `tasks.py`; the worker does it.

Four kinds, each safe to run twice:

* a **background function** (`@background`) is a task of django-tasks: `count_again.enqueue(2026)` in the transaction of
  its cause. It is retried with growing pauses and given up visibly;
* a **job** (`@regularly`) runs every so often or at a time of day. Each run is a row in the task table whose primary
  key is made from the job's name and the moment it was due, so that two workers cannot both put it there. Long work is
  done in a process of its own: its job returns the `Apart`, and the worker goes on meanwhile;
* a **pump** (`@pump`) empties a queue of its own, such as the outbox; a **rescue** (`@rescue`) takes back what a dead
  worker left in it;
* a **line** (`line`) waits for news somewhere else, in a thread of its own so that nothing else waits with it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Protocol

from django.core.management import call_command
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules
from django_tasks import task as background

from kanal.common.actions import Run, prune_tasks
from kanal.common.processes import Apart

__all__ = [
    "Job",
    "Line",
    "background",
    "discover",
    "due_runs",
    "line",
    "lines",
    "pump",
    "pumps",
    "regularly",
    "rescue",
    "rescues",
    "run_job",
]

Work = Callable[[], object]
KeepGoing = Callable[[], bool]
Pump = Callable[[KeepGoing], int]


class Line(Protocol):
    """Where news are awaited. It may be left at any moment, with the process, while it waits."""

    def listen(self, worker: str, *, patient: bool) -> float:
        """Keep the next news and return how many seconds to rest; nought when there may be more.

        Where not `patient`, only what is there already is asked for.
        """

    def let_go(self, worker: str) -> None:
        """The worker ends: another may listen at once."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done every `every`, or each day at `at` in `zone`. A run later than `grace` is left out."""

    name: str
    work: Work
    every: timedelta | None = None
    at: time | None = None
    zone: Callable[[], tzinfo] = timezone.get_default_timezone
    grace: timedelta | None = None

    def due_at(self, now: datetime) -> datetime:
        """The latest moment, not after `now`, at which this job should have begun."""
        if self.every is not None:
            step = int(self.every.total_seconds())
            return datetime.fromtimestamp(int(now.timestamp()) // step * step, tz=UTC)
        local = now.astimezone(self.zone())
        today = datetime.combine(local.date(), self.at or time(), tzinfo=local.tzinfo)
        return (today if today <= local else today - timedelta(days=1)).astimezone(UTC)

    def is_due(self, now: datetime) -> bool:
        """Whether the latest run is still worth doing."""
        return self.grace is None or now - self.due_at(now) <= self.grace

    def run_at(self, now: datetime) -> Run:
        """The latest run, as the task table knows it."""
        return Run(self.name, self.due_at(now))


_jobs: dict[str, Job] = {}
_pumps: dict[str, Pump] = {}
_rescues: dict[str, Callable[[], int]] = {}
_lines: dict[str, Line] = {}


def regularly(
    name: str,
    *,
    every: timedelta | None = None,
    at: time | None = None,
    zone: Callable[[], tzinfo] = timezone.get_default_timezone,
    grace: timedelta | None = None,
) -> Callable[[Work], Work]:
    """Make a function a job: `every` so often (counted from 1970, in UTC) or daily `at` a time of day in `zone`.

    Raises ValueError unless exactly one of `every` and `at` is given, or for a name that another job has.
    """
    if (every is None) == (at is None):
        raise ValueError(f"Job {name!r} needs either every= or at=.")

    def register(work: Work) -> Work:
        if _jobs.setdefault(name, Job(name, work, every, at, zone, grace)).work is not work:
            raise ValueError(f"There are two jobs named {name!r}.")
        return work

    return register


def pump(name: str) -> Callable[[Pump], Pump]:
    """Let the worker call a function again and again: it handles what is due in its own queue and returns how many.

    It is given a question, `keep_going()`, to be asked between two items: the answer is no when the worker should stop.
    """

    def register(work: Pump) -> Pump:
        _pumps[name] = work
        return work

    return register


def rescue(name: str) -> Callable[[Callable[[], int]], Callable[[], int]]:
    """Let the worker call a function every few seconds that takes back what a dead worker began; returns how many."""

    def register(work: Callable[[], int]) -> Callable[[], int]:
        _rescues[name] = work
        return work

    return register


def line(name: str, where: Line) -> None:
    """Let the worker listen somewhere, for as long as it runs."""
    _lines[name] = where


def discover() -> None:
    """Load the `tasks` module of every room, so that all of them have announced their work."""
    autodiscover_modules("tasks")


def due_runs(now: datetime | None = None) -> list[Run]:
    """The latest run of every job, leaving out those that are past their grace."""
    now = now or timezone.now()
    return [job.run_at(now) for job in _jobs.values() if job.is_due(now)]


def pumps() -> dict[str, Pump]:
    """Every pump announced so far."""
    return dict(_pumps)


def rescues() -> dict[str, Callable[[], int]]:
    """Every rescue announced so far."""
    return dict(_rescues)


def lines() -> dict[str, Line]:
    """Every line announced so far."""
    return dict(_lines)


@background()
def run_job(name: str, due: str) -> str | Apart:  # noqa: ARG001  # `due` tells one run from the next in the task table
    """Do a job now. Returns what it says it did, or the process in which it is being done.

    Raises LookupError for a name that no room announces.
    """
    discover()
    job = _jobs.get(name)
    if job is None:
        raise LookupError(f"There is no job named {name!r}.")
    outcome = job.work()
    return outcome if isinstance(outcome, Apart) else str(outcome)


@regularly("prune-tasks", at=time(2, 30))
def _prune() -> str:
    now = timezone.now()
    return f"{prune_tasks([job.run_at(now) for job in _jobs.values()])} rows"


@regularly("clear-sessions", at=time(2, 40))
def _clear_sessions() -> str:
    call_command("clearsessions")
    return "done"
