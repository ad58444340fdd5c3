"""Copying a whole database into a file and back: SQLite's own backup interface, PostgreSQL's own tools."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Protocol

from django.db import connection, connections

Progress = Callable[[float], None]
"""Hears how far a step is, from 0 to 1."""
PAGES = 2_000
LATEST_SQLITE_WAIT = 30.0


class BackupError(RuntimeError):
    """A backup could not be made or restored. The text is for a person."""


class Database(Protocol):
    """What a backup needs to know of a kind of database."""

    engine: str
    file_name: str

    def copy_to(self, path: Path, progress: Progress) -> None:
        """Write everything into a new file."""

    def restore_from(self, path: Path, progress: Progress) -> None:
        """Put the content of a file in the place of everything that is here: all of it, or nothing."""


class Sqlite:
    """The online backup interface: a consistent copy while others write, page by page."""

    engine = "sqlite"
    file_name = "database.sqlite3"

    def __init__(self) -> None:
        self._path = str(connection.settings_dict["NAME"])

    def copy_to(self, path: Path, progress: Progress) -> None:
        """Copy the live file. Raises BackupError when it cannot be read."""
        try:
            with closing(sqlite3.connect(self._path)) as source, closing(sqlite3.connect(path)) as target:
                source.execute("BEGIN")  # one snapshot: else every write of others would start the copy afresh
                source.execute("SELECT count(*) FROM sqlite_schema").fetchone()
                source.backup(target, pages=PAGES, progress=_share(progress))
                target.execute("PRAGMA journal_mode=DELETE")  # one file, without its log beside it
        except sqlite3.Error as fault:
            raise BackupError(f"Basis data tidak bisa disalin: {fault}") from fault

    def restore_from(self, path: Path, progress: Progress) -> None:
        """Copy back in one transaction. Raises BackupError for a damaged file, or when somebody holds the database."""
        connections.close_all()
        try:
            with closing(sqlite3.connect(path)) as source:
                if source.execute("PRAGMA quick_check").fetchone()[0] != "ok":
                    raise BackupError("Salinan basis datanya rusak.")
                with closing(sqlite3.connect(self._path, timeout=LATEST_SQLITE_WAIT)) as target:
                    source.backup(target, pages=-1, progress=_share(progress))
                    target.execute("PRAGMA journal_mode=WAL")
        except sqlite3.Error as fault:
            raise BackupError(
                f"Basis data tidak bisa ditulis: {fault}. Sudahkah server dan pekerja dihentikan?"
            ) from fault


def _share(progress: Progress) -> Callable[[int, int, int], None]:
    return lambda _status, remaining, total: progress(1 - remaining / total if total else 1.0)


class Postgres:
    """pg_dump in its own compressed format, and pg_restore in one transaction."""

    engine = "postgresql"
    file_name = "database.pgdump"

    def copy_to(self, path: Path, progress: Progress) -> None:
        """Dump the database. Raises BackupError with the tool's own words."""
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={path}")
        progress(1)

    def restore_from(self, path: Path, progress: Progress) -> None:
        """Replace everything in one transaction. Raises BackupError with the tool's own words.

        The dump becomes SQL first, so that a damaged one is found before anything is dropped; the whole schema goes, so
        that tables of a newer Kanal do not stand in the way.
        """
        statements = path.with_suffix(".sql")
        _run("pg_restore", "--no-owner", "--no-privileges", f"--file={statements}", str(path))
        progress(0.3)
        _run(
            "psql",
            *("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"),
            *("--command=DROP SCHEMA IF EXISTS public CASCADE", "--command=CREATE SCHEMA public"),
            f"--file={statements}",
        )
        progress(1)


def _run(tool: str, *arguments: str) -> None:
    """Run one of PostgreSQL's tools on our database, without a connection of ours in its way."""
    program = _tool(tool)
    connections.close_all()
    settings = connection.settings_dict
    given = {
        "PGHOST": settings["HOST"],
        "PGPORT": settings["PORT"],
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGDATABASE": settings["NAME"],
    }
    environment = {**os.environ, **{name: str(value) for name, value in given.items() if value}}
    done = subprocess.run(  # noqa: S603  # PostgreSQL's own tool with our own arguments
        [program, *arguments],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupError(f"{tool} gagal: {done.stderr.strip()[-500:]}")


def _tool(name: str) -> str:
    """The path of one of PostgreSQL's tools: of the server's own version, else the newest.

    An older tool refuses a newer server, and a newer one writes settings that an older server does not know.
    """
    by_version = {int(path.parts[-3]): path for path in Path("/usr/lib/postgresql").glob(f"*/bin/{name}")}
    server: int = connection.pg_version // 10_000  # type: ignore[attr-defined]  # of the PostgreSQL wrapper
    found = by_version.get(server) or by_version.get(max(by_version, default=0)) or shutil.which(name)
    if not found:
        raise BackupError(f"{name} tidak ditemukan. Pasang paket postgresql-client.")
    return str(found)


def this_database() -> Database:
    """The database of this installation."""
    return Sqlite() if connection.vendor == "sqlite" else Postgres()
