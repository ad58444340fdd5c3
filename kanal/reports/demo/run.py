"""One run of the demonstration: chunk after chunk, what is there already passed over, two processes for large ones."""

import contextlib
import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.db.models import Max

from kanal.agencies.queries import reference
from kanal.channels.actions import pulse
from kanal.common.images import CleanImage
from kanal.reports.actions.attachments import attach
from kanal.reports.actions.bulk_load import CHUNK, Story, load
from kanal.reports.demo import pair, photos
from kanal.reports.demo.accounts import demo_accounts
from kanal.reports.demo.generator import DAYS_BACK, Generator
from kanal.reports.demo.life import Staff
from kanal.reports.demo.showcase import showcase
from kanal.reports.models import Report
from kanal.reports.queries import report_reference

WITH_PHOTOS = 1_000
"""Runs of up to so many reports get drawn photos."""
IN_PAIRS = 4 * CHUNK
"""From so many reports on a second process helps; starting it takes longer than making a few thousand."""
_PHOTO_EVERY = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many reports a run made, and how many were there from an earlier one."""

    made: int
    known: int


def run(
    *,
    total: int,
    seed: int,
    today: date,
    days: int = DAYS_BACK,
    progress: Callable[[int], None] = lambda _count: None,
) -> Outcome:
    """Make `total` invented reports and a few to show; `progress` hears how many more are done.

    Killed half-way, the next run goes on where it stopped: chunks are written whole, and known by their codes.
    Raises Refused in production.
    """
    generator = _generator(total, seed, today, days)
    chunks = list(generator.chunks())
    known = sum(stop - start for start, stop in chunks if _there(generator, start))
    with _no_collecting():
        if total >= IN_PAIRS and known < total and pair.worthwhile():
            with pair.second(total=total, seed=seed, today=today, days=days) as lives:
                _fill(generator, chunks, progress, lives=lives)
        else:
            _fill(generator, chunks, progress, lives=lambda: False)
    shown = [] if _there(generator, total) else list(showcase(generator))
    if shown:
        _write(shown, with_photos=True)
    for medium, at in Report.objects.order_by().values_list("medium").annotate(Max("received_at")):
        pulse.note_in(medium, at=at)
    return Outcome(total - known + len(shown), known)


def assist(*, total: int, seed: int, today: date, days: int = DAYS_BACK) -> None:
    """Make every other chunk of a run that another process began, and end when that one does."""
    generator, lives = _generator(total, seed, today, days), pair.parent_lives()
    chunks = list(generator.chunks())
    with _no_collecting(), contextlib.suppress(pair.Alone):
        for (before, _stop), (start, stop) in zip(chunks[::2], chunks[1::2], strict=False):
            if not _there(generator, start):
                stories = generator.chunk(start, stop)
                pair.wait_for(partial(_there, generator, before), lives)
                _write(stories, with_photos=False)


def _generator(total: int, seed: int, today: date, days: int) -> Generator:
    staff = Staff(demo_accounts())
    return Generator(reference(), report_reference(), staff, total=total, seed=seed, today=today, days=days)


def _fill(
    generator: Generator, chunks: list[tuple[int, int]], progress: Callable[[int], None], *, lives: Callable[[], bool]
) -> None:
    """Write what is not there yet; the odd ones are the second process's as long as it lives."""
    left: tuple[int, int] | None = None
    for number, (start, stop) in enumerate(chunks):
        if number % 2 and lives():
            left = start, stop
            continue
        missing = not _there(generator, start)
        stories = generator.chunk(start, stop) if missing else []
        if left:
            _awaited(generator, left, progress, lives=lives)
            left = None
        if missing:
            _write(stories, with_photos=generator.total <= WITH_PHOTOS)
        progress(stop - start)
    if left:
        _awaited(generator, left, progress, lives=lives)


def _awaited(
    generator: Generator, chunk: tuple[int, int], progress: Callable[[int], None], *, lives: Callable[[], bool]
) -> None:
    """Wait for a chunk of the second process, or make it here when that one died."""
    start, stop = chunk
    try:
        pair.wait_for(partial(_there, generator, start), lives)
    except pair.Alone:
        _write(generator.chunk(start, stop), with_photos=False)
    progress(stop - start)


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


def _write(stories: Sequence[Story], *, with_photos: bool) -> None:
    pictures = [_picture(story, number) if with_photos else None for number, story in enumerate(stories)]
    for story, picture in zip(stories, pictures, strict=True):
        story.report["has_photo"] = picture is not None
    load(stories)
    for story, picture in zip(stories, pictures, strict=True):
        if picture:
            attach(report=Report.objects.get(pk=story.report["id"]), photos=[picture])


def _picture(story: Story, number: int) -> CleanImage | None:
    category = report_reference().categories.get(story.report["category_id"])
    if category is None or number % _PHOTO_EVERY == 1:
        return None
    return photos.picture(category.code, number)
