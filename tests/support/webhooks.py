"""A program of the regency, and a server of its own that is told of events."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from pytest_django import Settings

from kanal.channels.app import signing
from kanal.reports.models import ApiClient, Subscription
from kanal.reports.policy import Doer
from kanal.reports.webhooks.actions import keeping, outbox
from kanal.reports.webhooks.shapes import TYPES

_numbers = count(1)


@dataclass
class Program:
    """An app with its key; posts what it is told to, signed."""

    app: ApiClient
    key: str
    http: Client = field(default_factory=Client)

    def post(  # what a test wants to get wrong, each by its name
        self,
        call: str,
        told: Any,
        *,
        name: str = "",
        at: float | None = None,
        files: tuple[bytes, ...] = (),
        wrong: dict[str, str] | None = None,
    ) -> Any:
        """One call. `name` is its webhook-id, `at` its moment; `wrong` are headers instead of the right ones."""
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        kind = "application/json"
        if files:
            uploads = [SimpleUploadedFile("foto.jpg", content, "image/jpeg") for content in files]
            body = encode_multipart(BOUNDARY, {"message": body.decode(), "file": uploads})
            kind = MULTIPART_CONTENT
        headers = self.headers(body, name=name, at=at) | (wrong or {})
        return self.http.generic("POST", f"/webhook/v1/{call}", body, content_type=kind, headers=headers)

    def headers(self, body: bytes, *, name: str = "", at: float | None = None) -> dict[str, str]:
        """The headers of a body."""
        seconds = int(time.time() if at is None else at)
        signed = signing.headers([self.key], name or f"kiriman-{next(_numbers)}", seconds, body)
        return {**signed, signing.APP: str(self.app.pk)}


@dataclass
class Got:
    """One call that a server received."""

    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        """The event in it."""
        told: dict[str, Any] = json.loads(self.body)
        return told


@dataclass
class Listening:
    """A server on loopback that is told of events. `answers` are given one after another, then 204."""

    url: str = ""
    got: list[Got] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)


@contextmanager
def listening() -> Iterator[Listening]:
    """Run the server."""
    here = Listening()

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            here.got.append(Got({name.lower(): value for name, value in self.headers.items()}, body))
            code, headers = here.answers.pop(0) if here.answers else (204, {})
            self.send_response(code)
            for name, value in {**headers, "Content-Length": "0"}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Nothing on the screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    here.url = f"http://127.0.0.1:{server.server_port}/kejadian"
    try:
        yield here
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def subscribed(by: Doer, settings: Settings, url: str = "http://127.0.0.1:9/kejadian") -> Subscription:
    """A program with a key that is told of everything, one event waiting, at an address where nobody answers."""
    settings.WEBHOOK_LOOPBACK = True
    app = keeping.keep_app(app=keeping.App(name="SIPD Jalan", contact="Rina, rina@contoh.id"), by=by)
    keeping.change_signing_key(client=app, seen="", by=by)
    told = keeping.subscribe(client=app, url=url, kinds=list(TYPES), by=by)
    keeping.ping(subscription=told, by=by)
    outbox.raise_alarm(told.pk, "Ada kejadian yang tidak sampai setelah 9 kali dicoba: Servernya menjawab 500.")
    return told
