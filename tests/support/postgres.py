"""A throw-away PostgreSQL cluster from the binaries of this machine, for tests and bench.

    python -m tests.support.postgres -- COMMAND ...    runs COMMAND with KANAL_DATABASE_URL set to a fresh cluster
    python -m tests.support.postgres --check           exits 0 when PostgreSQL 15 or later is installed

The cluster listens on a Unix socket only, trusts its one user, does not wait for the disk, and is stopped and
deleted at the end, whatever happened in between.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict

import psycopg

OLDEST = 15
START_SECONDS = 30
# Fast and forgetful: a crash may lose this cluster, nothing else.
_FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_wal_size=2GB", "jit=off")


class PostgresMissingError(RuntimeError):
    """PostgreSQL's server programs are not installed, or too old."""


class _RunAs(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


def binaries() -> Path:
    """The folder of the newest installed server programs (initdb, postgres).

    Raises PostgresMissingError, naming the package to install.
    """
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if debian and int(debian[-1].parts[-3]) >= OLDEST:
        return debian[-1].parent
    on_path = shutil.which("initdb")
    if on_path and not debian:
        return Path(on_path).resolve().parent
    raise PostgresMissingError(f"PostgreSQL {OLDEST} or later is needed; on Debian: apt-get install postgresql")


def _run_as() -> _RunAs:
    """PostgreSQL refuses to run as root: there its own user runs it; anybody else runs it as themselves."""
    if os.geteuid() != 0:
        return {}
    owner = pwd.getpwnam("postgres")
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _initialise(bin_dir: Path, home: Path, who: _RunAs) -> None:
    if who:
        os.chown(home, who["user"], who["group"])
    made = subprocess.run(
        [
            bin_dir / "initdb",
            *("--pgdata", home / "data", "--username", "kanal", "--auth", "trust"),
            *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
        ],
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
        **who,
    )
    if made.returncode:
        raise RuntimeError(f"initdb failed:\n{made.stdout}{made.stderr}")


def _wait_until_ready(server: subprocess.Popen[bytes], home: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with psycopg.connect(host=str(home), user="kanal", dbname="postgres", autocommit=True) as connection:
                connection.execute("CREATE DATABASE kanal")
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > deadline:
                log = (home / "log").read_text(encoding="utf-8", errors="replace")
                raise RuntimeError(f"PostgreSQL did not start:\n{log}") from error
            time.sleep(0.05)
        else:
            return


def _stop(server: subprocess.Popen[bytes]) -> None:
    # SIGINT is PostgreSQL's "fast" shutdown, SIGQUIT its "immediate" one.
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        server.send_signal(number)
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            continue
        return


@contextmanager
def throwaway_cluster(*options: str) -> Iterator[str]:
    """Start a cluster and yield its KANAL_DATABASE_URL; `options` are more server settings (`shared_buffers=1GB`)."""
    bin_dir, who = binaries(), _run_as()
    # A socket's path may have about 100 characters: /tmp rather than a long TMPDIR.
    home = Path(tempfile.mkdtemp(prefix="kanal-pg-", dir="/tmp" if Path("/tmp").is_dir() else None))
    server = None
    try:
        _initialise(bin_dir, home, who)
        settings = (f"unix_socket_directories={home}", "listen_addresses=", *_FAST, *options)
        with (home / "log").open("wb") as log:
            server = subprocess.Popen(
                [bin_dir / "postgres", "-D", home / "data", *(word for item in settings for word in ("-c", item))],
                cwd=home,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C ends the tests first; the server is stopped afterwards, by its pid
                **who,
            )
        _wait_until_ready(server, home)
        yield f"postgres://kanal@/kanal?host={home}"
    finally:
        if server is not None:
            _stop(server)
        shutil.rmtree(home, ignore_errors=True)


def _terminate(_number: int, _frame: object) -> None:
    sys.exit(143)


def main(arguments: list[str]) -> int:
    """Run the command after `--` with a cluster of its own and return its exit code."""
    if arguments == ["--check"]:
        print(binaries())  # noqa: T201  # the answer to the question
        return 0
    if not arguments or arguments[0] != "--":
        print(__doc__, file=sys.stderr)  # noqa: T201  # usage
        return 2
    signal.signal(signal.SIGTERM, _terminate)
    with throwaway_cluster() as url:
        command = subprocess.Popen(arguments[1:], env={**os.environ, "KANAL_DATABASE_URL": url})
        try:
            return command.wait()
        except KeyboardInterrupt:
            return command.wait()
        except SystemExit:
            command.terminate()
            command.wait()
            raise


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except PostgresMissingError as error:
        sys.exit(f"kanal: {error}")
