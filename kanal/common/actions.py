"""Every write to the task table of django-tasks: putting rows there, taking one, finishing it, taking it back.

A row is taken by an UPDATE that names the state it must still be in and looks at how many rows it changed. That is safe
on both databases and needs no lock that a killed worker could leave behind.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from traceback import format_exception
from typing import Any, TypeAlias
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from django.db.models import Q
from django.utils import timezone
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, DEFAULT_TASK_QUEUE_NAME, TaskResultStatus
from django_tasks_db.models import DBTaskResult

TaskRow: TypeAlias = DBTaskResult[..., Any]

ATTEMPTS = 6
"""How often a task is tried before it is given up."""
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=2)
LEASE = timedelta(hours=2)
"""How long one attempt may take. A worker that needs longer is taken for stuck."""
SILENCE = timedelta(seconds=90)
"""A worker that has not been heard of for this long is taken for dead."""
SETTLING = timedelta(seconds=5)
KEPT = timedelta(days=14)
FAILURES_KEPT = timedelta(days=60)

BEAT = "kanal.common.worker.beat"
RUN_JOB = "kanal.common.tasks.run_job"
ROWS = uuid5(NAMESPACE_URL, "kanal:jobs")
"""The namespace of row keys that are worked out rather than drawn by chance."""
READY, RUNNING = TaskResultStatus.READY, TaskResultStatus.RUNNING
FAILED, SUCCESSFUL = TaskResultStatus.FAILED, TaskResultStatus.SUCCESSFUL


def _job_row(row_id: UUID, name: str, due: str, run_after: datetime) -> TaskRow:
    return DBTaskResult(
        id=row_id,
        status=READY,
        args_kwargs={"args": [name, due], "kwargs": {}},
        task_path=RUN_JOB,
        queue_name=DEFAULT_TASK_QUEUE_NAME,
        backend_name=DEFAULT_TASK_BACKEND_ALIAS,
        run_after=run_after,
    )


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job: the key of its row is worked out from the other two."""

    name: str
    due_at: datetime

    @property
    def row_id(self) -> UUID:
        """The primary key in the task table: the same for every worker that works it out."""
        return uuid5(ROWS, f"{self.name}@{self.due_at.isoformat()}")


def schedule(runs: Iterable[Run]) -> None:
    """Put runs of jobs into the task table. Those that are there already, done or not, are passed over."""
    wanted, now = {run.row_id: run for run in runs}, timezone.now()
    known = set(DBTaskResult.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    missing = [_job_row(pk, run.name, run.due_at.isoformat(), now) for pk, run in wanted.items() if pk not in known]
    if missing:
        DBTaskResult.objects.bulk_create(missing, ignore_conflicts=True)


def run_soon(name: str) -> None:
    """Ask for one run of a job in a few seconds; asking again before it begins adds nothing."""
    now = timezone.now()
    asked = DBTaskResult.objects.filter(
        status=READY, task_path=RUN_JOB, args_kwargs={"args": [name, "soon"], "kwargs": {}}, run_after__gt=now
    )
    if not asked.exists():
        row = _job_row(uuid4(), name, "soon", now + SETTLING)
        DBTaskResult.objects.bulk_create([row])


def claim_task(worker_id: str) -> TaskRow | None:
    """Take the next task that is due; None when there is none, or when another worker was faster this time."""
    row = DBTaskResult.objects.ready().filter(backend_name=DEFAULT_TASK_BACKEND_ALIAS).first()
    if row is None:
        return None
    now, workers = timezone.now(), [*row.worker_ids, worker_id]
    taken = DBTaskResult.objects.filter(pk=row.pk, status=READY, started_at=row.started_at).update(
        status=RUNNING, started_at=now, worker_ids=workers
    )
    row.started_at, row.worker_ids = now, workers
    return row if taken else None


def _still_ours(row: TaskRow) -> Q:
    return Q(pk=row.pk, status=RUNNING, started_at=row.started_at)


def finish_task(row: TaskRow, value: object) -> None:
    """Note that a task is done. A row that was taken from us meanwhile stays as it is."""
    DBTaskResult.objects.filter(_still_ours(row)).update(
        status=SUCCESSFUL, finished_at=timezone.now(), return_value=value, exception_class_path="", traceback=""
    )


def pause_after(attempt: int) -> timedelta:
    """How long to wait after the given attempt failed: four times as long each time, up to LONGEST_PAUSE.

    A tenth more or less is left to chance, so that many failures do not all come back in one moment.
    """
    pause: timedelta = min(FIRST_PAUSE * 4.0 ** min(attempt - 1, 10), LONGEST_PAUSE)
    return pause * random.uniform(0.9, 1.1)  # noqa: S311  # spreads load, protects nothing


def fail_task(row: TaskRow, error: BaseException) -> bool:
    """Note that an attempt failed; try again later, or give up. Returns whether it was given up."""
    attempts, now = len(row.worker_ids), timezone.now()
    final = attempts >= ATTEMPTS
    outcome = (
        {"status": FAILED, "finished_at": now} if final else {"status": READY, "run_after": now + pause_after(attempts)}
    )
    DBTaskResult.objects.filter(_still_ours(row)).update(
        **outcome,
        exception_class_path=f"{type(error).__module__}.{type(error).__qualname__}",
        traceback="".join(format_exception(error)),
    )
    return final


def reap_tasks(now: datetime | None = None) -> int:
    """Take back tasks whose worker fell silent, or that run longer than a lease. Returns how many.

    One that has already been begun ATTEMPTS times is given up: it may be what kills the workers.
    """
    now = now or timezone.now()
    alive = set(workers_alive(now))
    reaped = 0
    for row in DBTaskResult.objects.running().filter(started_at__lt=now - SILENCE):
        begun = row.started_at or now
        if row.worker_ids and row.worker_ids[-1] in alive and begun > now - LEASE:
            continue
        outcome = (
            {"status": FAILED, "finished_at": now, "exception_class_path": "kanal.common.worker.WorkerDiedError"}
            if len(row.worker_ids) >= ATTEMPTS
            else {"status": READY, "run_after": now}
        )
        reaped += DBTaskResult.objects.filter(_still_ours(row)).update(**outcome)
    return reaped


# Workers say that they live in one row each, kept as the outcome of the task `beat`: this room has no table of its own.


def _beat_id(worker_id: str) -> UUID:
    return uuid5(ROWS, f"worker:{worker_id}")


def note_beat(worker_id: str, facts: dict[str, object]) -> None:
    """Say that a worker lives, with some facts about it (its memory in bytes, say)."""
    now = timezone.now()
    known = DBTaskResult.objects.filter(pk=_beat_id(worker_id))
    if known.update(finished_at=now, return_value=facts):
        return
    row = _job_row(_beat_id(worker_id), "", "", now)
    row.task_path, row.status, row.args_kwargs = BEAT, SUCCESSFUL, {"args": [], "kwargs": {}}
    row.worker_ids, row.started_at, row.finished_at, row.return_value = [worker_id], now, now, facts
    DBTaskResult.objects.bulk_create([row], ignore_conflicts=True)


def forget_worker(worker_id: str) -> None:
    """Say that a worker ended in good order."""
    DBTaskResult.objects.filter(pk=_beat_id(worker_id)).delete()


def workers_alive(now: datetime | None = None) -> dict[str, dict[str, object]]:
    """The workers heard of within SILENCE, with the facts they told."""
    since = (now or timezone.now()) - SILENCE
    beats = DBTaskResult.objects.filter(task_path=BEAT, finished_at__gte=since)
    return {ids[0]: facts or {} for ids, facts in beats.values_list("worker_ids", "return_value") if ids}


def prune_tasks(latest: Iterable[Run], now: datetime | None = None) -> int:
    """Delete the rows of tasks long finished; failures stay longer. Returns how many went.

    The `latest` run of every job stays however old it is: its row is what says that it has been done.
    """
    now = now or timezone.now()
    old = Q(status=SUCCESSFUL, finished_at__lt=now - KEPT) | Q(status=FAILED, finished_at__lt=now - FAILURES_KEPT)
    silent = Q(task_path=BEAT, finished_at__lt=now - timedelta(days=1))
    kept = [run.row_id for run in latest]
    return DBTaskResult.objects.filter(old | silent).exclude(pk__in=kept).delete()[0]


def failed_tasks() -> int:
    """How many tasks were given up and are still in the table."""
    return DBTaskResult.objects.filter(status=FAILED).count()
