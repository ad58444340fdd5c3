"""Photos of a form that was not accepted yet. They wait here, cleaned and encrypted, so that nobody uploads them twice.

Each lies in MEDIA_ROOT/parked/<submission>/ and goes when the report is filed, or after a day. The form carries their
names; a name opens photos of its own signed submission alone.
"""

import base64
import dataclasses
import json
import re
import shutil
import time
from collections.abc import Iterable
from pathlib import Path

from cryptography.fernet import InvalidToken
from django.conf import settings

from kanal.common.images import CleanImage
from kanal.common.secrets import cipher

KEEP_SECONDS = 24 * 3600
MOST = 10
"""Photos kept for one form, the newest: twice what a report may carry, and too few to fill a disk with one form."""
_SWEEP_SECONDS = 600
_NAME = re.compile(r"[0-9a-f]{64}")
_SUBMISSION = re.compile(r"[\w-]{16,40}")


def _root() -> Path:
    return Path(settings.MEDIA_ROOT) / "parked"


def _folder(submission: str) -> Path:
    if not _SUBMISSION.fullmatch(submission):
        raise ValueError(f"not a submission id: {submission[:40]!r}")
    return _root() / submission


def park(submission: str, photos: Iterable[CleanImage]) -> None:
    """Keep cleaned photos until the form is right. Parking one twice is fine. Raises OSError when the disk is full."""
    folder = _folder(submission)
    for photo in photos:
        folder.mkdir(parents=True, exist_ok=True, mode=0o750)
        path = folder / photo.sha256
        draft = path.with_suffix(".part")
        draft.write_bytes(cipher().encrypt(_packed(photo)))
        draft.replace(path)
    _drop_oldest(folder)
    sweep()


def _drop_oldest(folder: Path) -> None:
    if not folder.is_dir():
        return
    newest = sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    for file in newest[MOST:]:
        file.unlink(missing_ok=True)


def parked(submission: str, names: Iterable[str]) -> list[CleanImage]:
    """The parked photos of a submission, by the names its form carries; unknown and expired ones are passed over."""
    found = []
    for name in dict.fromkeys(names):
        if not _NAME.fullmatch(name):
            continue
        try:
            found.append(_unpacked(cipher().decrypt((_folder(submission) / name).read_bytes())))
        except (OSError, InvalidToken, ValueError, KeyError):
            continue
    return found


def release(submission: str) -> None:
    """The report is filed: nothing waits any more."""
    shutil.rmtree(_folder(submission), ignore_errors=True)


def sweep(*, now: float | None = None) -> int:
    """Remove what has waited longer than a day, looking at most every ten minutes; returns how many forms went."""
    now = now or time.time()
    mark = _root() / ".swept"
    try:
        if mark.exists() and now - mark.stat().st_mtime < _SWEEP_SECONDS:
            return 0
        _root().mkdir(parents=True, exist_ok=True, mode=0o750)
        mark.touch()
        old = [f for f in _root().iterdir() if f.is_dir() and now - f.stat().st_mtime > KEEP_SECONDS]
    except OSError:  # a full disk must not stop the form; the next sweep tries again
        return 0
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)


def _packed(photo: CleanImage) -> bytes:
    facts = dataclasses.asdict(photo)
    for field in ("data", "thumb"):
        facts[field] = base64.b64encode(facts[field]).decode()
    return json.dumps(facts).encode()


def _unpacked(raw: bytes) -> CleanImage:
    facts = json.loads(raw)
    for field in ("data", "thumb"):
        facts[field] = base64.b64decode(facts[field])
    return CleanImage(**facts)
