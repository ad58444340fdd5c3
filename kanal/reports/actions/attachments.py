import re
from collections.abc import Iterable
from datetime import timedelta
from itertools import islice
from pathlib import Path

from django.core.files.storage import default_storage
from django.utils import timezone

from kanal.channels.files import content_of
from kanal.channels.models import InboundFile
from kanal.common.images import CleanImage, ImageRefused, sanitise
from kanal.common.masking import mask
from kanal.common.photo_files import write_photo
from kanal.reports.models import Attachment, Report

MOST = 5
"""Photos one report may carry; also said on the form."""

_NAMELESS = "foto.jpg"
"""People name photos after what they show, and of a secret report nothing lies in the clear."""
_PHOTO = re.compile(r"(.+)-[0-9a-f]{16}(?:-s)?\.jpg")


def attach(*, report: Report, photos: Iterable[CleanImage], inside: bool = False) -> list[Attachment]:
    """Keep cleaned photos with a report; those `inside` for its staff alone.

    Files are written before the rows, so that a row never lacks its file; files of secret reports are encrypted,
    because a backup or a careless copy of the folder must not tell what they show.
    """
    rows = []
    for photo in photos:
        base = f"reports/{photo.sha256[:2]}/{report.tracking_code}-{photo.sha256[:16]}"
        rows.append(
            Attachment(
                report=report,
                name=_NAMELESS if report.secret else mask(photo.name).text[:120],
                content_type=photo.content_type,
                size=len(photo.data),
                looks="" if report.secret else photo.looks,
                encrypted=report.secret,
                public=not inside,
                inside=inside,
                **write_photo(base, photo, encrypted=report.secret),
            )
        )
    return Attachment.objects.bulk_create(rows, ignore_conflicts=True)


def picture_in(file: InboundFile) -> CleanImage | None:
    """The picture that a message brought, cleaned like every photo; None when it cannot be shown as one."""
    try:
        return sanitise(content_of(file), name=_NAMELESS)
    except (ImageRefused, OSError):
        return None


def remove_loose_files(*, older_than: timedelta = timedelta(days=1)) -> int:
    """Delete photos without a row: their transaction failed, or the process died. Returns how many went.

    Young files are left alone: their row may be about to be committed.
    """
    folder, limit = Path(default_storage.path("reports")), timezone.now().timestamp() - older_than.total_seconds()
    files = iter(sorted(file for file in folder.glob("*/*") if file.is_file() and file.stat().st_mtime < limit))
    gone = 0
    while batch := list(islice(files, 500)):
        codes = {match[1] for file in batch if (match := _PHOTO.fullmatch(file.name))}
        rows = Attachment.objects.filter(report__tracking_code__in=codes).values_list("path", "thumb_path")
        known = {Path(default_storage.path(path)) for row in rows for path in row}
        for file in batch:
            if file not in known:
                file.unlink(missing_ok=True)
                gone += 1
    return gone
