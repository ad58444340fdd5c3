"""The worker: one process that sends what is due, does tasks, starts jobs and takes back what dead workers left.

Any number of workers may run, on any number of machines: every row is taken by an UPDATE that only one of them wins.
It may be killed at any moment. What it had begun is taken back after SILENCE by whichever worker looks next, itself
included when it is started again.
"""

import logging
import os
import random
import signal
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from types import FrameType

import psutil
from django.db import DatabaseError, close_old_connections, connection

from kanal.common import actions, tasks
from kanal.common.processes import Apart
from kanal.common.tasks import background

logger = logging.getLogger("kanal.worker")

CHORES_EVERY = 10.0
"""Seconds between two looks at the schedule and at what dead workers left."""
BEAT_EVERY = 20.0
SHORTEST_SLEEP, LONGEST_SLEEP = 0.1, 1.0
LONGEST_TROUBLE_SLEEP = 30.0
LINE_TROUBLE = 5.0
LEAVE_LINE = 0.5
"""Seconds in which a line may finish keeping what it just heard."""
STUCK_EXIT = 70


class WorkerDiedError(RuntimeError):
    """Noted on a task whose worker was gone each time it was tried."""


@background()
def beat() -> dict[str, object]:
    """A worker's sign of life: its facts. Workers note it themselves, as an outcome of this task."""
    return {"rss": psutil.Process().memory_info().rss, "pid": os.getpid(), "host": socket.gethostname()}


class Worker:
    """Works until told to stop. `stop()` lets it finish what it has in hand."""

    def __init__(self) -> None:
        self.id = f"{socket.gethostname()}:{os.getpid()}:{random.randrange(16**6):06x}"  # noqa: S311  # a name, no secret
        self._stop = threading.Event()
        self._next_chores = 0.0
        self._busy_since: float | None = None
        self._trouble = 0
        self._apart: list[tuple[actions.TaskRow, Apart]] = []

    def stop(self) -> None:
        """Finish what is in hand, then end."""
        self._stop.set()

    def keep_going(self) -> bool:
        """Whether nobody has asked it to stop."""
        return not self._stop.is_set()

    def obey_signals(self) -> None:
        """Stop in good order at SIGTERM (systemd, containers) and SIGINT (Ctrl-C)."""

        def asked(_number: int, _frame: FrameType | None) -> None:
            self.stop()

        signal.signal(signal.SIGTERM, asked)
        signal.signal(signal.SIGINT, asked)

    def run(self) -> None:
        """Work until stopped. Sleeps up to a second when idle, longer while the database is in trouble."""
        tasks.discover()
        heart = threading.Thread(target=self._live, name="beat", daemon=True)
        heart.start()
        lines = [threading.Thread(target=self._listen, args=pair, daemon=True) for pair in tasks.lines().items()]
        for line in lines:
            line.start()
        pause = SHORTEST_SLEEP
        while self.keep_going():
            if time.monotonic() >= self._next_chores or self._trouble:
                close_old_connections()
            done = self.turn()
            pause = SHORTEST_SLEEP if done else min(pause * 1.5, LONGEST_SLEEP)
            self._stop.wait(self._trouble_pause() or (0 if done else pause))
        heart.join(timeout=2)
        for line in lines:
            line.join(timeout=LEAVE_LINE)  # one that still waits for news is left: what comes now is asked for again
        self._let_go()
        self._guarded("processes", self._end_apart)
        self._guarded("good-bye", lambda: actions.forget_worker(self.id))

    def run_until_idle(self) -> int:
        """Do everything that is due now and return how many things that were; for cron and for tests."""
        tasks.discover()
        total = 0
        while ((done := self.turn() + self._hear_now()) or self._apart) and self.keep_going():
            total += done
            self._stop.wait(0 if done else SHORTEST_SLEEP)
        self._let_go()
        self._end_apart()
        return total

    def turn(self) -> int:
        """Look once at everything. Returns how many things were done; trouble in one part never stops the others."""
        troubled, self._trouble = self._trouble, 0
        if time.monotonic() >= self._next_chores:
            self._next_chores = time.monotonic() + CHORES_EVERY
            self._guarded("reap", actions.reap_tasks)
            for name, work in tasks.rescues().items():
                self._guarded(name, work)
            self._guarded("schedule", lambda: actions.schedule(tasks.due_runs()))
        done = sum(self._guarded(name, partial(work, self.keep_going)) for name, work in tasks.pumps().items())
        if self.keep_going():
            done += self._guarded("tasks", self._next_task)
        done += self._guarded("processes", self._see_apart)
        self._trouble = self._trouble and troubled + 1
        return done

    def _guarded(self, name: str, work: Callable[[], int | None]) -> int:
        self._busy_since = time.monotonic()
        try:
            return work() or 0
        except DatabaseError as error:
            logger.warning("%s: the database is in trouble (%s); trying again", name, str(error).strip())
            self._trouble = 1
        except Exception:
            logger.exception("%s failed", name)
            self._trouble = 1
        finally:
            self._busy_since = None
        return 0

    def _hear_now(self) -> int:
        """Ask each line once for what is there. Returns how many had something."""

        def heard(line: tasks.Line) -> bool:
            return not line.listen(self.id, patient=False)

        return sum(self._guarded(name, partial(heard, line)) for name, line in tasks.lines().items())

    def _listen(self, name: str, line: tasks.Line) -> None:
        """Hear what comes on one line until stopped. Runs in a thread, with a connection to the database of its own."""
        while self.keep_going():
            rest = LINE_TROUBLE
            try:
                rest = line.listen(self.id, patient=True)
            except DatabaseError as error:
                logger.warning("%s: the database is in trouble (%s); trying again", name, str(error).strip())
            except Exception:
                logger.exception("%s failed", name)
            finally:
                connection.close()
            self._stop.wait(rest)

    def _let_go(self) -> None:
        for name, line in tasks.lines().items():
            self._guarded(name, partial(line.let_go, self.id))

    def _trouble_pause(self) -> float:
        return min(2.0 ** (self._trouble - 1), LONGEST_TROUBLE_SLEEP) if self._trouble else 0.0

    def _next_task(self) -> int:
        row = actions.claim_task(self.id)
        if row is None:
            return 0
        self._do(row)
        return 1

    def _do(self, row: actions.TaskRow) -> None:
        arguments = row.args_kwargs
        self._conclude(row, lambda: row.task.call(*arguments["args"], **arguments["kwargs"]))

    def _see_apart(self) -> int:
        """Conclude the work of processes that have ended. Returns how many those were."""
        ended = [pair for pair in self._apart if pair[1].is_done()]
        for row, process in ended:
            self._apart.remove((row, process))
            self._conclude(row, process.outcome)
        return len(ended)

    def _end_apart(self) -> None:
        """What is not ready yet is begun again by the next worker."""
        while self._apart:
            row, process = self._apart.pop()
            process.end()
            self._conclude(row, process.outcome)

    def _conclude(self, row: actions.TaskRow, work: Callable[[], object]) -> None:
        arguments = row.args_kwargs
        try:
            value = work()
        except Exception as error:  # whatever a task raises is a failed attempt of that task
            if actions.fail_task(row, error):
                logger.exception(
                    "%s %s: given up after %s attempts", row.task_path, arguments["args"], actions.ATTEMPTS
                )
            else:
                logger.warning("%s %s: %s; will be tried again", row.task_path, arguments["args"], error)
        else:
            if isinstance(value, Apart):
                self._apart.append((row, value))
            else:
                actions.finish_task(row, value)

    def _live(self) -> None:
        """Say every BEAT_EVERY seconds that this worker lives, and end it when it hangs: its supervisor restarts it.

        Runs in a thread of its own, so that a long task does not look like a dead worker.
        """
        while True:
            try:
                actions.note_beat(self.id, beat.func())
            except DatabaseError as error:
                logger.warning("beat: %s", str(error).strip())
            finally:
                connection.close()
            if self._stop.wait(BEAT_EVERY):
                return
            self._end_if_stuck()

    def _end_if_stuck(self) -> None:
        since = self._busy_since
        if since is not None and time.monotonic() - since > actions.LEASE.total_seconds():
            logger.critical("stuck in one piece of work for more than %s; ending", actions.LEASE)
            os._exit(STUCK_EXIT)
