"""What the worker does for the mailroom."""

from datetime import time, timedelta

from kanal.channels.actions import forget_passings, reap_deliveries, remove_loose_files
from kanal.channels.adapters import adapters
from kanal.channels.app import shelf
from kanal.channels.delivery import deliver_due
from kanal.channels.files import fetch_files
from kanal.channels.listening import HeldLine
from kanal.channels.mailroom import look_around, read_deliveries
from kanal.common.tasks import line, pump, regularly, rescue

pump("outbox")(deliver_due)
pump("mailroom")(read_deliveries)
pump("platforms")(look_around)
pump("message files")(fetch_files)
rescue("outbox")(reap_deliveries)
for _medium, _adapter in adapters().items():
    if _adapter.holds:
        line(_medium, HeldLine(_medium))


@regularly("forget-passings", at=time(2, 50))
def _forget() -> str:
    return f"{forget_passings(older_than=timedelta(days=30))} notes"


@regularly("message-files-without-row", at=time(3, 10))
def _loose_files() -> str:
    return f"{remove_loose_files()} files"


@regularly("app-files", at=time(2, 55))
def _clear_shelf() -> str:
    return f"{shelf.clear()} files"
