"""A worker killed outright in the middle of a bulletin: the next one goes on, doubles nobody and forgets nobody."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterable

import pytest

from tests.support.databases import ROOT
from tests.support.installation import Installation, Make

pytestmark = pytest.mark.faults
PEOPLE = 12
PREPARE = f"""
from django.utils import timezone
from kanal.agencies.actions import enrol
from kanal.agencies.models import Agency, Membership
from kanal.agencies.queries import actor_of
from kanal.channels.actions import address_for
from kanal.channels.models import Outbound
from kanal.issues import actions, policy
from kanal.issues.actions import Said, Words
from kanal.issues.queries.concerned import concerned
from kanal.reports.actions import Filing, file_report
roads = Agency.objects.get(code="pu-bina-marga")
kun = policy.person(actor_of(enrol(email="kun@x.go.id", name="Kun", role=Membership.Role.COORDINATOR)))
heni = enrol(email="heni@x.go.id", name="Heni", role=Membership.Role.SUPERVISOR, agency=roads)
reports = [
    file_report(Filing(body=f"Jalan berlubang nomor {{n}} di depan balai desa.", submission=f"s{{n}}",
        email=f"w{{n}}@contoh.id"))
    for n in range({PEOPLE})
]
issue = actions.found(said=Said(title="Jalan berlubang", agency=roads), reports=reports, by=kun)
bulletin = actions.draft_bulletin(issue=issue, agency=roads, words=Words("answer", "Ditambal Kamis."), by=kun)
seen = concerned(bulletin).seal(bulletin)
actions.send_bulletin(bulletin=bulletin, seen=seen, by=policy.person(actor_of(heni)))
"""
WORK = """
import django, sys
django.setup()
from kanal.issues.actions import spreading
spreading.AT_ONCE = 2
whole = spreading._note_outcome
def half_done(*told):
    whole(*told)
    print("in the middle", flush=True)
    sys.stdin.readline()
spreading._note_outcome = half_done
while spreading.spread(lambda: True):
    print("batch", flush=True)
"""
CENSUS = """
from collections import Counter
from kanal.channels.models import Outbound
from kanal.issues.models import Bulletin
from kanal.reports.models import ReportEvent
rows = Outbound.objects.filter(purpose="bulletin").select_related("address")
tell({
    "people": sorted(Counter(row.address.handle for row in rows).values()),
    "pages": sorted(Counter(ReportEvent.objects.filter(verb="told").values_list("report_id", flat=True)).values()),
    "status": Bulletin.objects.get().status,
})
"""


def worker(home: Installation) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", WORK],
        cwd=ROOT,
        env={**home.environment, "DJANGO_SETTINGS_MODULE": "kanal.config.settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def kill_in_the_middle(home: Installation, batches: int) -> None:
    """Let it hand over so many whole batches, and end it inside the next, before that is written."""
    child = worker(home)
    assert child.stdin
    assert child.stdout
    for _batch in range(batches):
        assert "in the middle" in _next(child.stdout)
        child.stdin.write("\n")
        child.stdin.flush()
    assert "in the middle" in _next(child.stdout)
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    child.stdin.close()
    child.stdout.close()


def _next(lines: Iterable[str]) -> str:
    """The next line that is not a batch done."""
    return next(line for line in lines if line.strip() != "batch")


def test_killed_in_the_middle_nobody_is_told_twice_and_nobody_is_forgotten(make: Make) -> None:
    home = make()
    home.python(PREPARE)
    kill_in_the_middle(home, batches=2)
    found = home.python(CENSUS)
    assert found["people"] == [1] * 4, "whole batches and nothing of the half one"
    kill_in_the_middle(home, batches=1)
    home.python("from kanal.issues.actions.spreading import spread\nwhile spread(lambda: True): pass")
    found = home.python(CENSUS)
    assert found == {"people": [1] * PEOPLE, "pages": [1] * PEOPLE, "status": "sent"}
