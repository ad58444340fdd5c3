"""A house to measure in: a filled database, Kanal's own server on it, its worker, and somebody signed in."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
KANAL = Path(sys.executable).parent / "kanal"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(url: str, data: Path) -> dict[str, str]:
    """The environment in which every process of the house runs."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "KANAL_DATABASE_URL": url,
        "KANAL_DATA_DIR": str(data),
        "PYTHONPATH": str(ROOT),
    }


def kanal(*words: str, env: dict[str, str]) -> None:
    """Run one of Kanal's commands. Raises CalledProcessError with its output shown."""
    subprocess.run([str(KANAL), *words], env=env, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def fill(count: int, *, env: dict[str, str], days: int = 548) -> float:
    """Make the tables and `count` reports of our own making over so many days; returns the seconds it took."""
    kanal("migrate", "--run-syncdb", "--verbosity", "0", env=env)
    subprocess.run([sys.executable, "-m", "bench.measure", "packs", ""], env=env, cwd=ROOT, check=True)
    start = time.perf_counter()
    kanal("demo", "--reports", str(count), "--seed", "1", "--days", str(days), env=env)
    return time.perf_counter() - start


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def server(env: dict[str, str], *, workers: int = 2) -> Iterator[int]:
    """Run `kanal serve` and yield its port once it answers."""
    port = free_port()
    command = [str(KANAL), "serve", "--port", str(port), "--workers", str(workers)]
    process = subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield port
    finally:
        _stop(process)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError("the server ended before it answered")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not answer within 30 seconds")


@contextmanager
def worker(env: dict[str, str]) -> Iterator[int]:
    """Run `kanal worker` and yield its process id."""
    process = subprocess.Popen(
        [str(KANAL), "worker"], env=env, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process.pid
    finally:
        _stop(process)


def worker_memory(env: dict[str, str], *, seconds: float = 8) -> float:
    """The largest resident memory (MiB) of `kanal worker` while it delivers what the demo owes."""
    largest, end = 0, time.monotonic() + seconds
    with worker(env) as number:
        watched = psutil.Process(number)
        while time.monotonic() < end:
            largest = max(largest, watched.memory_info().rss)
            time.sleep(0.1)
    return largest / 2**20
