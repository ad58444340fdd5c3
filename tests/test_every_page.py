"""Every page of Kanal as everybody: who is let in and who is not, and what each page must be, whatever it is for.

The URLs come from the URLconf. A page that no table in tests/support/pages/ names fails `test_no_page_is_forgotten`;
what only takes a form (405 to whoever opens it) needs no line. tests/test_every_page_browser.py sees how they look.
"""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.support.html import page_faults
from tests.support.pages import PAGES, ROOMS
from tests.support.people import People
from tests.support.town import Town
from tests.support.walk import STAFF, Stop, places, takes_only

ELSEWHERE = ("/open311/", "/webhook/", "/saluran/", "/simulator/", "/admin/", "/akun/", "/i18n/", "/.well-known/")
"""Paths below which programs are answered or a library speaks; the tables name the few pages there all the same."""
MOST_QUERIES = 40
"""Statements that any page may cost; what a list may cost at two sizes is asked in its room."""

Clients = dict[str, Client]


@pytest.fixture
def by_person(people: People) -> Clients:
    """Everybody's browser without a screen; "" is a citizen's."""
    clients = {"": Client()}
    for who in STAFF:
        clients[who] = Client()
        clients[who].force_login(getattr(people, who))
    return clients


def test_no_page_is_forgotten(by_person: Clients) -> None:
    unknown = [place for place in places(without=ELSEWHERE) if place.name not in PAGES]
    pages = {place.name for place in unknown if not any(takes_only(by_person[who], place) for who in STAFF)}
    assert not pages, f"say in tests/support/pages/ who may see {sorted(pages)}"


@pytest.mark.parametrize("room", ROOMS)
def test_each_answers_whoever_may_see_it_and_nobody_else(by_person: Clients, town: Town, room: str) -> None:
    faults = [
        f"{name} as {who or 'a citizen'}: {fault}"
        for name, stops in ROOMS[room].items()
        for stop in stops
        for who, statuses in _expected(stop, stops, stop.path(name, town)).items()
        for fault in _answer(by_person[who], stop, statuses, stop.path(name, town))
    ]
    assert not faults, "\n".join(faults)


def _expected(stop: Stop, beside: tuple[Stop, ...], path: str) -> dict[str, set[int]]:
    """The statuses that each person may get: at the desk whoever is not named is refused."""
    expected = {who: {stop.status} for who in stop.named}
    if path.startswith("/meja/") and stop.status == 200 and not stop.query:
        told_beside = {who for one in beside if one.status != 200 for who in one.named}
        refused = {who: {403, 404} for who in STAFF if who not in told_beside}
        return {"": {302}, **refused, **expected}
    return expected


def _answer(client: Client, stop: Stop, statuses: set[int], path: str) -> Iterator[str]:
    """What is wrong with how somebody is answered."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
        content = b"".join(answer)
    if answer.status_code not in statuses:
        yield f"status {answer.status_code} instead of {statuses}"
    if len(asked) > MOST_QUERIES:
        yield f"it costs {len(asked)} statements"
    if not stop.page and answer.status_code == 200:
        yield from () if content and answer["X-Content-Type-Options"] == "nosniff" else ("it is empty, or sniffed",)
    elif answer.status_code != 302:
        yield from page_faults(content.decode())
