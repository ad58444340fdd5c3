"""Files that came along with a call: encrypted on disk before the call is answered, until the mailroom keeps them."""

import re
import secrets
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from kanal.channels.adapters import GoneError
from kanal.common.secrets import cipher

KEPT = timedelta(days=3)
"""Longer than every attempt to read a call and keep its files takes."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,40}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came along: its name and kind as they were told, and where it lies."""

    name: str
    mime: str
    token: str


def _shelf() -> Path:
    return Path(settings.MEDIA_ROOT) / "app-files"


def put(content: bytes) -> str:
    """Lay a file down. Returns the token by which it is found again."""
    token = secrets.token_urlsafe(18)
    _shelf().mkdir(parents=True, exist_ok=True, mode=0o750)
    draft = _shelf() / f"{token}.part"
    draft.write_bytes(cipher().encrypt(content))
    draft.replace(_shelf() / token)
    return token


def take(token: str) -> bytes:
    """The content of a file. Raises GoneError when it is not there any more."""
    path = _shelf() / token
    if not _TOKEN.fullmatch(token) or not path.is_file():
        raise GoneError(_("Berkasnya sudah tidak ada."))
    return cipher().decrypt(path.read_bytes())


def clear() -> int:
    """Throw away what has lain there for long; returns how many files."""
    old = time.time() - KEPT.total_seconds()
    found = [path for path in _shelf().glob("*") if path.stat().st_mtime < old]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)
