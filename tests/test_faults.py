"""Processes killed, disks filled, databases held: nothing accepted is lost, nothing sent twice, nobody sees a 500."""

import os
import random
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from io import BytesIO
from pathlib import Path

import psutil
import pytest
from PIL import Image

from tests.support.installation import Form, Installation, Make, Template, eventually, small_disk
from tests.support.smtp import MailServer, mail_server

pytestmark = pytest.mark.faults
NOT_HURRIED = 3.2
"""Seconds after which the form takes a report from a browser without script."""


@pytest.fixture
def post() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


def mailing(post: MailServer) -> dict[str, str]:
    return {
        "KANAL_EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "KANAL_EMAIL_HOST": "127.0.0.1",
        "KANAL_EMAIL_PORT": str(post.port),
        "KANAL_LOG_LEVEL": "INFO",
    }


def queue(home: Installation, count: int) -> None:
    home.python(
        "from kanal.channels.actions import Message, queue\n"
        "def letter(n):\n"
        "    return Message(purpose='x', dedupe_key=f'{n}', subject=f'Pesan {n}', body='isi', to_staff=f'p{n}@x.id')\n"
        f"queue(letter(n) for n in range({count}))"
    )


def states(home: Installation) -> dict[str, int]:
    found: dict[str, int] = home.python(
        "from collections import Counter\nfrom kanal.channels.models import Outbound\n"
        "tell(Counter(Outbound.objects.values_list('state', flat=True)))"
    )
    return found


def time_passes(home: Installation) -> None:
    """Leases run out and the dead fall silent, without waiting minutes for it."""
    home.python(
        "from datetime import timedelta\nfrom django.db.models import F\n"
        "from kanal.channels.models import Outbound\nfrom django_tasks_db.models import DBTaskResult\n"
        "past = timedelta(hours=1)\n"
        "Outbound.objects.filter(state='sending').update(leased_until=F('leased_until') - past)\n"
        "DBTaskResult.objects.filter(status='RUNNING').update(started_at=F('started_at') - past)\n"
        "DBTaskResult.objects.filter(task_path__endswith='.beat').update(finished_at=F('finished_at') - past)"
    )


# The server ---------------------------------------------------------------------------------------------------------

CENSUS = """
from collections import Counter
from kanal.channels.models import Inbound
from kanal.reports.models import Report, ReportClock, ReportEvent
tell({
    "codes": list(Report.objects.values_list("tracking_code", flat=True)),
    "bodies": list(Counter(r.body for r in Report.objects.all()).values()),
    "inbounds": Inbound.objects.count(),
    "without_clock": Report.objects.exclude(pk__in=ReportClock.objects.values("report")).count(),
    "without_event": Report.objects.exclude(pk__in=ReportEvent.objects.values("report")).count(),
})
"""


def try_to_send(home: Installation, form: Form) -> str:
    """The tracking code of an accepted report, or "" when the line broke before an answer."""
    try:
        status, headers, _page = home.send(form)
    except (OSError, HTTPException):
        return ""
    return headers["location"].split("/")[2] if status == 303 else ""


def test_a_server_killed_in_a_burst_loses_nothing_it_accepted_and_takes_nothing_twice(make: Make) -> None:
    home = make()
    server = home.serve()
    forms = [home.form(number) for number in range(60)]
    time.sleep(NOT_HURRIED)
    accepted: dict[int, str] = {}
    enough = threading.Event()

    def visit(number: int) -> None:
        code = try_to_send(home, forms[number])
        if code:
            accepted[number] = code
        if len(accepted) >= 15:
            enough.set()

    with ThreadPoolExecutor(8) as crowd:
        for number in range(60):
            crowd.submit(visit, number)
        assert enough.wait(60)
        time.sleep(random.uniform(0, 0.05))
        home.kill(server)
    assert 15 <= len(accepted) < 60, "the kill should come in the middle"
    found = home.python(CENSUS)
    assert set(accepted.values()) <= set(found["codes"])

    home.serve()
    codes = [try_to_send(home, form) for form in forms]  # everybody presses Kirim once more
    assert all(codes)
    assert [codes[number] for number in accepted] == list(accepted.values())
    found = home.python(CENSUS)
    assert sorted(found["codes"]) == sorted(codes)
    assert found["bodies"] == [1] * 60
    assert (found["inbounds"], found["without_clock"], found["without_event"]) == (60, 0, 0)


# The worker ---------------------------------------------------------------------------------------------------------


def test_a_worker_killed_with_a_letter_in_the_servers_hand_never_sends_it_twice(make: Make, post: MailServer) -> None:
    home = make(**mailing(post))
    queue(home, 3)
    post.slow_seconds = 60
    worker = home.start("worker")
    assert post.got_text.wait(60)
    home.kill(worker)
    post.slow_seconds = 0
    time_passes(home)
    home.start("worker")
    eventually(lambda: len(post.received) >= 3, what="the other two are sent")
    eventually(lambda: states(home).get("sent") == 2, what="and noted")
    assert states(home) == {"sent": 2, "failed": 1}
    assert sorted(post.subjects) == ["Pesan 0", "Pesan 1", "Pesan 2"]
    error = home.python("from kanal.channels.models import Outbound\ntell(Outbound.objects.get(state='failed').error)")
    assert error.startswith("Tidak pasti terkirim")


def test_a_worker_killed_before_the_text_left_sends_it_later_once(make: Make, post: MailServer) -> None:
    home = make(**mailing(post))
    queue(home, 2)
    post.slow_envelope = 60
    worker = home.start("worker")
    assert post.got_envelope.wait(60)
    home.kill(worker)
    post.slow_envelope = 0
    time_passes(home)
    home.start("worker")
    eventually(lambda: states(home) == {"sent": 2}, what="both are sent")
    assert sorted(post.subjects) == ["Pesan 0", "Pesan 1"]


def test_three_workers_at_once_and_one_killed_again_and_again_send_everything_once(
    make: Make, post: MailServer
) -> None:
    home = make(**mailing(post))
    queue(home, 60)
    workers = [home.start("worker") for _worker in range(3)]
    for wanted in (10, 25):
        eventually(lambda wanted=wanted: len(post.received) >= wanted, what=f"{wanted} are sent")  # type: ignore[misc]  # a default to bind it
        home.kill(workers.pop())
        workers.append(home.start("worker"))
    eventually(lambda: sum(states(home).get(state, 0) for state in ("queued",)) == 0, what="the queue is empty")
    time_passes(home)
    eventually(lambda: set(states(home)) <= {"sent", "failed"}, what="all is decided")
    assert len(post.subjects) == len(set(post.subjects)), "a message was sent twice"
    found = states(home)
    assert found["sent"] + found.get("failed", 0) == 60
    assert found.get("failed", 0) <= 2, "only what a killed worker had in hand is uncertain"
    assert len(post.subjects) >= found["sent"]


def test_a_task_whose_worker_was_killed_is_done_by_the_next(make: Make, tmp_path: Path) -> None:
    home, diary = make(), tmp_path / "diary"
    home.python(f"from tests.support.naps import nap\nnap.enqueue({str(diary)!r}, 120)")
    worker = home.start("worker")
    eventually(lambda: diary.exists() and "begun" in diary.read_text(), what="the task begins")
    home.kill(worker)
    time_passes(home)
    home.start("worker")
    eventually(lambda: "ended" in diary.read_text(), what="the next worker does it")
    assert diary.read_text().split() == ["begun", "begun", "ended"]
    eventually(
        lambda: (
            home.python(
                "from django_tasks_db.models import DBTaskResult\n"
                "row = DBTaskResult.objects.get(task_path__endswith='.nap')\ntell([row.status, len(row.worker_ids)])"
            )
            == ["SUCCESSFUL", 2]
        ),
        what="the task is noted as done",
    )


# Disk and database --------------------------------------------------------------------------------------------------


def photo() -> bytes:
    """A photo that stays large when it is written anew."""
    out = BytesIO()
    Image.effect_noise((900, 700), 90).convert("RGB").save(out, "JPEG", quality=95)
    return out.getvalue()


def reports(home: Installation) -> int:
    return int(home.python("from kanal.reports.models import Report\ntell(Report.objects.count())"))


def photos(home: Installation) -> list[str]:
    return [path.name for path in (home.folder / "media" / "reports").rglob("*.jpg")]


def fill(folder: Path) -> Path:
    """Leave no byte free."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    return ballast


def test_a_full_disk_is_said_kindly_and_leaves_nothing_half_written(tmp_path: Path, template: Template) -> None:
    folder = tmp_path / "kecil"
    with small_disk(folder, 24) as mounted:
        home = Installation(folder, template.copy(folder))
        try:
            server = home.serve()
            form = home.form(1)
            time.sleep(NOT_HURRIED)
            ballast = fill(folder) if mounted else None
            if ballast is None:
                _no_file_may_grow(server.pid)
            status, _headers, page = home.send(form, photo())
            assert status == 503, page
            assert "sedang bermasalah" in page
            assert form.body in page, "the words are still in the form"
            if ballast:
                ballast.unlink()
            else:
                _files_may_grow(server.pid)
            assert reports(home) == 0
            assert photos(home) == []
            status, headers, page = home.send(form, photo())
            assert status == 303, page
            assert reports(home) == 1
            assert len(photos(home)) == 2
            assert headers["location"].startswith("/lacak/")
        finally:
            home.stop_all()


def _family(pid: int) -> list[psutil.Process]:
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def _no_file_may_grow(pid: int) -> None:
    """Without the right to mount: the server's processes may write nothing, which the system refuses much alike."""
    for process in _family(pid):
        process.rlimit(psutil.RLIMIT_FSIZE, (1, psutil.RLIM_INFINITY))


def _files_may_grow(pid: int) -> None:
    for process in _family(pid):
        process.rlimit(psutil.RLIMIT_FSIZE, (psutil.RLIM_INFINITY, psutil.RLIM_INFINITY))


def test_an_import_killed_in_the_middle_ends_as_if_nothing_had_happened(make: Make, tmp_path: Path) -> None:
    folder = tmp_path / "lapor"
    folder.mkdir()
    home = make(KANAL_LAPOR_FOLDER=str(folder))
    number = 24_000  # some seconds: looking whether some are in takes one
    lines = (f"{7_000_000 + n},29 May 2023,Jalan rusak nomor {n}" for n in range(number))
    export = folder / "laporan.csv"
    export.write_text("\n".join(["Tracking ID,Tanggal Laporan Masuk,Judul Laporan", *lines]))
    os.utime(export, (1e9, 1e9))
    worker = home.start("worker")
    eventually(lambda: reports(home), what="some lines are in")
    home.kill(worker)
    assert 0 < reports(home) < number
    assert export.exists()
    home.start("worker")
    eventually(lambda: not export.exists(), seconds=120, what="the file is put away")
    assert reports(home) == number
    assert (folder / "selesai" / "laporan.csv").exists()


def test_a_database_held_by_another_is_said_kindly_and_the_same_form_works_later(
    tmp_path: Path, template: Template
) -> None:
    home = Installation(tmp_path, f"{template.copy_sqlite(tmp_path)}?timeout=0.5")
    try:
        home.serve()
        form = home.form(1)
        time.sleep(NOT_HURRIED)
        other = sqlite3.connect(tmp_path / "db.sqlite3")
        other.execute("BEGIN IMMEDIATE")
        status, _headers, page = home.send(form)
        assert status == 503, page
        assert "sedang bermasalah" in page
        assert form.body in page
        assert home.request("GET", "/aduan/")[0] == 200, "readers do not wait for writers"
        other.rollback()
        other.close()
        assert home.send(form)[0] == 303
        assert reports(home) == 1
    finally:
        home.stop_all()


def test_a_worker_waits_for_a_busy_database_instead_of_dying(
    tmp_path: Path, template: Template, post: MailServer
) -> None:
    home = Installation(tmp_path, f"{template.copy_sqlite(tmp_path)}?timeout=0.5", **mailing(post))
    try:
        queue(home, 1)
        other = sqlite3.connect(tmp_path / "db.sqlite3")
        other.execute("BEGIN IMMEDIATE")
        worker = home.start("worker")
        log = tmp_path / "worker.log"
        eventually(lambda: "the database is in trouble" in log.read_text(), what="the worker meets the lock")
        assert worker.poll() is None
        other.rollback()
        other.close()
        eventually(lambda: states(home) == {"sent": 1}, what="it goes on")
    finally:
        home.stop_all()
