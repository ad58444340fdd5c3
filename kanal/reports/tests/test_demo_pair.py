"""A large demonstration is made by two processes: in order, without gaps, whatever happens to one of them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from sqlite3 import connect

import psutil
import pytest

from kanal.reports.actions.bulk_load import CHUNK
from kanal.reports.demo import generator as making
from kanal.reports.demo import pair
from kanal.reports.demo import run as running
from kanal.reports.models import Report
from tests.support.databases import ROOT, copy_to

TODAY = date(2026, 11, 20)


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "CHUNK", 50)
    monkeypatch.setattr(running, "WITH_PHOTOS", 0)
    monkeypatch.setattr(running, "IN_PAIRS", 100)
    monkeypatch.setattr(pair, "worthwhile", lambda: True)


def helped_by(monkeypatch: pytest.MonkeyPatch, lives: Callable[[], bool]) -> None:
    @contextmanager
    def second(**_run: object) -> Iterator[Callable[[], bool]]:
        yield lives

    monkeypatch.setattr(pair, "second", second)


def assert_whole(total: int) -> None:
    moments = list(Report.objects.order_by("pk").values_list("received_at", flat=True)[:total])
    assert len(moments) == total
    assert in_order(moments)


def in_order(moments: list[datetime]) -> bool:
    """One after the other; two chunks may share a day, and the hours of a day are thrown by each."""
    return all(first <= second + timedelta(days=1) for first, second in pairwise(moments))


@pytest.mark.usefixtures("regency", "small_chunks")
@pytest.mark.parametrize("total", [180, 200, 230])
def test_one_who_dies_half_way_leaves_the_rest_to_the_other(total: int, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([True])
    helped_by(monkeypatch, lambda: next(answers, False))
    heard: list[int] = []
    outcome = running.run(total=total, seed=3, today=TODAY, progress=heard.append)
    assert sum(heard) == total
    assert outcome.made == Report.objects.count()
    assert_whole(total)


@pytest.mark.usefixtures("regency", "small_chunks")
@pytest.mark.parametrize("total", [180, 200, 230])
def test_the_second_makes_every_other_chunk(total: int, monkeypatch: pytest.MonkeyPatch) -> None:
    waited = iter([False, True])  # the second needs a moment for its chunk

    def lives() -> bool:
        if next(waited, True):
            monkeypatch.setattr(pair, "wait_for", at_once)
            running.assist(total=total, seed=3, today=TODAY)
            monkeypatch.setattr(pair, "wait_for", real)
        return True

    def at_once(there: Callable[[], bool], _alive: Callable[[], bool]) -> None:
        if not there():
            raise pair.Alone

    real = pair.wait_for
    helped_by(monkeypatch, lives)
    running.run(total=total, seed=3, today=TODAY)
    assert_whole(total)


def test_waiting_ends_with_the_other_process() -> None:
    with pytest.raises(pair.Alone):
        pair.wait_for(lambda: False, lambda: False)
    looks = iter([False, True])
    pair.wait_for(lambda: next(looks), lambda: False)  # its last deed counts


@pytest.mark.faults
def test_two_real_processes_interrupted_and_resumed(tmp_path: Path) -> None:
    path = copy_to(tmp_path)
    env = {**os.environ, "KANAL_DATA_DIR": str(tmp_path), "KANAL_DATABASE_URL": f"sqlite://{path}", "KANAL_DEMO": "1"}
    packs = (
        "import django; django.setup(); from kanal.agencies.actions import load_pack as a; a('bojonegoro'); "
        "from kanal.reports.actions.packs import load_pack as r; r('bojonegoro')"
    )
    env["DJANGO_SETTINGS_MODULE"] = "kanal.config.settings"
    subprocess.run([sys.executable, "-c", packs], cwd=ROOT, env=env, check=True)
    command = [sys.executable, "-m", "kanal", "demo", "--reports", str(running.IN_PAIRS), "--today", "2026-11-20"]
    first = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until(lambda: rows(path)[0] >= CHUNK)
    family = psutil.Process(first.pid).children(recursive=True)
    first.send_signal(signal.SIGINT)
    first.wait(30)
    assert psutil.wait_procs(family, timeout=20)[1] == []
    assert rows(path)[0] % CHUNK == 0
    subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)
    count, ordered = rows(path)
    assert count > running.IN_PAIRS
    assert ordered


def rows(path: Path) -> tuple[int, bool]:
    """How many reports there are, and whether the first chunks stand in order of time."""
    with closing(connect(path)) as database:
        rows = database.execute("SELECT received_at FROM reports_report ORDER BY id")
        moments = [datetime.fromisoformat(row[0]) for row in rows]
    return len(moments), in_order(moments[: running.IN_PAIRS])


def wait_until(done: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.05)
