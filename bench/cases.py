"""What is measured: Kanal's pages, each beside the bare view that does the least such a page must do."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from urllib.parse import urlencode

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from bench.client import get, post
from kanal.agencies.models import User
from kanal.agencies.queries import reference
from kanal.channels.web.challenge import new_puzzle, new_stamp, read_stamp
from kanal.reports.models import Report

COORDINATOR = "koordinator@contoh.go.id"
CSRF = "x" * 32
TEXT = (
    "Jalan di tikungan sebelum balai desa berlubang sedalam mata kaki, panjangnya kira-kira tiga meter. Sudah dua "
    "minggu. Kemarin sore ada pengendara jatuh. Kalau hujan lubangnya tertutup air, hubungi saya di 081234567890."
)


@dataclass(frozen=True)
class Case:
    """One row of the table: our requests, the bare ones, and the share that is promised (0: none)."""

    name: str
    ours: Callable[[], bytes]
    bare: Callable[[], bytes]
    promise: float


def session_cookie() -> str:
    """The cookie of a signed-in coordinator."""
    user = User.objects.get(email=COORDINATOR)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "kanal.agencies.sign_in.StaffBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"sessionid={session.session_key}"


def _proof(submission: str) -> str:
    puzzle = new_puzzle(submission)
    number = next(
        n
        for n in range(int(puzzle["cost"]) + 1)
        if hashlib.sha256(f"{puzzle['salt']}{n}".encode()).hexdigest() == puzzle["target"]
    )
    return f"{puzzle['salt']}.{puzzle['target']}.{puzzle['expires']}.{puzzle['signature']}.{number}"


def _filings(count: int, *, email: bool) -> Iterator[bytes]:
    """Complete forms as a browser sends them, each with its own stamp and proof; made before the clock starts."""
    villages = [region.id for region in reference().villages()]
    for number in range(count):
        stamp = new_stamp()
        known = read_stamp(stamp)
        fields = {
            "csrfmiddlewaretoken": CSRF,
            "stamp": stamp,
            "proof": _proof(known.submission if known else ""),
            "kind": "complaint",
            "body": f"{TEXT} Laporan ke-{number}.",
            "region": str(villages[number % len(villages)]),
            "place_text": "depan balai desa",
            "anonymous": "on",
            "email": f"warga{number}-{stamp[-6:]}@contoh.id" if email else "",
        }
        yield post("/lapor/", urlencode(fields), cookie=f"csrftoken={CSRF}")


def filing_case(count: int, *, email: bool) -> Case:
    """Creating a report through the public form, beside one INSERT; nothing is promised of the one that also writes."""
    prepared = iter(list(_filings(count, email=email)))
    bare = post("/bare/insert/", urlencode({"body": TEXT}))
    name = "create, with e-mail and receipt" if email else "create"
    return Case(name, lambda: next(prepared), lambda: bare, 0 if email else 1 / 5)


def reading_cases() -> list[Case]:
    """Pages that are read, beside fifty rows as JSON."""
    cookie = session_cookie()
    bare = get("/bare/list/")
    codes = list(
        Report.objects.filter(published=True, status="answered")
        .order_by("-id")
        .values_list("tracking_code", flat=True)[:200]
    )
    staff, public = cycle(codes), cycle(codes)
    return [
        Case("desk list", lambda: get("/meja/", cookie=cookie), lambda: bare, 1 / 5),
        Case("desk detail", lambda: get(f"/meja/l/{next(staff)}/", cookie=cookie), lambda: bare, 1 / 4),
        Case("public detail", lambda: get(f"/aduan/{next(public)}/"), lambda: bare, 1 / 4),
        Case("public list", lambda: get("/aduan/"), lambda: bare, 1 / 5),
        Case("public map data", lambda: get("/aduan/peta.json"), lambda: bare, 1 / 5),
    ]
