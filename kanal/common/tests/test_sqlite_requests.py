"""Requests that write take turns in one process on SQLite, and nobody waits long for a slow one."""

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from kanal.common.sqlite import requests
from kanal.common.sqlite.requests import OneByOne, one_by_one

LONG = 20.0


class Pages:
    """An application that notes how many requests it works on at once; "/slow" waits until it is let go."""

    def __init__(self) -> None:
        self.inside = self.most = 0
        self.slow_begun, self.let_go = threading.Event(), threading.Event()

    def __call__(self, environ: dict[str, Any], _start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.inside += 1
        self.most = max(self.most, self.inside)
        if environ["PATH_INFO"] == "/slow":
            self.slow_begun.set()
            assert self.let_go.wait(LONG)
        elif environ["PATH_INFO"] == "/broken":
            self.inside -= 1
            raise OSError
        else:
            time.sleep(0.001)
        self.inside -= 1
        return [b"page"]


def ask(application: OneByOne, path: str, method: str = "POST") -> Iterable[bytes]:
    return application({"PATH_INFO": path, "REQUEST_METHOD": method}, lambda *_told: None)


def test_short_ones_never_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "PATIENCE", LONG)
    pages = Pages()
    application = OneByOne(pages)
    with ThreadPoolExecutor(6) as crowd:
        answers = list(crowd.map(lambda _each: ask(application, "/"), range(60)))
    assert answers == [[b"page"]] * 60
    assert pages.most == 1


def test_who_only_reads_waits_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "PATIENCE", LONG)
    pages = Pages()
    application = OneByOne(pages)
    with ThreadPoolExecutor(1) as other:
        slow = other.submit(ask, application, "/slow")
        assert pages.slow_begun.wait(LONG)
        assert ask(application, "/", "GET") == [b"page"]
        assert not slow.done()
        pages.let_go.set()
        assert slow.result(LONG) == [b"page"]


def test_a_slow_request_holds_nobody_up_for_long() -> None:
    pages = Pages()
    application = OneByOne(pages)
    with ThreadPoolExecutor(1) as other:
        slow = other.submit(ask, application, "/slow")
        assert pages.slow_begun.wait(LONG)
        assert ask(application, "/") == [b"page"]  # while the slow one has the turn
        pages.let_go.set()
        assert slow.result(LONG) == [b"page"]
    assert pages.most == 2


def test_a_request_that_breaks_gives_its_turn_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "PATIENCE", LONG)
    application = OneByOne(Pages())
    with pytest.raises(OSError):  # noqa: PT011  # it says nothing
        ask(application, "/broken")
    with ThreadPoolExecutor(1) as other:
        assert other.submit(ask, application, "/").result(LONG) == [b"page"]


def test_only_sqlite_needs_it() -> None:
    pages = Pages()
    assert isinstance(one_by_one(pages), OneByOne) == (connection.vendor == "sqlite")
