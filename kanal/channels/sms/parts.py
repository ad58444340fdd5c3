"""Long messages come in parts: which rows of gammu's inbox belong together (3GPP TS 23.040, 9.2.3.24)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

GAP = " … "
"""What stands where a part never came."""
_SHORT_REFERENCE, _LONG_REFERENCE = 0x00, 0x08
_PORTS = {0x04, 0x05}
_SIZES = {_SHORT_REFERENCE: 3, _LONG_REFERENCE: 4}


@dataclass(frozen=True, slots=True)
class Part:
    """What a header says: which long message this belongs to, how many parts it has, which of them this is."""

    reference: int
    total: int
    position: int


@dataclass(slots=True)
class Message:
    """The rows of one message, in the order in which they came; `total` parts make it whole."""

    total: int
    rows: list[Mapping[str, Any]] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether every part is there."""
        return len(self.rows) >= self.total

    @property
    def text(self) -> str:
        """The words in their order, with a mark where parts are missing."""
        parts = sorted(zip(self.positions, self.rows, strict=True), key=lambda pair: pair[0])
        written, last = "", 0
        for position, row in parts:
            written += (GAP if position > last + 1 else "") + words_of(row)
            last = position
        return written + (GAP if last < self.total else "")


def elements(header: str) -> dict[int, bytes]:
    """The information elements of a user data header in hexadecimal; empty for one that is broken."""
    try:
        raw = bytes.fromhex(header)
    except ValueError:
        return {}
    found: dict[int, bytes] = {}
    at, end = 1, min(len(raw), 1 + raw[0]) if raw else 0
    while at + 2 <= end:
        name, size = raw[at], raw[at + 1]
        found.setdefault(name, raw[at + 2 : at + 2 + size])
        at += 2 + size
    return found


def part_of(header: str) -> Part | None:
    """What the header says of parts; None for a message that stands alone."""
    told = elements(header)
    for name, size in _SIZES.items():
        value = told.get(name, b"")
        if len(value) == size and 1 <= value[-1] <= value[-2]:
            return Part(int.from_bytes(value[:-2], "big"), value[-2], value[-1])
    return None


def is_for_machines(row: Mapping[str, Any]) -> bool:
    """Whether a message is settings, a ring tone or a push for an application rather than words."""
    return row.get("Coding") == "8bit" or bool(_PORTS.intersection(elements(str(row.get("UDH") or ""))))


def by_message(rows: Iterable[Mapping[str, Any]]) -> list[Message]:
    """Put rows that are parts of one message together. A part that is there already begins another message."""
    messages: list[Message] = []
    open_: dict[tuple[str, int, int], Message] = {}
    for row in rows:
        part = part_of(str(row.get("UDH") or ""))
        if part is None:
            messages.append(Message(1, [row], [1]))
            continue
        key = (str(row.get("SenderNumber") or ""), part.reference, part.total)
        message = open_.get(key)
        if message is None or part.position in message.positions:
            message = open_[key] = Message(part.total)
            messages.append(message)
        message.rows.append(row)
        message.positions.append(part.position)
    return messages


def words_of(row: Mapping[str, Any]) -> str:
    """The text of a row; where gammu left only its raw form, that is UTF-16 in hexadecimal."""
    words = str(row.get("TextDecoded") or "")
    if words:
        return words
    try:
        return bytes.fromhex(str(row.get("Text") or "")).decode("utf-16-be", "replace")
    except ValueError:
        return ""
