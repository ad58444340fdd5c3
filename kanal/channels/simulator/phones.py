"""What a played telephone shows, one file for each: shared by server processes, and gone with the demo's data."""

import json
import os
import re
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

SHOWN = 60
"""The newest messages of a chat that are shown."""
_NUMBER = re.compile(r"62811\d{7}")
_NAME = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Line:
    """One message on a telephone: `mine` is what its owner sent, the others came from Kanal."""

    id: str
    mine: bool
    text: str = ""
    picture: str = ""
    """An icon for what is no text: camera, radio (a voice), file, pin; alert for what was not taken."""
    template: bool = False
    public: bool = False
    """Whether others read it too: a comment below a post."""
    at: str = ""

    @property
    def moment(self) -> datetime:
        """When it was sent."""
        return datetime.fromisoformat(self.at)


def new_number() -> str:
    """A mobile number that nobody chose, without its plus. Nothing is ever sent to it by a real platform."""
    return f"62811{secrets.randbelow(10**7):07}"


def new_id() -> str:
    """A name for a message that a telephone shows."""
    return secrets.token_hex(8)


def is_number(text: str) -> bool:
    """Whether this is a number of ours."""
    return bool(_NUMBER.fullmatch(text))


def write(medium: str, number: str, line: Line) -> None:
    """Add a message to a telephone. Raises ValueError for a number that is none of ours."""
    append(_chat(medium, number), asdict(replace(line, at=timezone.now().isoformat())))


def append(path: Path, told: dict[str, Any]) -> None:
    """Add a line to a file that several processes write."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        os.write(handle, (json.dumps(told) + "\n").encode())  # one call, so that lines never mix
    finally:
        os.close(handle)


def lines(medium: str, number: str) -> list[Line]:
    """What a telephone shows, the oldest first."""
    try:
        written = _chat(medium, number).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [Line(**json.loads(line)) for line in written[-SHOWN:]]


def keep_file(content: bytes) -> str:
    """Keep a picture, voice or paper as the platform would; returns its name."""
    name = secrets.token_hex(16)
    path = _folder() / "files" / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    path.write_bytes(content)
    return name


def file(name: str) -> bytes | None:
    """The content of a kept file; None when there is none."""
    if not _NAME.fullmatch(name):
        return None
    try:
        return (_folder() / "files" / name).read_bytes()
    except FileNotFoundError:
        return None


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "simulator"


def _chat(medium: str, number: str) -> Path:
    if not is_number(number) or not medium.isalpha():
        raise ValueError("not a number of the simulator")
    return _folder() / f"{medium}-{number}.jsonl"
