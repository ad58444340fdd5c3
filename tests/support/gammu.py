"""gammu-smsd's database, made by the test: its tables and triggers, and what the daemon does with them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

# Tables of gammu-smsd, version 17 and 18 of its schema (https://docs.gammu.org/smsd/tables.html): the newer one writes
# every time by the local clock, the older one the automatic ones in UTC.
_CODING = (
    "CHECK (Coding IN ('Default_No_Compression', 'Unicode_No_Compression', '8bit', 'Default_Compression',"
    " 'Unicode_Compression'))"
)
_STATES = (
    "'SendingOK', 'SendingOKNoReport', 'SendingError', 'DeliveryOK', 'DeliveryFailed', 'DeliveryPending',"
    " 'DeliveryUnknown', 'Error'"
)
_TABLES = f"""
CREATE TABLE gammu (Version INTEGER NOT NULL DEFAULT 0 PRIMARY KEY);
CREATE TABLE inbox (
  UpdatedInDB NUMERIC NOT NULL DEFAULT (NOW), ReceivingDateTime NUMERIC NOT NULL DEFAULT (NOW),
  Text TEXT NOT NULL, SenderNumber TEXT NOT NULL DEFAULT '', Coding TEXT NOT NULL DEFAULT 'Default_No_Compression',
  UDH TEXT NOT NULL, SMSCNumber TEXT NOT NULL DEFAULT '', Class INTEGER NOT NULL DEFAULT -1,
  TextDecoded TEXT NOT NULL DEFAULT '', ID INTEGER PRIMARY KEY AUTOINCREMENT, RecipientID TEXT NOT NULL,
  Processed TEXT NOT NULL DEFAULT 'false', Status INTEGER NOT NULL DEFAULT -1, {_CODING});
CREATE TABLE outbox (
  UpdatedInDB NUMERIC NOT NULL DEFAULT (NOW), InsertIntoDB NUMERIC NOT NULL DEFAULT (NOW),
  SendingDateTime NUMERIC NOT NULL DEFAULT (NOW), SendBefore time NOT NULL DEFAULT '23:59:59',
  SendAfter time NOT NULL DEFAULT '00:00:00', Text TEXT, DestinationNumber TEXT NOT NULL DEFAULT '',
  Coding TEXT NOT NULL DEFAULT 'Default_No_Compression', UDH TEXT, Class INTEGER DEFAULT -1,
  TextDecoded TEXT NOT NULL DEFAULT '', ID INTEGER PRIMARY KEY AUTOINCREMENT, MultiPart TEXT NOT NULL DEFAULT 'false',
  RelativeValidity INTEGER DEFAULT -1, SenderID TEXT, SendingTimeOut NUMERIC NOT NULL DEFAULT (NOW),
  DeliveryReport TEXT DEFAULT 'default', CreatorID TEXT NOT NULL, Retries INTEGER DEFAULT 0,
  Priority INTEGER DEFAULT 0, Status TEXT NOT NULL DEFAULT 'Reserved', StatusCode INTEGER NOT NULL DEFAULT -1,
  {_CODING}, CHECK (DeliveryReport IN ('default', 'yes', 'no')), CHECK (Status IN ({_STATES}, 'Reserved')));
CREATE TABLE outbox_multipart (
  Text TEXT, Coding TEXT NOT NULL DEFAULT 'Default_No_Compression', UDH TEXT, Class INTEGER DEFAULT -1,
  TextDecoded TEXT DEFAULT NULL, ID INTEGER, SequencePosition INTEGER NOT NULL DEFAULT 1,
  Status TEXT NOT NULL DEFAULT 'Reserved', StatusCode INTEGER NOT NULL DEFAULT -1,
  {_CODING}, PRIMARY KEY (ID, SequencePosition));
CREATE TABLE phones (
  ID TEXT NOT NULL, UpdatedInDB NUMERIC NOT NULL DEFAULT (NOW), InsertIntoDB NUMERIC NOT NULL DEFAULT (NOW),
  TimeOut NUMERIC NOT NULL DEFAULT (NOW), Send TEXT NOT NULL DEFAULT 'no', Receive TEXT NOT NULL DEFAULT 'no',
  IMEI TEXT PRIMARY KEY NOT NULL, IMSI TEXT NOT NULL, NetCode TEXT DEFAULT 'ERROR', NetName TEXT DEFAULT 'ERROR',
  Client TEXT NOT NULL, Battery INTEGER NOT NULL DEFAULT -1, Signal INTEGER NOT NULL DEFAULT -1,
  Sent INTEGER NOT NULL DEFAULT 0, Received INTEGER NOT NULL DEFAULT 0);
CREATE TABLE sentitems (
  UpdatedInDB NUMERIC NOT NULL DEFAULT (NOW), InsertIntoDB NUMERIC NOT NULL DEFAULT (NOW),
  SendingDateTime NUMERIC NOT NULL DEFAULT (NOW), DeliveryDateTime NUMERIC NULL, Text TEXT NOT NULL,
  DestinationNumber TEXT NOT NULL DEFAULT '', Coding TEXT NOT NULL DEFAULT 'Default_No_Compression',
  UDH TEXT NOT NULL, SMSCNumber TEXT NOT NULL DEFAULT '', Class INTEGER NOT NULL DEFAULT -1,
  TextDecoded TEXT NOT NULL DEFAULT '', ID INTEGER, SenderID TEXT NOT NULL,
  SequencePosition INTEGER NOT NULL DEFAULT 1, Status TEXT NOT NULL DEFAULT 'SendingOK',
  StatusError INTEGER NOT NULL DEFAULT -1, TPMR INTEGER NOT NULL DEFAULT -1,
  RelativeValidity INTEGER NOT NULL DEFAULT -1, CreatorID TEXT NOT NULL, StatusCode INTEGER NOT NULL DEFAULT -1,
  CHECK (Status IN ({_STATES})), {_CODING}, PRIMARY KEY (ID, SequencePosition));
"""
_TRIGGER = (
    "CREATE TRIGGER update_{0}_time UPDATE ON {0} BEGIN UPDATE {0} SET UpdatedInDB = NOW WHERE {1} = old.{1}; END;\n"
)
_KEYS = {"inbox": "ID", "outbox": "ID", "phones": "IMEI", "sentitems": "ID"}


class Smsd:
    """A gammu-smsd with one modem, on the database at `path`."""

    def __init__(self, path: Path, *, version: int = 18) -> None:
        self.path = str(path)
        self._lag = 100
        self.now = "datetime('now', 'localtime')" if version > 17 else "datetime('now')"  # of its tables
        script = _TABLES + "".join(_TRIGGER.format(table, key) for table, key in _KEYS.items())
        with self.open() as line:
            line.executescript(script.replace("NOW)", f"{self.now})").replace("= NOW", f"= {self.now}"))
            line.execute("INSERT INTO gammu VALUES (?)", [version])
            line.execute("INSERT INTO phones (ID, IMEI, IMSI, Client) VALUES ('desk', '1', '2', 'Gammu')")

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """A connection of the daemon's own."""
        with closing(sqlite3.connect(self.path, isolation_level=None)) as line:
            line.row_factory = sqlite3.Row
            yield line

    def receive(self, text: str, sender: str = "+6281234567890", **columns: str) -> None:
        """A message or a part of one comes over the air."""
        heard = datetime.now().strftime("%Y-%m-%d %H:%M:%S")  # noqa: DTZ005  # the daemon writes the local time
        told = {
            "ReceivingDateTime": heard,
            "Text": "",
            "UDH": "",
            "RecipientID": "",
            "SenderNumber": sender,
            "TextDecoded": text,
            **columns,
        }
        names, marks = ", ".join(told), ", ".join("?" * len(told))
        with self.open() as line:
            line.execute(f"INSERT INTO inbox ({names}) VALUES ({marks})", list(told.values()))  # our own names

    def send(self, state: str = "SendingOKNoReport") -> list[tuple[str, str]]:
        """Send what lies in the outbox, part by part, as the daemon does. Returns what was said to whom."""
        said: list[tuple[str, str]] = []
        with self.open() as line:
            for row in line.execute("SELECT * FROM outbox ORDER BY ID").fetchall():
                parts = [row, *line.execute("SELECT * FROM outbox_multipart WHERE ID = ?", [row["ID"]])]
                for at in range(1, len(parts) + 1):
                    line.execute(
                        "INSERT INTO sentitems (Text, UDH, SenderID, ID, SequencePosition, CreatorID, Status)"
                        " VALUES ('', '', 'desk', ?, ?, ?, ?)",
                        [row["ID"], at, row["CreatorID"], state],
                    )
                said.append((row["DestinationNumber"], "".join(part["TextDecoded"] for part in parts)))
            line.executescript("DELETE FROM outbox; DELETE FROM outbox_multipart;")
        return said

    def report(self, state: str, *, part: int = 0) -> None:
        """Delivery reports come for what was sent: for all parts, or for one."""
        with self.open() as line:
            line.execute("UPDATE sentitems SET Status = ? WHERE ? IN (0, SequencePosition)", [state, part])
        self._lag -= 10
        self.age("sentitems", "UpdatedInDB", seconds=self._lag)

    def age(self, table: str, column: str, *, seconds: int) -> None:
        """Let time pass."""
        with self.open() as line:
            trigger = line.execute("SELECT sql FROM sqlite_master WHERE name = ?", [f"update_{table}_time"]).fetchone()
            line.execute(f"DROP TRIGGER update_{table}_time")
            line.execute(
                f"UPDATE {table} SET {column} = datetime({column}, ?)", [f"{-seconds:+d} seconds"]
            )  # our own names
            line.execute(trigger["sql"])
