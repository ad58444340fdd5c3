"""`kanal mine` killed, interrupted, kept waiting, out of space: whole issues or none, and the next pass ends as any."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.databases import ROOT
from tests.support.installation import Installation, Make, Template

pytestmark = pytest.mark.faults

TOLD = """
from tests.support.issues import MATTERS, many, tell
from django.utils import timezone
for turn, matter in enumerate(MATTERS):
    for place, text in enumerate(many(matter, 20)):
        tell(1, text, first=100 * turn + place, received_at=timezone.now())
"""
PICTURE = """
from kanal.issues.models import Issue, IssueEvent, Memory, Proposal
def of(issue):
    rows = issue.rows.order_by("report__tracking_code").values_list("report__tracking_code", "confidence", "belongs")
    return [issue.title, issue.status, issue.profile, list(rows), list(issue.events.values_list("verb", flat=True))]
memory = Memory.objects.filter(pk=1).first()
tell({
    "issues": sorted((of(issue) for issue in Issue.objects.all()), key=str),
    "memory": memory and [memory.weights, memory.last_report],
    "proposals": Proposal.objects.count(),
})
"""
WHOLE = """
from django.db.models import Count
from kanal.issues.models import Issue
issues = Issue.objects.annotate(told=Count("rows", distinct=True), lines=Count("events", distinct=True))
tell([[one.told, one.lines, one.title, one.last_seen is not None] for one in issues])
"""
STRUCK = """
import os, sys
from django.core.management import call_command
from django.db import connection
left = {at}
def strike(execute, sql, params, many, context):
    global left
    left -= sql.startswith(("INSERT", "UPDATE"))
    if left == 0:
        os.kill(os.getpid(), {number})
    return execute(sql, params, many, context)
with connection.execute_wrapper(strike):
    call_command("mine")
"""
"""A pass that is struck down by a signal just before it writes for so many times."""


@pytest.fixture
def home(make: Make) -> Installation:
    found = make()
    found.python(TOLD)
    return found


def run(home: Installation, code: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", f"import django\ndjango.setup()\n{code}"],
        cwd=ROOT,
        env={**home.environment, "DJANGO_SETTINGS_MODULE": "kanal.config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )


def picture(home: Installation) -> Any:
    return home.python(PICTURE)


def issues(home: Installation) -> list[tuple[int, int, str, bool]]:
    """Rows and lines of history of each issue, its title and whether it knows when it was last told."""
    return [tuple(one) for one in home.python(WHOLE)]


def assert_whole(home: Installation) -> int:
    found = issues(home)
    assert all(told >= 8 and lines == 1 and title and seen for told, lines, title, seen in found)
    return len(found)


def test_a_pass_that_is_killed_again_and_again_ends_as_one_that_nobody_touched(make: Make, home: Installation) -> None:
    undisturbed = make()
    undisturbed.python(TOLD)
    assert undisturbed.kanal("mine").returncode == 0
    wanted = picture(undisturbed)
    assert len(wanted["issues"]) >= 4
    begun = [0]
    # An issue takes four writes: itself, its reports, when it was seen, its line of history.
    for at, number in ((2, signal.SIGKILL), (7, signal.SIGKILL), (3, signal.SIGTERM)):
        done = run(home, STRUCK.format(at=at, number=int(number)))
        assert done.returncode == -number, done.stderr
        begun.append(assert_whole(home))
    assert begun == [0, 0, 1, 1]
    done = home.kanal("mine")
    assert done.returncode == 0, done.stderr
    assert picture(home) == wanted


def test_a_pass_that_is_killed_while_it_remembers_forgets_nothing_of_before(home: Installation) -> None:
    assert home.kanal("mine").returncode == 0
    before = picture(home)
    done = run(home, STRUCK.format(at=1, number=int(signal.SIGKILL)))  # a second pass writes only what it remembers
    assert done.returncode == -signal.SIGKILL
    assert picture(home) == before
    assert home.kanal("mine").returncode == 0
    assert picture(home) == before


def test_ctrl_c_is_answered_kindly_and_loses_nothing(home: Installation) -> None:
    done = run(home, STRUCK.format(at=6, number=int(signal.SIGINT)))
    assert done.returncode == 1
    assert "Dihentikan. Isu yang sudah tersimpan utuh" in done.stderr
    assert assert_whole(home) == 1
    assert "Calon isu baru: " in home.kanal("mine").stdout


@pytest.fixture
def on_a_file(tmp_path: Path, template: Template) -> Installation:
    """On SQLite, whatever this run uses: one file, one writer."""
    found = Installation(tmp_path, template.copy_sqlite(tmp_path) + "?timeout=0.2")
    found.python(TOLD)
    return found


def test_it_waits_for_another_writer_and_then_goes_on(on_a_file: Installation) -> None:
    with closing(sqlite3.connect(on_a_file.folder / "db.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        mining = on_a_file.start("mine")
        try:
            with pytest.raises(subprocess.TimeoutExpired):
                mining.wait(timeout=5)
        finally:
            other.execute("ROLLBACK")
        assert issues(on_a_file) == [] or assert_whole(on_a_file)
        assert mining.wait(timeout=120) == 0
    assert assert_whole(on_a_file) >= 4


def test_without_end_it_gives_up_with_a_sentence(on_a_file: Installation) -> None:
    code = (
        "from kanal.issues.mining import patience\npatience.LONGEST_WAIT = 0.3\n"
        "from kanal.__main__ import Console\nConsole(['kanal', 'mine']).execute()"
    )
    with closing(sqlite3.connect(on_a_file.folder / "db.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = run(on_a_file, code)
        other.execute("ROLLBACK")
    assert done.returncode == 1
    assert "Basis data terlalu lama dipakai proses lain. Isu yang sudah tersimpan utuh" in done.stderr
    assert "Traceback" not in done.stderr


def test_on_a_full_disk_it_writes_whole_issues_or_none_and_says_so(on_a_file: Installation) -> None:
    code = (
        "import os, resource\nfrom django.db import connection\n"
        "connection.cursor().execute('PRAGMA wal_checkpoint(TRUNCATE)')\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))\n"
        "from kanal.__main__ import Console\nConsole(['kanal', 'mine']).execute()"
    )
    done = run(on_a_file, code)
    assert done.returncode == 1
    assert "Penyimpanan penuh. Isu yang sudah tersimpan utuh" in done.stderr
    assert_whole(on_a_file)
    assert on_a_file.kanal("mine").returncode == 0
    assert assert_whole(on_a_file) >= 4
