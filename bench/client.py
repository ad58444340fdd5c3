"""A load client light enough to leave the machine to the server: plain sockets, prepared requests, no parsing."""

import selectors
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Request = Callable[[], bytes]


@dataclass
class Result:
    """What one round of load gave: requests per second, latencies in milliseconds, answers by HTTP status."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Answered requests per second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """The latency in milliseconds that `share` of the requests stayed under."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


class Connection:
    """One keep-alive client: sends a request, waits for its answer, sends the next."""

    def __init__(self, port: int, make: Request) -> None:
        self._port = port
        self._make = make
        self._buffer = b""
        self._expected = -1
        self.sent_at = 0.0
        self._connect()

    def _connect(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self._port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self) -> bool:
        """Send the next request and start its watch; False when there is none left."""
        self._buffer, self._expected = b"", -1
        request = self._make()
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)
        return bool(request)

    def receive(self) -> int:
        """Take what has arrived; the HTTP status of a whole answer, else 0. Raises ConnectionError if it broke."""
        data = self.socket.recv(262_144)
        if not data:
            raise ConnectionError("the server closed the connection")
        self._buffer += data
        if self._expected < 0:
            head, found, _body = self._buffer.partition(b"\r\n\r\n")
            if not found:
                return 0
            self._expected = len(head) + 4 + _content_length(head)
        return int(self._buffer[9:12]) if len(self._buffer) >= self._expected else 0


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _colon, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise ConnectionError("an answer without Content-Length cannot be measured")


def run(port: int, make: Request, *, clients: int, seconds: float) -> Result:
    """Keep `clients` connections busy for `seconds`, or until `make` gives b"", and count what comes back."""
    result = Result()
    selector = selectors.DefaultSelector()
    connections = [Connection(port, make) for _ in range(clients)]
    for connection in connections:
        selector.register(connection.socket, selectors.EVENT_READ, connection)
    start = time.perf_counter()
    busy = sum([connection.send() for connection in connections])
    end = start + seconds
    while busy and time.perf_counter() < end:
        for connection in _ready(selector):
            status = connection.receive()
            if status:
                result.latencies.append((time.perf_counter() - connection.sent_at) * 1000)
                result.statuses[status] = result.statuses.get(status, 0) + 1
                busy -= not connection.send()
    result.seconds = time.perf_counter() - start
    for connection in connections:
        connection.socket.close()
    return result


def _ready(selector: selectors.BaseSelector) -> Iterator[Connection]:
    for key, _events in selector.select(timeout=0.5):
        yield key.data


def get(path: str, *, cookie: str = "") -> bytes:
    """A GET request as bytes."""
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\n"
    return (head + (f"Cookie: {cookie}\r\n" if cookie else "") + "\r\n").encode()


def post(
    path: str, body: str, *, cookie: str = "", kind: str = "application/x-www-form-urlencoded", headers: str = ""
) -> bytes:
    """A POST as bytes, of a form unless `kind` says otherwise; `headers` are whole lines."""
    data = body.encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\nContent-Length: {len(data)}\r\n{headers}"
    )
    return (head + (f"Cookie: {cookie}\r\n" if cookie else "") + "\r\n").encode() + data
