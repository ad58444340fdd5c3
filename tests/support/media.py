"""A medium made of plain JSON, for tests of the mailroom itself."""

import itertools
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from django.utils import timezone

from kanal.channels import actions, files, mailroom, signals
from kanal.channels import delivery as outbox
from kanal.channels.adapters import (
    Adapter,
    Changed,
    FileRef,
    GoneError,
    Item,
    NotUnderstoodError,
    Outgoing,
    Receipt,
    Removed,
    Said,
    Sender,
    Strange,
    adapters,
)
from kanal.channels.models import Medium

Write = Callable[..., str]
"""Writes one message and gives what Kanal answers."""


class PlainMedium(Adapter):
    """Reads lists of items as `delivery()` writes them; keeps what it is told to send; `trouble` is raised instead."""

    medium = Medium.APP
    talks = True
    pace = 1000.0

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []
        self.files: dict[str, bytes] = {}
        self.trouble: Exception | None = None

    def read(self, payload: bytes) -> Iterable[Item]:
        """The items of one delivery."""
        try:
            items = json.loads(payload)["items"]
        except (ValueError, KeyError, TypeError) as fault:
            raise NotUnderstoodError("no items") from fault
        for item in items:
            kind = item.pop("is")
            at = datetime.fromisoformat(item.pop("at"))
            if kind == "said":
                files = tuple(FileRef(**ref) for ref in item.pop("files", ()))
                yield Said(at=at, files=files, **item)
            elif kind == "strange":
                yield Strange(**item)
            else:
                yield {"changed": Changed, "removed": Removed, "receipt": Receipt}[kind](at=at, **item)

    def fetch(self, file: FileRef) -> bytes:
        """The bytes laid down for this file."""
        if self.trouble:
            raise self.trouble
        if file.external_id not in self.files:
            raise GoneError("Berkas sudah tidak ada.")
        return self.files[file.external_id]

    @contextmanager
    def sending(self) -> Iterator[Sender]:
        """Keeps what is sent."""
        yield self

    def send(self, message: Outgoing, *, before: Callable[[], None]) -> str:
        """Keep one message."""
        if self.trouble:
            raise self.trouble
        before()
        self.sent.append(message)
        return f"out-{len(self.sent)}"


@pytest.fixture
def medium_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mailroom and its media by themselves: no room above takes messages up or answers them."""
    heard = (signals.message_came, signals.message_changed, signals.message_removed, signals.file_settled)
    for signal in heard:
        monkeypatch.setattr(signal, "receivers", [])


@pytest.fixture
def plain_medium(monkeypatch: pytest.MonkeyPatch) -> PlainMedium:
    """The mailroom with the plain medium in the place of "other apps"."""
    medium = PlainMedium()
    monkeypatch.setitem(cast("dict[str, Adapter]", adapters()), Medium.APP.value, medium)
    return medium


def delivery(*items: dict[str, Any]) -> str:
    """What the plain medium's platform would post."""
    return json.dumps({"items": items})


@pytest.fixture
def sari_writes(plain_medium: PlainMedium, regency: object) -> Write:
    """Sari sends one message; what Kanal answers comes back ("" when it says nothing)."""
    assert regency, "its places are known"
    numbers = itertools.count()

    def write(text: str = "", *, minutes: int = 0, **more: Any) -> str:
        at = timezone.now() + timedelta(minutes=minutes)
        item = {"is": "said", "external_id": f"s{next(numbers)}", "handle": "+6281234567890", "at": at.isoformat()}
        before = len(plain_medium.sent)
        actions.store_delivery(medium=Medium.APP, payload=delivery({**item, "text": text, **more}))
        mailroom.read_deliveries(lambda: True)
        files.fetch_files(lambda: True)
        outbox.deliver_due(lambda: True)
        return "\n".join(message.body for message in plain_medium.sent[before:])

    return write
