"""Photos of an unfinished form wait encrypted, for their own form, for a day."""

import dataclasses
import io
import os
from pathlib import Path

import pytest
from PIL import Image
from pytest_django import Settings

from kanal.channels.web import parking
from kanal.common.images import CleanImage, sanitise

FORM, OTHER = "A" * 22, "B" * 22


@pytest.fixture
def photo() -> CleanImage:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "brown").save(drawn, "JPEG")
    return sanitise(drawn.getvalue(), name="jalan.jpg")


def test_a_parked_photo_comes_back_as_it_was_and_only_to_its_form(photo: CleanImage) -> None:
    parking.park(FORM, [photo, photo])
    assert parking.parked(FORM, [photo.sha256, photo.sha256]) == [photo]
    assert parking.parked(OTHER, [photo.sha256]) == []


def test_nothing_readable_lies_on_the_disk(photo: CleanImage, settings: Settings) -> None:
    parking.park(FORM, [photo])
    (stored,) = Path(settings.MEDIA_ROOT, "parked", FORM).iterdir()
    assert b"JFIF" not in stored.read_bytes()
    assert b"jalan" not in stored.read_bytes()


@pytest.mark.parametrize("name", ["../../secret.key", "", "x" * 64, "0" * 64, "\x00"])
def test_strange_names_open_nothing(photo: CleanImage, name: str) -> None:
    parking.park(FORM, [photo])
    assert parking.parked(FORM, [name]) == []


def test_a_damaged_file_is_passed_over(photo: CleanImage, settings: Settings) -> None:
    parking.park(FORM, [photo])
    Path(settings.MEDIA_ROOT, "parked", FORM, photo.sha256).write_bytes(b"half")
    assert parking.parked(FORM, [photo.sha256]) == []


def test_after_a_day_it_goes(photo: CleanImage, settings: Settings) -> None:
    parking.park(FORM, [photo])
    folder = Path(settings.MEDIA_ROOT, "parked", FORM)
    late = folder.stat().st_mtime + parking.KEEP_SECONDS + 1
    assert parking.sweep(now=late) == 1
    assert not folder.exists()


def test_a_filed_report_leaves_nothing_behind(photo: CleanImage, settings: Settings) -> None:
    parking.park(FORM, [photo])
    parking.release(FORM)
    assert not os.path.lexists(Path(settings.MEDIA_ROOT, "parked", FORM))


def test_one_form_cannot_fill_the_disk(photo: CleanImage, settings: Settings) -> None:
    for number in range(parking.MOST + 5):
        parking.park(FORM, [dataclasses.replace(photo, sha256=f"{number:064x}")])
    kept = {path.name for path in Path(settings.MEDIA_ROOT, "parked", FORM).iterdir()}
    assert kept == {f"{number:064x}" for number in range(5, parking.MOST + 5)}
