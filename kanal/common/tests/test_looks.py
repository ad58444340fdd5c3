"""Copies of a picture look alike, other pictures do not, and a picture of one colour looks like nothing."""

import random

import pytest
from PIL import Image

from kanal.common.looks import SAME, differing_bits, is_looks, looks_of, nearly


def _scene(seed: int) -> Image.Image:
    rng = random.Random(seed)  # nothing secret: the same scene each time
    scene = Image.new("RGB", (12, 9))
    scene.putdata([(rng.randrange(256), rng.randrange(256), rng.randrange(256)) for _ in range(12 * 9)])
    return scene.resize((640, 480), Image.Resampling.BICUBIC)


def test_a_smaller_copy_looks_the_same_and_other_scenes_do_not() -> None:
    looks = looks_of(_scene(1))
    assert is_looks(looks)
    assert differing_bits(looks, looks_of(_scene(1).resize((320, 240)))) <= SAME
    assert all(differing_bits(looks, looks_of(_scene(seed))) > SAME for seed in range(2, 60))


@pytest.mark.parametrize("colour", ["white", "black", "teal"])
def test_one_colour_looks_like_nothing(colour: str) -> None:
    assert looks_of(Image.new("RGB", (640, 480), colour)) == ""
    assert differing_bits("", "") > SAME


def test_nearly_is_everything_within_one_bit() -> None:
    near = nearly("00000000000000ff")
    assert len(set(near)) == 65
    assert {differing_bits("00000000000000ff", one) for one in near} == {0, 1}
