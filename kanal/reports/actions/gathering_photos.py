"""Photos of the paper list of an event. They name people, so every file is encrypted."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.common.images import CleanImage
from kanal.common.refusal import Refused
from kanal.reports import policy
from kanal.reports.actions.attachments import write_file
from kanal.reports.models import Gathering, GatheringPhoto
from kanal.reports.policy import Doer

MOST = 12
"""Photos one event may carry."""
FOLDER = "gatherings"


@transaction.atomic
def keep_sheets(*, gathering: Gathering, photos: Iterable[CleanImage], by: Doer) -> None:
    """Keep photos of the paper list; one that is there already stays one. Files are written before their rows."""
    policy.check_gathering(by.actor, gathering)
    Gathering.objects.select_for_update().get(pk=gathering.pk)
    known = set(gathering.photos.values_list("sha256", flat=True))
    fresh = {photo.sha256: photo for photo in photos if photo.sha256 not in known}
    if len(known) + len(fresh) > MOST:
        raise Refused(_("Satu acara memuat paling banyak %(most)d foto lembar.") % {"most": MOST}, code="too_many")
    GatheringPhoto.objects.bulk_create(_written(gathering, photo) for photo in fresh.values())


def _written(gathering: Gathering, photo: CleanImage) -> GatheringPhoto:
    base = f"{FOLDER}/{gathering.pk}/{photo.sha256[:32]}"
    return GatheringPhoto(
        gathering=gathering,
        path=write_file(f"{base}.jpg", photo.data, encrypted=True),
        thumb_path=write_file(f"{base}-s.jpg", photo.thumb, encrypted=True),
        width=photo.width,
        height=photo.height,
        sha256=photo.sha256,
    )


@transaction.atomic
def drop_sheet(*, photo: GatheringPhoto, by: Doer) -> None:
    """Take a photo of the paper list away, row and files; a second click finds nothing and does no harm."""
    policy.check_gathering(by.actor, photo.gathering)
    GatheringPhoto.objects.filter(pk=photo.pk).delete()
    transaction.on_commit(lambda: unlink_sheets([photo]))


def unlink_sheets(photos: Iterable[GatheringPhoto]) -> None:
    """Delete the files of photos whose rows go; a file already gone is fine."""
    for photo in photos:
        for path in (photo.path, photo.thumb_path):
            Path(default_storage.path(path)).unlink(missing_ok=True)


def remove_loose_sheets(*, older_than: timedelta = timedelta(days=1)) -> int:
    """Delete files without a row: their transaction failed, or the process died. Returns how many went."""
    limit = timezone.now().timestamp() - older_than.total_seconds()
    known = {
        Path(default_storage.path(path))
        for row in GatheringPhoto.objects.values_list("path", "thumb_path").iterator()
        for path in row
    }
    files = [file for file in Path(default_storage.path(FOLDER)).glob("*/*") if file.stat().st_mtime < limit]
    loose = [file for file in files if file not in known]
    for file in loose:
        file.unlink(missing_ok=True)
    return len(loose)
