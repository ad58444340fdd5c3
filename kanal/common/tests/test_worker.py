"""The worker: tasks once, failures later and visibly, jobs once for each moment, and the dead one's work taken back."""

import os
import sys
import threading
import time as clock
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import psutil
import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from kanal.common import actions, tasks
from kanal.common.actions import Run
from kanal.common.processes import Apart
from kanal.common.tasks import Job, background
from kanal.common.worker import Worker

pytestmark = pytest.mark.django_db
WIB = ZoneInfo("Asia/Jakarta")
Value = TypeVar("Value")
calls: list[Any] = []


@background()
def remember(word: str) -> str:
    calls.append(word)
    return word.upper()


@background()
def always_fails() -> None:
    calls.append("tried")
    raise ValueError("belum bisa")


def noted(word: str, value: Value) -> Value:
    calls.append(word)
    return value


@pytest.fixture(autouse=True)
def _only_our_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pump, job or rescue of a room takes part, except the ones a test announces."""
    for register in ("_jobs", "_pumps", "_rescues", "_lines"):
        monkeypatch.setattr(tasks, register, {})
    monkeypatch.setattr(tasks, "discover", lambda: None)
    calls.clear()


def rows() -> list[DBTaskResult[..., Any]]:
    return list(DBTaskResult.objects.order_by("enqueued_at"))


def make_due() -> None:
    DBTaskResult.objects.filter(status=TaskResultStatus.READY).update(run_after=timezone.now() - timedelta(seconds=1))


def a_dead_worker_took_one() -> DBTaskResult[..., Any]:
    row = actions.claim_task("gone:1")
    assert row
    DBTaskResult.objects.filter(pk=row.pk).update(started_at=timezone.now() - timedelta(minutes=5))
    return row


# Background functions -----------------------------------------------------------------------------------------------


def test_a_task_is_done_once_and_its_value_kept() -> None:
    remember.enqueue("lubang")
    assert Worker().run_until_idle() == 1
    assert Worker().run_until_idle() == 0
    assert calls == ["lubang"]
    row = rows()[0]
    assert (row.status, row.return_value, row.finished_at is None) == ("SUCCESSFUL", "LUBANG", False)


def test_a_failed_task_waits_longer_each_time_and_is_given_up_visibly() -> None:
    always_fails.enqueue()
    pauses = []
    for _attempt in range(actions.ATTEMPTS):
        make_due()
        before = timezone.now()
        Worker().run_until_idle()
        pauses.append((rows()[0].run_after - before).total_seconds())
    row = rows()[0]
    assert row.status == TaskResultStatus.FAILED
    assert "belum bisa" in row.traceback
    assert len(calls) == len(row.worker_ids) == actions.ATTEMPTS
    assert pauses[:-1] == sorted(pauses[:-1])
    assert 27 <= pauses[0] <= 34
    make_due()
    assert Worker().run_until_idle() == 0
    assert actions.failed_tasks() == 1


def test_pauses_grow_and_end_somewhere() -> None:
    assert actions.pause_after(1) < actions.pause_after(3) <= actions.LONGEST_PAUSE * 1.1
    assert actions.pause_after(40) <= actions.LONGEST_PAUSE * 1.1


def test_one_bad_task_does_not_stop_the_next() -> None:
    always_fails.enqueue()
    remember.enqueue("lampu")
    Worker().run_until_idle()
    assert sorted(calls) == ["lampu", "tried"]


def test_a_task_of_a_room_that_is_gone_fails_instead_of_stopping_the_worker() -> None:
    remember.enqueue("x")
    DBTaskResult.objects.update(task_path="kanal.hilang.tasks.nothing")
    Worker().run_until_idle()
    assert rows()[0].status == TaskResultStatus.READY
    assert "hilang" in rows()[0].traceback


# Claiming -----------------------------------------------------------------------------------------------------------


def test_two_workers_never_take_the_same_task(monkeypatch: pytest.MonkeyPatch) -> None:
    remember.enqueue("satu")
    row = DBTaskResult.objects.get()
    first = actions.claim_task("a:1")
    # The second worker read the row before the first one took it.
    monkeypatch.setattr(type(DBTaskResult.objects.ready()), "first", lambda _rows: row)
    assert first
    assert actions.claim_task("b:2") is None
    assert rows()[0].worker_ids == ["a:1"]


@pytest.mark.django_db(transaction=True)
def test_racing_workers_share_the_work_without_doing_any_twice() -> None:
    for number in range(30):
        remember.enqueue(str(number))
    taken: list[str] = []

    def work(name: str) -> None:
        while DBTaskResult.objects.filter(status=TaskResultStatus.READY).exists():
            row = actions.claim_task(name)
            if row:
                taken.append(row.args_kwargs["args"][0])
        connection.close()

    threads = [threading.Thread(target=work, args=(f"w:{number}",)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken, key=int) == [str(number) for number in range(30)]


# The dead -----------------------------------------------------------------------------------------------------------


def test_a_task_of_a_silent_worker_is_taken_back_and_done() -> None:
    remember.enqueue("macet")
    a_dead_worker_took_one()
    assert Worker().run_until_idle() == 1
    assert calls == ["macet"]
    assert len(rows()[0].worker_ids) == 2


def test_a_long_task_of_a_living_worker_is_left_alone() -> None:
    remember.enqueue("lama")
    row = a_dead_worker_took_one()
    actions.note_beat("gone:1", {})
    assert actions.reap_tasks() == 0
    DBTaskResult.objects.filter(pk=row.pk).update(started_at=timezone.now() - actions.LEASE - timedelta(minutes=1))
    assert actions.reap_tasks() == 1


def test_a_task_that_kills_every_worker_is_given_up() -> None:
    remember.enqueue("racun")
    for _attempt in range(actions.ATTEMPTS):
        a_dead_worker_took_one()
        assert actions.reap_tasks() == 1
    row = rows()[0]
    assert row.status == TaskResultStatus.FAILED
    assert "WorkerDied" in row.exception_class_path


def test_a_late_finish_of_a_task_taken_back_changes_nothing() -> None:
    remember.enqueue("terlambat")
    row = a_dead_worker_took_one()
    row.started_at = rows()[0].started_at
    actions.reap_tasks()
    actions.finish_task(row, "lama")
    assert rows()[0].status == TaskResultStatus.READY


# Jobs ---------------------------------------------------------------------------------------------------------------


def test_a_job_runs_once_for_each_moment_however_many_workers_look() -> None:
    tasks.regularly("hitung", every=timedelta(hours=1))(lambda: noted("kerja", "1 baris"))
    for _look in range(3):
        Worker().run_until_idle()
    assert calls == ["kerja"]
    assert rows()[0].return_value == "1 baris"


def test_the_key_of_a_run_is_the_same_for_every_worker_and_differs_for_the_next_moment() -> None:
    run = Run("hitung", datetime(2026, 3, 16, 1, tzinfo=UTC))
    assert run.row_id == Run("hitung", datetime(2026, 3, 16, 1, tzinfo=UTC)).row_id
    assert run.row_id != Run("hitung", datetime(2026, 3, 16, 2, tzinfo=UTC)).row_id
    actions.schedule([run])
    actions.schedule([run])
    assert len(rows()) == 1


def test_a_daily_job_is_due_at_its_time_of_the_regency() -> None:
    job = Job("pagi", lambda: None, at=time(6, 30), zone=lambda: WIB)
    assert job.due_at(datetime(2026, 3, 16, 6, 29, tzinfo=WIB)) == datetime(2026, 3, 15, 6, 30, tzinfo=WIB)
    assert job.due_at(datetime(2026, 3, 16, 6, 30, tzinfo=WIB)) == datetime(2026, 3, 16, 6, 30, tzinfo=WIB)


def test_an_hourly_job_is_due_at_the_full_hour() -> None:
    job = Job("jam", lambda: None, every=timedelta(hours=1))
    assert job.due_at(datetime(2026, 3, 16, 6, 59, tzinfo=UTC)) == datetime(2026, 3, 16, 6, tzinfo=UTC)


def test_a_morning_job_missed_by_far_is_left_out_that_day() -> None:
    job = Job("pagi", lambda: None, at=time(6, 30), zone=lambda: WIB, grace=timedelta(hours=6))
    assert job.is_due(datetime(2026, 3, 16, 12, 30, tzinfo=WIB))
    assert not job.is_due(datetime(2026, 3, 16, 12, 31, tzinfo=WIB))


def test_a_job_needs_one_rhythm_and_a_name_of_its_own() -> None:
    with pytest.raises(ValueError, match="every= or at="):
        tasks.regularly("apa")
    tasks.regularly("satu", at=time(1))(lambda: None)
    with pytest.raises(ValueError, match="two jobs"):
        tasks.regularly("satu", at=time(2))(lambda: None)


def test_asking_for_a_run_soon_twice_is_one_run() -> None:
    tasks.regularly("ulang", every=timedelta(days=400))(lambda: calls.append("kerja"))
    actions.run_soon("ulang")
    actions.run_soon("ulang")
    assert len(rows()) == 1
    make_due()
    Worker().run_until_idle()
    assert "kerja" in calls
    actions.run_soon("ulang")
    assert DBTaskResult.objects.filter(status=TaskResultStatus.READY).count() == 1


def test_old_rows_go_but_the_latest_run_of_a_job_stays() -> None:
    tasks.regularly("tahunan", every=timedelta(days=3650))(lambda: None)
    remember.enqueue("lama")
    Worker().run_until_idle()
    DBTaskResult.objects.update(finished_at=timezone.now() - timedelta(days=30))
    assert actions.prune_tasks(tasks.due_runs()) == 1
    assert [row.args_kwargs["args"][0] for row in rows()] == ["tahunan"]
    assert Worker().run_until_idle() == 0


# Pumps, beats, stopping ---------------------------------------------------------------------------------------------


def test_trouble_in_one_pump_does_not_stop_the_others_and_makes_the_worker_wait() -> None:
    def broken(_keep_going: tasks.KeepGoing) -> int:
        raise OperationalError("database is locked")

    tasks.pump("rusak")(broken)
    tasks.pump("baik")(lambda _keep_going: 0 if calls else noted("baik", 1))
    worker = Worker()
    assert worker.turn() == 1
    worker.turn()
    assert worker._trouble_pause() == 2.0


def test_a_worker_is_heard_of_while_it_lives_and_not_after() -> None:
    actions.note_beat("meja:1", {"rss": 90})
    actions.note_beat("meja:1", {"rss": 91})
    assert actions.workers_alive() == {"meja:1": {"rss": 91}}
    assert not actions.workers_alive(timezone.now() + actions.SILENCE * 2)
    actions.forget_worker("meja:1")
    assert not actions.workers_alive()


@pytest.mark.django_db(transaction=True)
def test_a_worker_asked_to_stop_ends_after_what_it_has_in_hand() -> None:
    worker = Worker()

    def stop(_keep_going: tasks.KeepGoing) -> int:
        worker.stop()
        return 1

    tasks.pump("henti")(stop)
    begun = clock.monotonic()
    worker.run()
    assert clock.monotonic() - begun < 3
    assert not actions.workers_alive()


def test_a_hanging_worker_ends_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    codes: list[int] = []
    monkeypatch.setattr(os, "_exit", codes.append)
    worker = Worker()
    worker._end_if_stuck()
    worker._busy_since = clock.monotonic() - actions.LEASE.total_seconds() - 1
    worker._end_if_stuck()
    assert codes == [70]


# Lines --------------------------------------------------------------------------------------------------------------


class Silent:
    """A line on which nothing ever comes."""

    def __init__(self) -> None:
        self.listening, self.left = threading.Event(), ""

    def listen(self, worker: str, *, patient: bool) -> float:
        assert patient
        assert worker
        self.listening.set()
        threading.Event().wait(60)
        return 0.0

    def let_go(self, worker: str) -> None:
        self.left = worker


@pytest.mark.django_db(transaction=True)
def test_a_line_that_waits_keeps_neither_the_work_nor_the_end_waiting() -> None:
    line, worker = Silent(), Worker()
    tasks.line("sepi", line)
    remember.enqueue("lubang")

    def stop_when_heard(_keep_going: tasks.KeepGoing) -> int:
        if line.listening.is_set() and calls:
            worker.stop()
        return 0

    tasks.pump("henti")(stop_when_heard)
    worker.run()
    assert calls == ["lubang"]
    assert line.left == worker.id


class Stumbles(Silent):
    """A line that breaks, then is told to end."""

    def __init__(self, worker: Worker, *faults: Exception) -> None:
        super().__init__()
        self._worker, self._faults = worker, list(faults)

    def listen(self, worker: str, *, patient: bool) -> float:  # noqa: ARG002  # a line's own signature
        if self._faults:
            raise self._faults.pop(0)
        self.listening.set()
        self._worker.stop()
        return 0.0


@pytest.mark.django_db(transaction=True)
def test_a_line_that_stumbles_is_listened_to_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kanal.common.worker.LINE_TROUBLE", 0.01)
    worker = Worker()
    line = Stumbles(worker, OperationalError("locked"), RuntimeError("aneh"))
    tasks.line("patah", line)
    worker.run()
    assert line.listening.is_set()


def test_a_worker_that_looks_once_hears_what_is_there() -> None:
    said = [0.0, 0.0, 3.0]

    class Talkative(Silent):
        def listen(self, worker: str, *, patient: bool) -> float:  # noqa: ARG002  # a line's own signature
            assert not patient
            return said.pop(0)

    line, worker = Talkative(), Worker()
    tasks.line("ramai", line)
    assert worker.run_until_idle() == 2
    assert line.left == worker.id


# Long work in a process of its own -------------------------------------------------------------------------------


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """A job whose process is the little program that a test gives."""

    def announce(program: str) -> None:
        script = tmp_path / "python"
        script.write_text(f"#!/bin/sh\n{program}\n")
        script.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(script))
        job = Job("count", lambda: Apart("count", seconds=30), every=timedelta(days=1), grace=timedelta(0))
        monkeypatch.setattr(tasks, "_jobs", {"count": job})
        actions.run_soon("count")
        make_due()

    return announce


def test_the_worker_goes_on_while_a_process_of_its_own_works(apart: Callable[[str], None], tmp_path: Path) -> None:
    apart(f"while [ ! -e {tmp_path}/go ]; do sleep 0.05; done; echo satu; echo dua")
    worker = Worker()
    worker.turn()
    remember.enqueue("sementara itu")
    worker.turn()
    assert calls == ["sementara itu"]
    assert job_row().status == TaskResultStatus.RUNNING
    (tmp_path / "go").touch()
    worker.run_until_idle()
    assert job_row().status == TaskResultStatus.SUCCESSFUL
    assert job_row().return_value == "satu / dua"


def test_the_last_words_of_a_process_that_failed_are_kept(apart: Callable[[str], None]) -> None:
    apart("echo mulai; echo 'basis data penuh' >&2; exit 3")
    Worker().run_until_idle()
    assert job_row().status == TaskResultStatus.READY, "it is tried again"
    assert "basis data penuh" in job_row().traceback


def test_a_process_is_ended_with_its_worker_and_its_work_begun_again(apart: Callable[[str], None]) -> None:
    apart("exec sleep 600")
    worker = Worker()
    worker.turn()
    process = psutil.Process().children()[-1]
    worker.stop()
    worker.run_until_idle()
    assert not process.is_running()
    assert job_row().status == TaskResultStatus.READY


def test_a_process_that_takes_too_long_is_ended() -> None:
    process = Apart("--version", seconds=0)
    deadline = clock.monotonic() + 20
    while not process.is_done():
        assert clock.monotonic() < deadline
    with pytest.raises(RuntimeError, match="ended with -9"):
        process.outcome()


def job_row() -> DBTaskResult[..., Any]:
    return next(row for row in rows() if row.task_path == actions.RUN_JOB)
