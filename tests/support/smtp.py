"""A mail server on the loopback for tests: it takes letters, remembers them, and can be slow or broken on purpose."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default


@dataclass
class MailServer:
    """What the server should do, and what it got. Set the wishes before letters come.

    `answers` gives recipients a reply of their own to RCPT ("550 5.1.1 no such user"); `data_answer` replies to every
    text; `slow_seconds` passes between receiving a text and answering, `slow_envelope` before answering a recipient;
    `hang_up` closes the line instead of answering.
    """

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    data_answer: str = "250 2.0.0 taken"
    slow_seconds: float = 0.0
    slow_envelope: float = 0.0
    hang_up: bool = False
    received: list[Message] = field(default_factory=list)
    got_envelope: threading.Event = field(default_factory=threading.Event)
    got_text: threading.Event = field(default_factory=threading.Event)

    @property
    def subjects(self) -> list[str]:
        """The subjects of everything that was taken, in order."""
        return [str(letter["Subject"]) for letter in self.received]

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One conversation with a client."""
        try:
            writer.write(b"220 loopback\r\n")
            while line := (await reader.readline()).strip():
                if await self._answer(line.decode(errors="replace"), reader, writer):
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(self, line: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Reply to one command. Returns whether the conversation is over."""
        verb = line.upper()
        if verb.startswith("RCPT"):
            recipient = line.partition("<")[2].partition(">")[0]
            self.got_envelope.set()
            await asyncio.sleep(self.slow_envelope)
            writer.write(f"{self.answers.get(recipient, '250 ok')}\r\n".encode())
        elif verb == "DATA":
            writer.write(b"354 go on\r\n")
            return await self._take_text(reader, writer)
        elif verb == "QUIT":
            writer.write(b"221 bye\r\n")
            return True
        else:
            writer.write(b"250 ok\r\n")
        await writer.drain()
        return False

    async def _take_text(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        text = await reader.readuntil(b"\r\n.\r\n")
        self.got_text.set()
        taken = self.data_answer.startswith("2")
        if taken and not self.hang_up:
            self.received.append(message_from_bytes(text[:-5], policy=default))
        await asyncio.sleep(self.slow_seconds)
        if self.hang_up:
            return True
        writer.write(f"{self.data_answer}\r\n".encode())
        await writer.drain()
        return False


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run a server on a free port of 127.0.0.1, in a thread of its own, until the block ends."""
    mail, ready = MailServer(), threading.Event()
    loops: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def serve() -> None:
        over = asyncio.Event()
        async with await asyncio.start_server(mail.talk, "127.0.0.1", 0) as server:
            mail.port = server.sockets[0].getsockname()[1]
            loops.append((asyncio.get_running_loop(), over))
            ready.set()
            await over.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    ready.wait(5)
    try:
        yield mail
    finally:
        for loop, over in loops:
            loop.call_soon_threadsafe(over.set)
        thread.join(5)
