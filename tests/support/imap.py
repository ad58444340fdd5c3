"""A real IMAP server on the loopback (pymap, in a process of its own) and letters to lay into its mailbox."""

import imaplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

USER, PASSWORD = "demouser", "demopass"  # pymap's own


class MailBox:
    """One mailbox. Started anew it is empty and has another UIDVALIDITY, as after a server was moved."""

    def __init__(self, port: int) -> None:
        self.port = port

    def line(self) -> imaplib.IMAP4:
        """A signed-in connection."""
        line = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        line.login(USER, PASSWORD)
        return line

    def lay(self, *letters: bytes | EmailMessage, at: datetime | None = None) -> None:
        """Let letters arrive."""
        line = self.line()
        arrived = imaplib.Time2Internaldate(at or datetime.now(UTC))
        for letter in letters:
            raw = letter if isinstance(letter, bytes) else letter.as_bytes()
            status, told = line.append("INBOX", "", arrived, raw)
            assert status == "OK", told
        line.logout()

    def flags(self) -> list[bytes]:
        """The flags of all letters, as the server tells them."""
        line = self.line()
        line.select("INBOX", readonly=True)
        told = line.fetch("1:*", "(FLAGS)")[1]
        line.logout()
        return [row for row in told if isinstance(row, bytes)]

    def settings(self, **more: Any) -> dict[str, Any]:
        """The settings of Kanal for this mailbox."""
        usual = {"host": "127.0.0.1", "port": self.port, "security": "none", "user": USER, "password": PASSWORD}
        return {**usual, "folder": "INBOX", "own_lists": [], **more}


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@contextmanager
def imap_server() -> Iterator[MailBox]:
    """Run the server until the block ends."""
    box = MailBox(_free_port())
    command = [str(Path(sys.executable).with_name("pymap")), "--host", "127.0.0.1", "--port", str(box.port), "dict"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # our own words
    try:
        _wait_for(box, process)
        yield box
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(box: MailBox, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 15
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", box.port), timeout=1).close()
            return
        time.sleep(0.05)
    raise RuntimeError("the IMAP server does not start")
