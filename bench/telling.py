"""`python -m bench.telling [PEOPLE] [--answer]`: one word to so many people, in a database of its own, on SQLite.

Everybody has a report of their own (every tenth a second one) and an e-mail address. Prints the seconds of the preview,
of the click and of the worker's part until the last message lies in the outbox; handing them to media is the outbox's.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

_HOME = tempfile.TemporaryDirectory()
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "kanal.config.settings",
    "KANAL_DATA_DIR": _HOME.name,
    "KANAL_DATABASE_URL": f"sqlite://{Path(_HOME.name) / 'db.sqlite3'}",
}

import django  # noqa: E402  # the place of its data is chosen first

django.setup()

from django.core.management import call_command  # noqa: E402  # Django is set up only now
from django.urls import reverse  # noqa: E402  # the same
from django.utils import timezone  # noqa: E402  # the same

from kanal.agencies.actions import enrol  # noqa: E402  # the same
from kanal.agencies.actions import load_pack as load_places  # noqa: E402  # the same
from kanal.agencies.models import Agency, Membership  # noqa: E402  # the same
from kanal.agencies.queries import actor_of  # noqa: E402  # the same
from kanal.channels.actions import hash_of  # noqa: E402  # the same
from kanal.channels.models import Address, Contact, Medium, Outbound  # noqa: E402  # the same
from kanal.issues import actions, policy  # noqa: E402  # the same
from kanal.issues.actions import Said, Words  # noqa: E402  # the same
from kanal.issues.actions.spreading import spread  # noqa: E402  # the same
from kanal.issues.bulletin_words import preview  # noqa: E402  # the same
from kanal.issues.models import Bulletin  # noqa: E402  # the same
from kanal.issues.queries.concerned import concerned  # noqa: E402  # the same
from kanal.issues.workflow import BulletinKind  # noqa: E402  # the same
from kanal.reports.actions.packs import load_pack as load_ways  # noqa: E402  # the same
from kanal.reports.models import Follower, Report  # noqa: E402  # the same
from kanal.reports.workflow import Status  # noqa: E402  # the same

PEOPLE = 5000
TEXT = "Lubang dari pertigaan sampai balai desa ditambal mulai Kamis, 26 November."


def filled(people: int, *, answer: bool) -> tuple[Bulletin, policy.Doer]:
    """An issue of so many people, and a draft to all of them with who sends it."""
    call_command("migrate", verbosity=0)
    load_places("bojonegoro")
    load_ways("bojonegoro")
    roads = Agency.objects.get(code="pu-bina-marga")
    kun = enrol(email="kun@contoh.go.id", name="Kun", role=Membership.Role.COORDINATOR)
    heni = enrol(email="heni@contoh.go.id", name="Heni", role=Membership.Role.SUPERVISOR, agency=roads)
    contacts = Contact.objects.bulk_create((Contact() for _one in range(people)), batch_size=100)
    names = [f"warga{number}@contoh.id" for number in range(people)]
    addresses = Address.objects.bulk_create(
        [
            Address(contact=contact, medium=Medium.EMAIL, handle=name, handle_hash=hash_of(Medium.EMAIL, name))
            for contact, name in zip(contacts, names, strict=True)
        ],
        batch_size=100,
    )
    voices = [*addresses, *addresses[::10]]
    reports = Report.objects.bulk_create((_report(turn, one, roads) for turn, one in enumerate(voices)), batch_size=20)
    Follower.objects.bulk_create(
        (
            Follower(report=report, address=one, reporter=True, confirmed_at=timezone.now())
            for report, one in zip(reports, voices, strict=True)
        ),
        batch_size=100,
    )
    by = policy.person(actor_of(kun))
    issue = actions.found(said=Said(title="Jalan berlubang di Jono", agency=roads), reports=reports, by=by)
    words = Words(BulletinKind.ANSWER, TEXT, answer)
    return actions.draft_bulletin(issue=issue, agency=roads, words=words, by=by), policy.person(actor_of(heni))


def _report(turn: int, address: Address, agency: Agency) -> Report:
    return Report(
        tracking_code=f"BJN-{turn // 10_000:04}-{turn % 10_000:04}",
        title="Jalan berlubang",
        body=TEXT,
        public_body=TEXT,
        contact=address.contact,
        agency=agency,
        status=Status.IN_PROGRESS,
        published=True,
        received_at=timezone.now(),
    )


def measured(people: int, *, answer: bool) -> dict[str, Any]:
    """The seconds of each part. The outbox is emptied in between, as its own worker would."""
    bulletin, heni = filled(people, answer=answer)
    reverse("issues:desk_issues")  # a server has loaded its pages before
    start = time.perf_counter()
    told = concerned(bulletin)
    preview(bulletin, told)
    looked = time.perf_counter()
    actions.send_bulletin(bulletin=bulletin, seen=told.seal(bulletin), by=heni)
    clicked = time.perf_counter()
    while spread(lambda: True):
        Outbound.objects.filter(state="queued").update(state="sent", sent_at=timezone.now())
    done = time.perf_counter()
    messages = Outbound.objects.filter(purpose="bulletin").count()
    return {
        "people": people,
        "reports": len(told.reports),
        "messages": messages,
        "answered": bulletin.reports.filter(state="answered").count(),
        "preview_s": round(looked - start, 2),
        "click_s": round(clicked - looked, 2),
        "worker_s": round(done - clicked, 1),
    }


if __name__ == "__main__":
    asked = [int(word) for word in sys.argv[1:] if word.isdecimal()]
    sys.stdout.write(json.dumps(measured(asked[0] if asked else PEOPLE, answer="--answer" in sys.argv)) + "\n")
