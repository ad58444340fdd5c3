"""Photos of a form: each is cleaned on its own, a refused one leaves the others in peace."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import ngettext

from kanal.common.images import CleanImage, ImageRefused, sanitise


def cleaned_photos(uploads: Iterable[Any], *, kept: list[CleanImage], most: int) -> tuple[list[CleanImage], list[str]]:
    """Clean uploads onto `kept`, without repeats, up to `most`; return all photos and one sentence per refused one."""
    photos, refused, left_over = list(kept), [], 0
    known = {photo.sha256 for photo in photos}
    for upload in uploads:
        if len(photos) >= most:
            left_over += 1
            continue
        try:
            photo = sanitise(upload.file, name=str(upload.name or ""))
        except ImageRefused as error:
            refused.append(error.sentence)
            continue
        if photo.sha256 not in known:
            known.add(photo.sha256)
            photos.append(photo)
    if left_over:
        sentence = ngettext(
            "Paling banyak %(most)d foto. %(count)d foto tidak ikut.",
            "Paling banyak %(most)d foto. %(count)d foto tidak ikut.",
            left_over,
        )
        refused.append(sentence % {"most": most, "count": left_over})
    return photos, refused
