"""One run of the demonstration: chunk after chunk, what is there already passed over."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from kanal.agencies.queries import reference
from kanal.common.images import CleanImage
from kanal.reports.actions.attachments import attach
from kanal.reports.actions.bulk_load import Story, load
from kanal.reports.demo import photos
from kanal.reports.demo.accounts import demo_accounts
from kanal.reports.demo.generator import Generator
from kanal.reports.demo.life import Staff
from kanal.reports.demo.showcase import showcase
from kanal.reports.models import Report
from kanal.reports.queries import report_reference

WITH_PHOTOS = 1_000
"""Runs of up to so many reports get drawn photos."""
_PHOTO_EVERY = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many reports a run made, and how many were there from an earlier one."""

    made: int
    known: int


def run(*, total: int, seed: int, today: date, progress: Callable[[int], None] = lambda _count: None) -> Outcome:
    """Make `total` invented reports and a few to show; `progress` hears how many more are done.

    Killed half-way, the next run goes on where it stopped: chunks are written whole, and known by their codes.
    Raises Refused in production.
    """
    generator = Generator(reference(), report_reference(), Staff(demo_accounts()), total=total, seed=seed, today=today)
    made = known = 0
    with _no_collecting():
        for start, stop in generator.chunks():
            if _there(generator, start):
                known += stop - start
            else:
                made += len(_written(generator.chunk(start, stop), with_photos=total <= WITH_PHOTOS))
            progress(stop - start)
    if not _there(generator, total):
        made += len(_written(list(showcase(generator)), with_photos=True))
    return Outcome(made, known)


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Stories have no cycles; looking for some among a hundred thousand rows took a tenth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _there(generator: Generator, number: int) -> bool:
    return Report.objects.filter(tracking_code=generator.code(number)).exists()


def _written(stories: Sequence[Story], *, with_photos: bool) -> Sequence[Story]:
    pictures = [_picture(story, number) if with_photos else None for number, story in enumerate(stories)]
    for story, picture in zip(stories, pictures, strict=True):
        story.report["has_photo"] = picture is not None
    load(stories)
    for story, picture in zip(stories, pictures, strict=True):
        if picture:
            attach(report=Report.objects.get(pk=story.report["id"]), photos=[picture])
    return stories


def _picture(story: Story, number: int) -> CleanImage | None:
    category = report_reference().categories.get(story.report["category_id"])
    if category is None or number % _PHOTO_EVERY == 1:
        return None
    return photos.picture(category.code, number)
