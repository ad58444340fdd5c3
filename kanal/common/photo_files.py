"""Photos in the media folder: the columns of their rows, how they get there, and how they go."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone

from kanal.common.images import CleanImage
from kanal.common.secrets import cipher

DAY = timedelta(days=1)


class Photo(models.Model):
    """A photo written anew without its metadata, and a small copy of it."""

    path = models.CharField(max_length=160)
    thumb_path = models.CharField(max_length=160)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        abstract = True


def write_photo(base: str, photo: CleanImage, *, encrypted: bool) -> dict[str, Any]:
    """Write both files of a photo, named `base`, and return the columns of its row."""
    return {
        "path": write_file(f"{base}.jpg", photo.data, encrypted=encrypted),
        "thumb_path": write_file(f"{base}-s.jpg", photo.thumb, encrypted=encrypted),
        "width": photo.width,
        "height": photo.height,
        "sha256": photo.sha256,
    }


def write_file(path: str, data: bytes, *, encrypted: bool) -> str:
    """Write one file of the media folder unless it is there, and return its path."""
    target = Path(default_storage.path(path))
    if not target.exists():
        # Under another name first: a full disk or a killed process must not leave half a photo under the right one.
        draft = default_storage.save(f"{path}.part", ContentFile(cipher().encrypt(data) if encrypted else data))
        Path(default_storage.path(draft)).replace(target)
    return path


def remove_files(photos: Iterable[Photo]) -> None:
    """Delete the files of photos whose rows go; a file already gone is fine."""
    for photo in photos:
        for path in (photo.path, photo.thumb_path):
            Path(default_storage.path(path)).unlink(missing_ok=True)


def remove_loose(folder: str, photos: models.QuerySet[Any], *, older_than: timedelta = DAY) -> int:
    """Delete the files of a folder that none of these photos names: their transaction failed, or the process died.

    Young files are left alone, because their row may be about to be committed. Returns how many went.
    """
    limit = timezone.now().timestamp() - older_than.total_seconds()
    paths = photos.values_list("path", "thumb_path").iterator(chunk_size=2000)
    known = {Path(default_storage.path(path)) for row in paths for path in row}
    files = [file for file in Path(default_storage.path(folder)).glob("*/*") if file.stat().st_mtime < limit]
    loose = [file for file in files if file not in known]
    for file in loose:
        file.unlink(missing_ok=True)
    return len(loose)
