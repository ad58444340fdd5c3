"""One database's figures as JSON on standard output. Started by `python -m bench` with the environment of a house."""

import html
import json
import os
import random
import re
import statistics
import sys
import time
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402  # Django is set up only now
from django.db import connection  # noqa: E402  # Django is set up only now
from django.test import Client  # noqa: E402  # Django is set up only now
from django.test.utils import CaptureQueriesContext  # noqa: E402  # Django is set up only now

from bench import house  # noqa: E402  # Django is set up only now
from bench.burst import drain, environment_for, pour, webhook_case  # noqa: E402  # Django is set up only now
from bench.cases import COORDINATOR, Case, filing_case, reading_cases  # noqa: E402  # Django is set up only now
from bench.client import Result, get, run  # noqa: E402  # Django is set up only now
from kanal.agencies.actions import load_pack as load_places  # noqa: E402  # Django is set up only now
from kanal.agencies.models import User  # noqa: E402  # Django is set up only now
from kanal.reports.actions.packs import load_pack as load_ways  # noqa: E402  # Django is set up only now
from kanal.reports.models import Report  # noqa: E402  # Django is set up only now
from kanal.reports.queries.search import search_page  # noqa: E402  # Django is set up only now
from tests.support.platform import running  # noqa: E402  # Django is set up only now
from tests.support.whatsapp import FakeGraph  # noqa: E402  # Django is set up only now

CLIENTS = 8
ROUNDS = 3
SECONDS = 2.0
FILINGS = 9_000
WORDS = (
    "jalan", "jalan berlubang", "lampu mati", "sampah menumpuk", "banjir", "air bersih", "ktp", "puskesmas antre",
    "jembatan rusak", "pupuk", "bantuan sosial", "lampu jalan temayang", "guru", "parkir pasar", "drainase", "macet",
    "selokan mampet bau", "puskesmas bojonegoro", "irigasi sawah", "pohon tumbang", "dander", "kepohbaru jalan", "wifi",
)  # fmt: skip


def _answers(result: Result) -> str:
    return ", ".join(f"{count} × {status}" for status, count in sorted(result.statuses.items()))


def measure(case: Case, port: int, vendor: str) -> dict[str, Any]:
    """Bare and ours in turn, so that a machine whose speed drifts does not favour either; the median of the rounds."""
    shares, ours, bare, p95 = [], [], [], []
    for _round in range(ROUNDS):
        plain = run(port, case.bare, clients=CLIENTS, seconds=SECONDS)
        full = run(port, case.ours, clients=CLIENTS, seconds=SECONDS)
        shares.append(full.rate / plain.rate)
        ours.append(full.rate)
        bare.append(plain.rate)
        p95.append(full.percentile(0.95))
        if set(full.statuses) - {200, 302, 303}:
            print(f"{case.name}: {_answers(full)}", file=sys.stderr)
    return {
        "database": vendor,
        "name": case.name,
        "promise": round(case.promise, 3),
        "share": round(statistics.median(shares), 3),
        "ours": round(statistics.median(ours), 1),
        "bare": round(statistics.median(bare), 1),
        "p95": round(statistics.median(p95), 1),
    }


def query_counts() -> dict[str, int]:
    """SQL statements of each page, the session's and the roles' included, with warm snapshots."""
    client = Client()
    client.force_login(User.objects.get(email=COORDINATOR), backend="kanal.agencies.sign_in.StaffBackend")
    code = Report.objects.filter(published=True, status="answered").latest("id").tracking_code
    pages = {
        "desk list": "/meja/",
        "desk detail": f"/meja/l/{code}/",
        "public list": "/aduan/",
        "public detail": f"/aduan/{code}/",
    }
    counts = {}
    for name, path in pages.items():
        client.get(path)
        with CaptureQueriesContext(connection) as seen:
            client.get(path)
        counts[name] = len(seen)
    return counts


def deep_pages(port: int) -> dict[str, float]:
    """Milliseconds of the first page of the public list and of the hundredth, reached by its links' cursors."""
    client = Client()
    address, times = "/aduan/", []
    for _page in range(100):
        response = client.get(address)
        times.append(address)
        address = "/aduan/" + _next_link(response.content.decode())
    return {name: round(_median_ms(port, path), 1) for name, path in (("first", times[0]), ("hundredth", times[-1]))}


def _next_link(page: str) -> str:
    """The address of the next page: the last link that carries a cursor."""
    links = [html.unescape(link) for link in re.findall(r'href="([^"]*[?&;]hal=[^"]*)"', page)]
    return links[-1].removeprefix("/aduan/")


def _median_ms(port: int, path: str) -> float:
    return run(port, lambda: get(path), clients=1, seconds=1).percentile(0.5)


def search_times(repeats: int = 5) -> dict[str, Any]:
    """p50 and p95 in milliseconds of the first page of results, over queries common and rare, in this process."""
    random.seed(1)
    queries = [word for word in WORDS for _ in range(repeats)]
    random.shuffle(queries)
    for word in WORDS:
        search_page(Report.objects.filter(published=True).values("id", "title"), word, limit=20)
    times = []
    for word in queries:
        start = time.perf_counter()
        search_page(Report.objects.filter(published=True).values("id", "title"), word, limit=20)
        times.append((time.perf_counter() - start) * 1000)
    times.sort()
    return {
        "among": Report.objects.count(),
        "p50_ms": round(times[len(times) // 2], 1),
        "p95_ms": round(times[int(len(times) * 0.95)], 1),
        "slowest_ms": round(times[-1], 1),
    }


def pages(vendor: str) -> dict[str, Any]:
    """Everything that needs the server."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    env = dict(os.environ)
    with house.server(env) as port:
        rows = [measure(case, port, vendor) for case in reading_cases()]
        deep, found = deep_pages(port), search_times()
        rows += [measure(filing_case(FILINGS, email=email), port, vendor) for email in (False, True)]
    return {"rows": rows, "queries": query_counts(), "deep_page_ms": deep, "search": found}


def mailroom(vendor: str, messages: int = 10_000) -> dict[str, Any]:
    """A burst on one chat, with a WhatsApp of our own that takes the answers."""
    with running(FakeGraph()) as platform:
        env = {**os.environ, **environment_for(platform.url)}
        with house.server(env) as port:
            rate = pour(port, messages)
            drained = drain(env, messages)
            row = measure(webhook_case(), port, vendor)
    return {"rows": [row], "burst": {"accepted_per_second": round(rate), **drained}}


def load_packs() -> None:
    """Who and where, before the first report."""
    load_places(settings.CANONICAL_PACK)
    load_ways(settings.CANONICAL_PACK)


if __name__ == "__main__":
    part, database_name = sys.argv[1:]
    if part == "packs":
        load_packs()
        sys.exit()
    if part == "search":
        json.dump({"search": search_times()}, sys.stdout)
    else:
        json.dump((mailroom if part == "mailroom" else pages)(database_name), sys.stdout)
