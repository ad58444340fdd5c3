"""A platform on the loopback for tests: it remembers what it was asked, and can be slow, broken or dishonest."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Call:
    """One request that came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        """The body as a JSON object; empty when there is none."""
        found: dict[str, Any] = json.loads(self.body or b"{}")
        return found


@dataclass
class Answer:
    """What to reply; a dictionary becomes JSON."""

    body: dict[str, Any] | bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class FakePlatform:
    """A server that speaks a platform's protocol. Its fault menu, to be set before it is asked:

    `instead` is answered to everything; `slow` passes before each answer, in seconds; `hang_up` closes the line after
    reading the request, `takes_and_hangs_up` after doing what it says. A platform that is down is one whose `with`
    block ended.
    """

    def __init__(self) -> None:
        self.url = ""
        self.calls: list[Call] = []
        self.instead: Answer | None = None
        self.slow = 0.0
        self.hang_up = False
        self.takes_and_hangs_up = False

    def answer(self, call: Call) -> Answer:
        """What the platform replies when nothing is wrong."""
        raise NotImplementedError

    def reply_to(self, call: Call) -> Answer | None:
        """The answer of now, with what is wrong; None to hang up."""
        self.calls.append(call)
        time.sleep(self.slow)
        if self.takes_and_hangs_up and call.method == "POST":
            self.answer(call)
            return None
        return None if self.hang_up else self.instead or self.answer(call)


Platform = TypeVar("Platform", bound=FakePlatform)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that gave up waiting is what the test wanted."""


def _handler(platform: FakePlatform) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            call = Call(self.command, parts.path, dict(parse_qsl(parts.query)), dict(self.headers), body)
            answer = platform.reply_to(call)
            if answer is None:
                self.close_connection = True
                return
            content = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            for name, value in {"Content-Length": str(len(content)), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _serve  # noqa: N815  # names of http.server

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # http.server's own signature
            """Say nothing."""

    return Handler


@contextmanager
def running(platform: Platform) -> Iterator[Platform]:
    """Run a platform on a free port of 127.0.0.1, in threads of its own, until the block ends."""
    server = _Server(("127.0.0.1", 0), _handler(platform))
    platform.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
