"""Ten thousand messages at once: what WhatsApp posts, signed, and what two workers make of it."""

import itertools
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import psutil

from bench import house
from bench.cases import TEXT, Case
from bench.client import post, run
from kanal.channels.graph.views import signature
from kanal.channels.models import Delivery, Inbound, Medium, Outbound
from kanal.reports.models import Report
from tests.support.whatsapp import APP_SECRET, PHONE_ID, TOKEN, VERIFY, call, message

TALK = (
    "Jalan di depan balai desa berlubang sedalam mata kaki, sudah dua minggu tidak ditambal.",
    "Desa Jono, Kecamatan Temayang",
    "Kemarin sore ada pengendara jatuh di situ.",
    "Terima kasih",
)
"""What each person writes: what, where (then it is a report), a word more about it, and thanks."""
WORKERS = 2
LONGEST = 900.0
"""Seconds after which what is left counts as lost."""


def environment_for(url: str) -> dict[str, str]:
    """How a house is told that WhatsApp is at this address."""
    told = {"API": f"{url}/v23.0", "PHONE_ID": PHONE_ID, "TOKEN": TOKEN, "APP_SECRET": APP_SECRET}
    return {f"KANAL_WHATSAPP_{name}": value for name, value in {**told, "VERIFY_TOKEN": VERIFY}.items()}


def _post(number: int, sender: int, text: str) -> bytes:
    """One call of the webhook as Meta makes it."""
    told = {"from": f"62899{sender:08}", "timestamp": str(int(time.time()))}
    body = call(message("text", {"body": text}, number, **told))
    mark = signature(body.encode(), APP_SECRET)
    return post("/saluran/whatsapp/", body, kind="application/json", headers=f"X-Hub-Signature-256: {mark}\r\n")


def posts(count: int) -> Iterator[bytes]:
    """The messages of `count` / 4 people, everybody's first before anybody's second."""
    people = count // len(TALK)
    for number in range(count):
        turn, person = divmod(number, people)
        yield _post(number, person, TALK[turn])


def webhook_case() -> Case:
    """Keeping a signed call, beside one INSERT. The calls repeat themselves, as platforms do."""
    again = itertools.cycle([_post(number, number, TEXT) for number in range(1_000_000, 1_002_000)])
    bare = post("/bare/insert/", f"body={TEXT}")
    return Case("webhook: a message kept", lambda: next(again), lambda: bare, 1 / 4)


def pour(port: int, count: int) -> float:
    """Post `count` messages, and each twentieth of them once more, with eight clients; returns calls per second.

    Raises RuntimeError when one was not kept.
    """
    first = list(posts(count))
    waiting = iter(first + first[::20])
    result = run(port, lambda: next(waiting, b""), clients=8, seconds=LONGEST)
    if result.statuses != {200: count + len(first[::20])}:
        raise RuntimeError(f"the webhook answered {result.statuses}")
    return result.rate


def tally() -> dict[str, int]:
    """What there is of WhatsApp: the demo brought some of its own. A report's own message has no wamid."""
    return {
        "messages": Inbound.objects.filter(medium=Medium.WHATSAPP, external_id__startswith="wamid.").count(),
        "reports": Report.objects.filter(medium=Medium.WHATSAPP).count(),
        "answers": Outbound.objects.filter(medium=Medium.WHATSAPP, purpose="talk").count(),
    }


def drain(env: dict[str, str], count: int) -> dict[str, Any]:
    """Let two workers read it all; what is lost or doubled is counted in the tables afterwards."""
    memory: list[float] = []
    before, unread = tally(), Delivery.objects.filter(state=Delivery.State.STORED)
    with ExitStack() as stack:
        workers = [psutil.Process(stack.enter_context(house.worker(env))) for _ in range(WORKERS)]
        began = time.perf_counter()
        while unread.exists() and time.perf_counter() - began < LONGEST:
            time.sleep(0.5)
            memory.append(max(one.memory_info().rss for one in workers) / 2**20)
        seconds = time.perf_counter() - began
    new = {name: number - before[name] for name, number in tally().items()}
    return {
        "seconds": round(seconds, 1),
        "per_second": round(count / seconds, 1),
        "messages": count,
        "lost": count - new["messages"],
        "reports_too_many": new["reports"] - count // len(TALK),
        "answers_too_many": new["answers"] - count,
        "worker_mib": [round(memory[int(share * (len(memory) - 1))], 1) for share in (0.2, 0.6, 1)],
    }
