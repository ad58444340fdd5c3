from collections.abc import Iterable
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from kanal.common.images import CleanImage
from kanal.common.secrets import cipher
from kanal.reports.models import Attachment, Report

MOST = 5
"""Photos one report may carry; also said on the form."""


def attach(*, report: Report, photos: Iterable[CleanImage]) -> list[Attachment]:
    """Keep cleaned photos with a report.

    Files are written before the rows, so that a row never lacks its file; files of secret reports are encrypted,
    because a backup or a careless copy of the folder must not tell what they show.
    """
    rows = []
    for photo in photos:
        base = f"reports/{photo.sha256[:2]}/{report.tracking_code}-{photo.sha256[:16]}"
        rows.append(
            Attachment(
                report=report,
                name=photo.name[:120],
                path=_write(f"{base}.jpg", photo.data, encrypted=report.secret),
                thumb_path=_write(f"{base}-s.jpg", photo.thumb, encrypted=report.secret),
                content_type=photo.content_type,
                size=len(photo.data),
                width=photo.width,
                height=photo.height,
                sha256=photo.sha256,
                encrypted=report.secret,
            )
        )
    return Attachment.objects.bulk_create(rows, ignore_conflicts=True)


def _write(path: str, data: bytes, *, encrypted: bool) -> str:
    if default_storage.exists(path):
        return path
    return default_storage.save(path, ContentFile(cipher().encrypt(data) if encrypted else data))


def remove_files(attachments: Iterable[Attachment]) -> None:
    """Delete the files of attachments whose rows go; a file already gone is fine."""
    for attachment in attachments:
        for path in (attachment.path, attachment.thumb_path):
            Path(default_storage.path(path)).unlink(missing_ok=True)
