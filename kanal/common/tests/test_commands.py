"""The console: one command starts everything and says where to go; what stands in the way is a sentence."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest

from kanal.common.processes import is_free, next_free
from tests.support.databases import ROOT, copy_to

pytestmark = pytest.mark.faults


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path, **changes: str) -> dict[str, str]:
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("KANAL_", "DJANGO_ALLOW_"))}
    return {**bare, "KANAL_DATA_DIR": str(folder), "KANAL_DATABASE_URL": f"sqlite://{folder}/db.sqlite3", **changes}


def kanal(*arguments: str, env: dict[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "kanal", *arguments],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run(*arguments: str, env: dict[str, str]) -> tuple[int, str]:
    process = kanal(*arguments, env=env)
    output, _none = process.communicate(timeout=60)
    return process.returncode, output


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy_to(tmp_path).rename(tmp_path / "db.sqlite3")
    return tmp_path


@pytest.fixture
def running(folder: Path) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    port = free_port()
    process = kanal("start", "--workers", "1", env=environment(folder, KANAL_PORT=str(port)))
    assert process.stdout
    for line in process.stdout:
        if "Ctrl-C stops it" in line:
            break
    try:
        yield process, port
    finally:
        process.terminate()
        process.communicate(timeout=40)


def children(process: "subprocess.Popen[str]") -> list[psutil.Process]:
    found: list[psutil.Process] = psutil.Process(process.pid).children(recursive=True)
    return found


def wait_until_gone(processes: list[psutil.Process]) -> list[psutil.Process]:
    alive: list[psutil.Process] = psutil.wait_procs(processes, timeout=25)[1]
    return alive


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_starts_everything_and_stops_it_in_good_order(
    running: tuple["subprocess.Popen[str]", int], folder: Path, number: signal.Signals
) -> None:
    process, port = running
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/lacak/")
    assert connection.getresponse().status < 500
    connection.close()
    family = children(process)
    assert len(family) >= 2
    process.send_signal(number)
    output, _none = process.communicate(timeout=40)
    assert process.returncode == 0
    assert "berhenti dengan rapi" in output
    assert wait_until_gone(family) == []
    assert "ended in good order" in (folder / "log" / "worker.log").read_text()
    assert is_free("127.0.0.1", port)


def test_a_child_that_dies_takes_all_down_with_a_clear_sentence(
    running: tuple["subprocess.Popen[str]", int],
) -> None:
    process, _port = running
    family = children(process)
    worker = next(child for child in family if "worker" in child.cmdline())
    worker.kill()
    output, _none = process.communicate(timeout=40)
    assert process.returncode == 1
    assert "worker berhenti sendiri (kode -9), jadi Kanal dihentikan" in output
    assert "Traceback" not in output
    assert wait_until_gone(family) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_nothing_stays_behind_when_it_is_killed_outright(running: tuple["subprocess.Popen[str]", int]) -> None:
    process, port = running
    family = children(process)
    process.kill()
    process.communicate()
    assert wait_until_gone(family) == []
    assert is_free("127.0.0.1", port)


def test_a_port_in_use_is_a_sentence(folder: Path) -> None:
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen(1)
        port = str(other.getsockname()[1])
        code, output = run("start", env=environment(folder, KANAL_PORT=port))
        assert code == 1
        assert f"Port {port} sedang dipakai program lain" in output
        code, output = run("serve", "--port", port, env=environment(folder))
        assert code == 1
        assert f"Port {port} on 127.0.0.1 is in use" in output
        assert next_free("127.0.0.1", int(port)) == next(
            candidate for candidate in range(int(port) + 1, int(port) + 20) if is_free("127.0.0.1", candidate)
        )


def test_a_port_that_is_no_number_is_a_sentence(folder: Path) -> None:
    code, output = run("start", env=environment(folder, KANAL_PORT="delapan"))
    assert code == 1
    assert "KANAL_PORT harus angka" in output


def test_a_worker_alone_does_what_is_due_and_ends(folder: Path) -> None:
    code, output = run("worker", "--once", env=environment(folder))
    assert code == 0, output
    assert re.search(r"\d+ done", output)


def test_a_worker_stays_small(folder: Path) -> None:
    process = kanal("worker", env=environment(folder))
    try:
        time.sleep(6)
        memory = psutil.Process(process.pid).memory_info().rss >> 20
    finally:
        process.terminate()
        process.communicate(timeout=30)
    assert memory <= 150
    assert process.returncode == 0


# Inspection before real use -----------------------------------------------------------------------------------------

PRODUCTION = {
    "KANAL_PRODUCTION": "1",
    "KANAL_SECRET_KEY": "satu-" * 10,
    "KANAL_SALT_KEY": "dua-" * 10,
    "KANAL_LOOKUP_KEY": "tiga-" * 10,
    "KANAL_ALLOWED_HOSTS": "kanal.contoh.go.id",
    "KANAL_BASE_URL": "https://kanal.contoh.go.id",
    "KANAL_EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "KANAL_EMAIL_FROM": "Kanal <kanal@contoh.go.id>",
}


def test_an_installation_for_trying_is_not_fit_and_each_finding_says_what_to_do(folder: Path) -> None:
    code, output = run("check-deploy", env=environment(folder))
    assert code == 1
    assert "✗ Mode produksi mati" in output
    assert "→ Isi KANAL_PRODUCTION=1." in output
    assert "KANAL_SALT_KEY tidak datang dari lingkungan" in output
    assert "Tidak ada pekerja yang berjalan" in output
    assert output.count("✗") == output.count("→") - output.count("! ")


def test_a_careful_installation_has_few_findings_left(folder: Path) -> None:
    code, output = run("check-deploy", env=environment(folder, **PRODUCTION))
    assert code == 1
    wrong = [line for line in output.splitlines() if line.startswith("✗")]
    assert wrong == [
        "✗ Tidak ada pekerja yang berjalan: pesan dan tenggat diam.",
        "✗ Data daerah belum dimuat.",
        "✗ Belum ada koordinator (admin utama).",
        "✗ Belum ada administrator.",
        "✗ Berkas statis belum dikumpulkan.",
    ]


def test_data_under_other_keys_is_noticed(folder: Path) -> None:
    env = environment(folder, **PRODUCTION)
    code = (
        "import django; django.setup()\n"
        "from kanal.channels.actions import address_for\n"
        "address_for(medium='email', handle='a@b.id', name='Sari')"
    )
    subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**env, "DJANGO_SETTINGS_MODULE": "kanal.config.settings"},
        check=True,
    )
    _code, output = run("check-deploy", env=env)
    assert "Data terenkripsi terbuka" in output
    _code, output = run("check-deploy", env={**env, "KANAL_SECRET_KEY": "lain-" * 10})
    assert "Data lama tidak terbuka dengan kunci yang ada" in output


def test_tables_of_an_older_version_are_noticed(tmp_path: Path) -> None:
    _code, output = run("check-deploy", env=environment(tmp_path))
    assert "langkah migrasi belum dijalankan" in output
    assert "Traceback" not in output
