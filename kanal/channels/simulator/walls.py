"""What stands in public on the played X and YouTube: what people wrote there and what Kanal answered below it."""

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from kanal.channels.simulator import phones
from kanal.channels.simulator.phones import Line
from kanal.channels.x.place import number_at

SHOWN = 200
"""How many of the newest a platform tells of."""
NAMES = {"x": "sim", "youtube": "UCsim"}
"""What comes before a telephone's number in the name of its owner's account."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A post or comment. `below` is what it answers; then it is Kanal's own, and `number` that of the one answered."""

    id: str
    number: str
    text: str
    at: str
    below: str = ""

    @property
    def moment(self) -> datetime:
        """When it was written."""
        return datetime.fromisoformat(self.at)


def write(medium: str, number: str, text: str, *, name: str, below: str = "") -> Entry:
    """Put something on a wall, by this name."""
    if not phones.is_number(number):
        raise ValueError("not a number of the simulator")
    entry = Entry(name, number, text, timezone.now().isoformat(), below)
    phones.append(_wall(medium), asdict(entry))
    return entry


def entries(medium: str) -> list[Entry]:
    """What stands on a wall, the newest first."""
    try:
        written = _wall(medium).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [Entry(**json.loads(line)) for line in reversed(written[-SHOWN:])]


def entry(medium: str, name: str) -> Entry | None:
    """One of them; None when it is not there."""
    return next((one for one in entries(medium) if one.id == name), None)


def answer(medium: str, below: Entry, text: str) -> Entry:
    """Kanal answers: it stands on the wall, and its reader's telephone shows it."""
    told = write(medium, below.number, text, name=new_name(medium), below=below.id)
    phones.write(medium, below.number, Line(told.id, mine=False, text=text, public=True))
    return told


def new_name(medium: str) -> str:
    """A name as the platform makes them: on X a number that grows with time."""
    if medium != "x":
        return f"Ug{secrets.token_hex(10)}"
    return str(int(number_at(timezone.now())) + secrets.randbelow(1 << 22))


def _wall(medium: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "simulator" / f"wall-{medium}.jsonl"
