"""A whole installation: its own database and data folder, the console, real server and worker processes to kill."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection

from tests.support import databases
from tests.support.databases import ROOT

PREPARE = """
from kanal.agencies.actions import load_pack as places
from kanal.reports.actions.packs import load_pack as ways
places("bojonegoro")
ways("bojonegoro")
"""
_FIELD = re.compile(r'name="(csrfmiddlewaretoken|stamp)" value="([^"]+)"')


def eventually(true: Callable[[], object], *, seconds: float = 60, what: str = "") -> None:
    """Wait until something is true; fails the test when it does not become so."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, f"not within {seconds} s: {what}"
        time.sleep(0.05)


@dataclass
class Form:
    """The report form as one visitor's browser has it: its stamp, its cookie, the words typed into it."""

    stamp: str
    token: str
    cookie: str
    visitor: str
    body: str


class Installation:
    """Everything is done through real processes; `python` runs a few lines inside the installation and returns JSON."""

    def __init__(self, folder: Path, database_url: str, **environment: str) -> None:
        self.folder = folder
        self.port = _free_port()
        self._processes: list[subprocess.Popen[bytes]] = []
        bare = {name: value for name, value in os.environ.items() if not name.startswith("KANAL_")}
        self.environment = {
            **bare,
            "KANAL_DATA_DIR": str(folder),
            "KANAL_DATABASE_URL": database_url,
            "KANAL_BEHIND_PROXY": "1",  # each visitor comes from an address of their own
            "KANAL_LIMIT_REPORTS": "0",
            **environment,
        }

    def python(self, code: str) -> Any:
        """Run code in the installation. It may call `tell(value)` once to send something back."""
        frame = (
            "import django, json\ndjango.setup()\n"
            f"def tell(value): print('\\n@@' + json.dumps(value, default=str))\n{code}"
        )
        done = subprocess.run(
            [sys.executable, "-c", frame],
            cwd=ROOT,
            env={**self.environment, "DJANGO_SETTINGS_MODULE": "kanal.config.settings"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        _noise, _mark, told = done.stdout.rpartition("@@")
        return json.loads(told) if told else None

    def kanal(self, *arguments: object, **changes: str) -> "subprocess.CompletedProcess[str]":
        """Run a console command to its end, as an administrator does, with changes to the environment if wanted."""
        return subprocess.run(
            [sys.executable, "-m", "kanal", *map(str, arguments)],
            cwd=ROOT,
            env={**self.environment, **changes},
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start a `kanal` process in a session of its own, so that it can be killed with all its children."""
        with (self.folder / f"{arguments[0]}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "kanal", *arguments],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._processes.append(process)
        return process

    def serve(self) -> "subprocess.Popen[bytes]":
        """Start a server with one process and wait for its first answer."""
        process = self.start("serve", "--port", str(self.port), "--workers", "1")
        eventually(lambda: self._answers() or process.poll() is not None, seconds=60, what="the server answers")
        assert process.poll() is None, (self.folder / "serve.log").read_text()[-2000:]
        return process

    def kill(self, process: "subprocess.Popen[bytes]") -> None:
        """Kill -9, children included."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop_all(self) -> None:
        """Kill whatever still runs."""
        for process in self._processes:
            if process.poll() is None:
                self.kill(process)

    def _answers(self) -> bool:
        try:
            return self.request("GET", "/lacak/")[0] < 500
        except (OSError, HTTPException):
            return False

    def request(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], str]:
        """One HTTP request. Returns status, headers (by lower-case names) and text."""
        client = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            client.request(method, path, body or None, headers or {})
            answer = client.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()
        finally:
            client.close()

    def form(self, number: int) -> Form:
        """Open the report form as visitor `number`."""
        visitor = f"10.0.{number // 250}.{number % 250 + 1}"
        status, headers, page = self.request("GET", "/lapor/", headers={"X-Forwarded-For": visitor})
        assert status == 200, page
        fields = dict(_FIELD.findall(page))
        cookie = headers.get("set-cookie", "").partition(";")[0]
        body = f"Jalan nomor {number} berlubang di depan balai desa."
        return Form(fields["stamp"], fields.get("csrfmiddlewaretoken", ""), cookie, visitor, body)

    def send(self, form: Form, photo: bytes = b"") -> tuple[int, dict[str, str], str]:
        """Press Kirim."""
        fields = {"stamp": form.stamp, "csrfmiddlewaretoken": form.token, "kind": "complaint", "body": form.body}
        headers = {"X-Forwarded-For": form.visitor, "Cookie": form.cookie}
        if not photo:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            return self.request("POST", "/lapor/", urlencode(fields).encode(), headers)
        line = "----batas"
        parts = [
            f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        ]
        head = f'--{line}\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n'
        parts.append(f"{head}Content-Type: image/jpeg\r\n\r\n".encode() + photo + f"\r\n--{line}--\r\n".encode())
        headers["Content-Type"] = f"multipart/form-data; boundary={line}"
        return self.request("POST", "/lapor/", b"".join(parts), headers)


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# Databases: one is prepared for the whole run, each test gets a copy -------------------------------------------------


class Template:
    """A database of the kind this test run uses, with the regency in it, to copy from."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._name = f"installation_{os.getpid()}"
        self._copies: list[str] = []
        self.postgres = connection.vendor == "postgresql"
        if self.postgres:
            Installation(folder, databases.copy_postgres(self._name)).python(PREPARE)

    @cached_property
    def _sqlite(self) -> Path:
        file = databases.copy_to(self._folder)
        Installation(self._folder, f"sqlite://{file}").python(PREPARE)
        return file

    def copy(self, folder: Path) -> str:
        """A database of one's own, as a KANAL_DATABASE_URL."""
        if not self.postgres:
            return self.copy_sqlite(folder)
        self._copies.append(f"{self._name}_{len(self._copies)}")
        return databases.copy_postgres(self._copies[-1], template=self._name)

    def copy_sqlite(self, folder: Path) -> str:
        """A SQLite file of one's own, whatever this run uses."""
        shutil.copyfile(self._sqlite, folder / "db.sqlite3")
        return f"sqlite://{folder}/db.sqlite3"

    def drop_all(self) -> None:
        """Remove what was made on the PostgreSQL server."""
        if self.postgres:
            databases.drop_postgres(*self._copies, self._name)


Make = Callable[..., Installation]
"""Makes an installation with some environment of its own."""


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template]:
    """The database that all installations begin with."""
    made = Template(tmp_path_factory.mktemp("template"))
    yield made
    made.drop_all()


@pytest.fixture
def make(tmp_path: Path, template: Template) -> Iterator[Make]:
    """Whole installations, ended with the test."""
    made: list[Installation] = []

    def build(**environment: str) -> Installation:
        folder = tmp_path / f"rumah{len(made)}"
        folder.mkdir()
        made.append(Installation(folder, template.copy(folder), **environment))
        return made[-1]

    yield build
    for installation in made:
        installation.stop_all()


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[bool]:
    """Mount a file system of a few megabytes on a folder. Yields False where that is not allowed (not root)."""
    folder.mkdir(parents=True, exist_ok=True)
    mounted = (
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder], capture_output=True, check=False
        ).returncode
        == 0
    )
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", folder], capture_output=True, check=False)
