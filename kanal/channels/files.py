"""Fetching what messages mention: pictures, voice notes, papers. Kept encrypted, and only what is what it says."""

import logging
import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.channels import actions
from kanal.channels.actions import pulse
from kanal.channels.adapters import Adapter, FileRef, GoneError, TryLaterError, UnreachableError, adapter_of
from kanal.channels.models import InboundFile
from kanal.common.images import picture_type
from kanal.common.secrets import cipher
from kanal.common.tasks import KeepGoing

logger = logging.getLogger("kanal.files")

LARGEST = 25 * 2**20
"""Bytes; what the platforms themselves allow at most for what people send from a telephone."""
BATCH = 20
LEASE = timedelta(minutes=3)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 10, 60, 6 * 60))
LONGEST_BATCH = 20.0
_HEAD = 16
# What a file that is no picture begins with (an offset, the bytes), and what it then is. Everything else is not kept.
_SIGNS: tuple[tuple[int, bytes, tuple[str, str]], ...] = (
    (0, b"OggS", ("audio", "audio/ogg")),
    (0, b"ID3", ("audio", "audio/mpeg")),
    (0, b"\xff\xfb", ("audio", "audio/mpeg")),
    (0, b"\xff\xf1", ("audio", "audio/aac")),
    (0, b"#!AMR", ("audio", "audio/amr")),
    (4, b"ftypM4A", ("audio", "audio/mp4")),
    (4, b"ftyp", ("video", "video/mp4")),
    (0, b"%PDF-", ("document", "application/pdf")),
)
_UNSEEN = (b"ftypavif", b"ftypavis")
"""Pictures that look like a video and that nothing here can draw."""


def what_it_is(content: bytes) -> tuple[str, str] | None:
    """The kind (InboundFile.Kind) and media type that the content itself shows; None for anything not kept."""
    head = content[:_HEAD]
    picture = picture_type(head)
    if picture:
        return "image", picture
    if head[4:].startswith(_UNSEEN):
        return None
    return next((found for at, sign, found in _SIGNS if head[at:].startswith(sign)), None)


def fetch_files(keep_going: KeepGoing) -> int:
    """Fetch what is wanted. Returns how many files were handled."""
    handled, until, resting = 0, time.monotonic() + LONGEST_BATCH, set(pulse.paused())
    now = timezone.now()
    wanted = InboundFile.objects.filter(state=InboundFile.State.WANTED, next_attempt_at__lte=now)
    wanted = wanted.exclude(inbound__medium__in=resting)
    for pk, medium in wanted.order_by("next_attempt_at").values_list("pk", "inbound__medium")[:BATCH]:
        if not keep_going() or time.monotonic() > until:
            break
        file = actions.lease_file(pk, lease=LEASE) if medium not in resting else None
        if file is None:
            continue
        handled += 1
        if not _fetch(file):
            resting.add(medium)
    return handled


def _fetch(file: InboundFile) -> bool:
    """Fetch one file and note the outcome. Returns False when its platform cannot be reached."""
    adapter = adapter_of(file.inbound.medium) or Adapter()
    try:
        content = adapter.fetch(FileRef(file.external_id, file.kind, file.mime, file.name))
        _keep(file, content)
        pulse.reached(file.inbound.medium)
    except GoneError as gone:
        actions.settle_file(file, InboundFile.State.GONE, error=gone.sentence)
    except TryLaterError as trouble:
        if file.attempts > len(PAUSES):
            actions.settle_file(file, InboundFile.State.GONE, error=trouble.sentence)
        else:
            actions.file_later(file, PAUSES[file.attempts - 1], error=trouble.sentence)
        if isinstance(trouble, UnreachableError):
            pulse.pause(file.inbound.medium, sentence=trouble.sentence, for_=trouble.pause, alarm=trouble.alarm)
            return False
    return True


def _keep(file: InboundFile, content: bytes) -> None:
    """Write the content, encrypted, and note where. Raises GoneError for what is too large or not what it says."""
    if len(content) > LARGEST:
        raise GoneError(_("Berkasnya terlalu besar."))
    found = what_it_is(content)
    if found is None:
        raise GoneError(_("Jenis berkasnya tidak dikenal, jadi tidak disimpan."))
    file.kind, file.mime = found
    file.size, file.path = len(content), f"messages/{file.inbound_id % 100:02}/{file.pk}"
    target = Path(settings.MEDIA_ROOT) / file.path
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    draft = target.with_suffix(".part")
    draft.write_bytes(cipher().encrypt(content))
    draft.replace(target)
    actions.settle_file(file, InboundFile.State.KEPT)


def content_of(file: InboundFile) -> bytes:
    """The content of a kept file. Raises FileNotFoundError when it is gone from the disk."""
    return cipher().decrypt((Path(settings.MEDIA_ROOT) / file.path).read_bytes())
