"""Photos of the paper list of an event. They name people, so every file is encrypted."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from kanal.common.images import CleanImage
from kanal.common.photo_files import DAY, remove_files, remove_loose, write_photo
from kanal.common.refusal import Refused
from kanal.reports import policy
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
    GatheringPhoto.objects.bulk_create(
        GatheringPhoto(
            gathering=gathering,
            **write_photo(f"{FOLDER}/{gathering.pk}/{photo.sha256[:32]}", photo, encrypted=True),
        )
        for photo in fresh.values()
    )


@transaction.atomic
def drop_sheet(*, photo: GatheringPhoto, by: Doer) -> None:
    """Take a photo of the paper list away, row and files; a second click finds nothing and does no harm."""
    policy.check_gathering(by.actor, photo.gathering)
    GatheringPhoto.objects.filter(pk=photo.pk).delete()
    transaction.on_commit(lambda: remove_files([photo]))


def remove_loose_sheets(*, older_than: timedelta = DAY) -> int:
    """Delete files without a row. Returns how many went."""
    return remove_loose(FOLDER, GatheringPhoto.objects.all(), older_than=older_than)
