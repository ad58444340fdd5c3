"""The desk's modem: gammu-smsd keeps messages in a SQLite database of its own, which we read and put messages into.

Tables: https://docs.gammu.org/smsd/tables.html. Times in it are the machine's local time in newer versions and UTC in
older ones; the triggers tell which.
"""

import hashlib
import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from django.utils.translation import gettext as _

from kanal.channels.adapters import Found, Outgoing, RefusedForGoodError, UnreachableError
from kanal.channels.sms import gsm7
from kanal.channels.sms.numbers import number_of
from kanal.channels.sms.parts import by_message

PAGE = 200
HISTORY = "-7 days"
"""How far back to read when a database is seen for the first time: a desk that was without us for a weekend."""
MOST_WAITING = 15
"""Rows of unfinished long messages that the cursor carries along; more come as they are."""
PART_WAIT = timedelta(minutes=15)
"""gammu-smsd itself waits ten minutes for the missing part of a long message."""
SILENCE = timedelta(minutes=15)
"""gammu-smsd notes once a minute how the modem is."""
OURS = "kanal-"
_FAILED = {"SendingError", "DeliveryFailed", "Error"}
_FIELDS = "ID, ReceivingDateTime, Text, SenderNumber, Coding, UDH, TextDecoded"


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the last look ended: the last row of `inbox`, rows that wait for their parts, the last receipt's time."""

    last: int = -1
    waiting: tuple[int, ...] = ()
    receipts: str = ""

    @classmethod
    def of(cls, text: str) -> Self:
        """The cursor written as `text`; the beginning for anything else."""
        last, _bar, rest = text.partition("|")
        waiting, _bar, receipts = rest.partition("|")
        try:
            return cls(int(last), tuple(int(one) for one in waiting.split(",") if one), receipts)
        except ValueError:
            return cls()

    def __str__(self) -> str:
        return f"{self.last}|{','.join(map(str, self.waiting))}|{self.receipts}"


@contextmanager
def opened(path: str, *, write: bool = False) -> Iterator[sqlite3.Connection]:
    """Gammu's database; never made when it is missing. Raises UnreachableError with what to do."""
    if not Path(path).is_file():
        sentence = _("Berkas database gammu tidak ada: periksa KANAL_SMS_GAMMU_DATABASE dan layanan gammu-smsd.")
        raise UnreachableError(sentence, pause=timedelta(minutes=5), alarm=True)
    try:
        uri = f"{Path(path).resolve().as_uri()}?mode={'rw' if write else 'ro'}"
        with closing(sqlite3.connect(uri, uri=True, timeout=10, isolation_level=None)) as line:
            line.row_factory = sqlite3.Row
            line.text_factory = lambda raw: raw.decode("utf-8", "replace")
            yield line
    except sqlite3.Error as fault:
        busy = "locked" in str(fault)
        sentence = (
            _("Database gammu sedang dipakai terus.")
            if busy
            else _("Database gammu tidak bisa dibuka: periksa izin berkas dan versi tabelnya.")
        )
        raise UnreachableError(sentence, alarm=not busy) from fault


def look(path: str, cursor: str) -> Found | None:
    """New messages and receipts since `cursor`; None when there are none. Raises UnreachableError (gammu is dead)."""
    with opened(path) as line:
        seen = _in_this_database(line, Cursor.of(cursor))
        rows = _rows(line, seen)
        ready, waiting = _sorted_out(rows)
        receipts, receipts_until = _receipts(line, seen.receipts)
        if not ready and not receipts:
            _demand_alive(line)
    last = max([seen.last, *(row["ID"] for row in rows)])
    following = str(Cursor(max(last, 0), tuple(waiting), receipts_until))
    if not ready and not receipts:
        return Found(b"", following) if following != cursor else None
    page = {"gammu": {"looked": datetime.now(UTC).isoformat(), "inbox": ready, "receipts": receipts}}
    return Found(json.dumps(page).encode(), following, more=len(rows) >= PAGE)


def _in_this_database(line: sqlite3.Connection, seen: Cursor) -> Cursor:
    """The cursor, or the beginning when the database was made anew since."""
    row = line.execute("SELECT seq FROM sqlite_sequence WHERE name = 'inbox'").fetchone()
    return Cursor() if seen.last > (row["seq"] if row else 0) else seen


def _rows(line: sqlite3.Connection, seen: Cursor) -> list[dict[str, Any]]:
    late = "abs(strftime('%s', 'now', 'localtime') - strftime('%s', ReceivingDateTime)) > :wait AS late"
    waiting = ",".join(map(str, seen.waiting)) or "NULL"
    first_time = "AND ReceivingDateTime >= datetime('now', 'localtime', :history)" if seen.last < 0 else ""
    found = line.execute(
        f"SELECT {_FIELDS}, {late} FROM inbox WHERE (ID > :last OR ID IN ({waiting})) {first_time}"  # noqa: S608  # numbers
        " ORDER BY ID LIMIT :page",
        {"last": seen.last, "wait": PART_WAIT.total_seconds(), "history": HISTORY, "page": PAGE},
    )
    return [dict(row) for row in found]


def _sorted_out(rows: list[dict[str, Any]]) -> tuple[list[Mapping[str, Any]], list[int]]:
    """The rows of whole messages, and the ids of those that still wait for a part."""
    ready: list[Mapping[str, Any]] = []
    waiting: list[int] = []
    for message in by_message(rows):
        ids = [row["ID"] for row in message.rows]
        if message.is_whole or any(row["late"] for row in message.rows) or len(waiting) + len(ids) > MOST_WAITING:
            ready += message.rows
        else:
            waiting += ids
    return ready, waiting


def _now(line: sqlite3.Connection, trigger: str) -> str:
    """How this database writes the present moment."""
    row = line.execute("SELECT sql FROM sqlite_master WHERE name = ?", [trigger]).fetchone()
    return "datetime('now', 'localtime'{})" if row is None or "localtime" in row["sql"] else "datetime('now'{})"


def _receipts(line: sqlite3.Connection, since: str) -> tuple[list[dict[str, Any]], str]:
    """What became of our messages, and until when that is known: the running second is left for the next look."""
    until = _now(line, "update_sentitems_time").format(", '-2 seconds'")
    changed = (
        f"SELECT CreatorID, max(UpdatedInDB) AS moved FROM sentitems WHERE UpdatedInDB > ? AND UpdatedInDB <= {until}"  # noqa: S608  # no value of anybody's
        f" AND CreatorID LIKE '{OURS}%' GROUP BY CreatorID ORDER BY moved LIMIT 5000"
    )
    moved = {row["CreatorID"]: row["moved"] for row in line.execute(changed, [since])}
    states: dict[str, list[str]] = defaultdict(list)
    for creator in moved:
        for row in line.execute("SELECT Status FROM sentitems WHERE CreatorID = ?", [creator]):
            states[creator].append(row["Status"])
    receipts = [{"key": creator, "states": found} for creator, found in states.items()]
    return receipts, max([since, *moved.values()])


def _demand_alive(line: sqlite3.Connection) -> None:
    """Raise an alarm when gammu-smsd has written nothing for long: messages lie in the modem and nobody sees them."""
    now = _now(line, "update_phones_time").format("")
    row = line.execute(
        f"SELECT strftime('%s', {now}) - strftime('%s', max(UpdatedInDB)) AS silent FROM phones"  # noqa: S608  # no value of anybody's
    ).fetchone()
    if row["silent"] is None or row["silent"] > SILENCE.total_seconds():
        sentence = _("gammu-smsd tidak memberi kabar: periksa modem, kartu SIM dan layanan gammu-smsd.")
        raise UnreachableError(sentence, pause=timedelta(minutes=1), alarm=True)


# --- sending ----------------------------------------------------------------------------------------------------------


class Modem:
    """Puts messages into gammu's outbox. The same message is put there once, however often it is tried."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        """Nothing stays open: gammu waits while we write."""

    def send(self, message: Outgoing, *, before: Callable[[], None]) -> str:
        """Hand one message to gammu-smsd and return the mark by which its receipts are found."""
        number = number_of(message.to)
        if not number:
            raise RefusedForGoodError(_("Nomor ini tidak bisa dikirimi SMS."), bounced=True)
        parts = gsm7.parts_of(gsm7.plain(message.body.replace("\x00", "")))
        if len(parts) > gsm7.MOST_PARTS:
            raise RefusedForGoodError(_("Pesannya terlalu panjang untuk SMS."))
        mark = mark_of(message.key)
        with opened(self._path, write=True) as line:
            line.execute("BEGIN IMMEDIATE")  # closing the connection without COMMIT takes everything back
            known, mark = _known(line, mark)
            if known:
                return mark
            before()
            _put(line, number, parts, mark)
            line.execute("COMMIT")
        return mark


def mark_of(key: str) -> str:
    """The mark of a message in gammu's tables, at its first try."""
    return OURS + hashlib.sha256(key.encode()).hexdigest()[:24]


def _known(line: sqlite3.Connection, mark: str) -> tuple[bool, str]:
    """Whether this message is there already, not failed, and its mark; else a mark that is free."""
    tries: dict[str, list[str]] = defaultdict(list)
    for table in ("outbox", "sentitems"):
        query = f"SELECT CreatorID, Status FROM {table} WHERE CreatorID = ? OR CreatorID LIKE ?"  # noqa: S608  # two names
        for row in line.execute(query, [mark, f"{mark}-%"]):
            tries[row["CreatorID"]].append(row["Status"])
    alive = [name for name, states in tries.items() if not _FAILED.intersection(states)]
    if alive:
        return True, alive[-1]
    return False, f"{mark}-{len(tries) + 1}" if tries else mark


def _put(line: sqlite3.Connection, number: str, parts: Sequence[str], mark: str) -> None:
    whole = "".join(parts)
    coding = "Default_No_Compression" if gsm7.is_gsm7(whole) else "Unicode_No_Compression"
    # One byte tells a telephone which parts belong together.
    reference = int(hashlib.sha256(mark.encode()).hexdigest()[:2], 16)
    headers = [f"050003{reference:02X}{len(parts):02X}{at:02X}" for at in range(1, len(parts) + 1)]
    first = line.execute(
        "INSERT INTO outbox (DestinationNumber, TextDecoded, Coding, UDH, MultiPart, DeliveryReport, CreatorID)"
        " VALUES (?, ?, ?, ?, ?, 'yes', ?)",
        [number, parts[0], coding, headers[0] if len(parts) > 1 else "", "true" if len(parts) > 1 else "false", mark],
    )
    line.executemany(
        "INSERT INTO outbox_multipart (ID, SequencePosition, TextDecoded, Coding, UDH) VALUES (?, ?, ?, ?, ?)",
        [
            (first.lastrowid, at, part, coding, header)
            for at, (part, header) in enumerate(zip(parts[1:], headers[1:], strict=True), start=2)
        ],
    )
