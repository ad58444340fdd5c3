"""Writers of SQLite take turns: nobody is refused while others write, and a dead one holds up nobody."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import OperationalError

from kanal.common.sqlite.base import DatabaseWrapper

pytestmark = pytest.mark.django_db(transaction=True)  # not for its database: pytest lets nobody connect without

WRITERS, ROWS = 6, 25
HOLDER = """
import os, sys, time
import django
from django.conf import settings
settings.configure()
django.setup()
from kanal.common.tests.test_sqlite_turns import connected
connection = connected(sys.argv[1])
connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
connection.cursor().execute("INSERT INTO said VALUES ('half')")
print("ready", flush=True)
time.sleep(60)
"""


def connected(path: object, *, timeout: float = 20) -> DatabaseWrapper:
    """A connection of its own, as each thread of the server has one."""
    return DatabaseWrapper(
        {
            "NAME": str(path),
            "OPTIONS": {
                "timeout": timeout,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
            },
            "TIME_ZONE": None,
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": False,
            "AUTOCOMMIT": True,
        },
        alias="turns",
    )


def write(connection: DatabaseWrapper, word: str) -> None:
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM said")
            cursor.execute("INSERT INTO said VALUES (%s)", [word])
        connection.commit()
    finally:
        connection.set_autocommit(True)


def said(connection: DatabaseWrapper) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM said")
        return int(cursor.fetchone()[0])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with one table."""
    connection = connected(tmp_path / "db.sqlite3")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE said (word text)")
    connection.close()
    return tmp_path / "db.sqlite3"


@pytest.fixture
def connection(path: Path) -> Iterator[DatabaseWrapper]:
    """One connection of the test itself."""
    one = connected(path)
    yield one
    one.close()


def test_many_at_once_are_all_written(path: Path, connection: DatabaseWrapper) -> None:
    def speak(number: int) -> None:
        mine = connected(path)
        for row in range(ROWS):
            write(mine, f"{number}:{row}")
        mine.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(speak, range(WRITERS)))
    assert said(connection) == WRITERS * ROWS


def test_whoever_never_gets_the_turn_is_told_that_the_database_is_busy(path: Path, connection: DatabaseWrapper) -> None:
    impatient = connected(path, timeout=0.1)
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    with pytest.raises(OperationalError, match="locked"):
        write(impatient, "terlalu cepat")
    connection.rollback()
    connection.set_autocommit(True)
    write(impatient, "sekarang")
    impatient.close()
    assert said(connection) == 1


def test_a_writer_that_is_killed_gives_its_turn_back(path: Path, connection: DatabaseWrapper) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE, env={**os.environ})
    assert holder.stdout
    assert holder.stdout.readline() == b"ready\n"
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    start = time.monotonic()
    write(connection, "lanjut")
    assert time.monotonic() - start < 5
    assert said(connection) == 1
