from __future__ import annotations

import cv2
import numpy as np
import pytest

from services.vision.composition.saliency import LONG_SIDE_PX, standing_out
from tests.services.vision.quality.distorted import photo

GREY = (100, 105, 110)


def filled(*, noise: float = 0.0) -> np.ndarray:
    plain = np.full((360, 640, 3), GREY, np.float64)
    return np.clip(plain + np.random.default_rng(0).normal(0, noise, plain.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("noise", [0.0, 10.0])
@pytest.mark.parametrize("centre_px", [(200, 120), (320, 180), (600, 320)])
def test_a_disc_of_another_colour_is_found_where_it_is(centre_px: tuple[int, int], noise: float):
    x, y = centre_px
    frame = filled(noise=noise)
    cv2.circle(frame, centre_px, 40, (220, 40, 40), -1)
    box = standing_out(frame)
    truth = ((x - 40) / 640, (y - 40) / 360, (x + 41) / 640, (y + 41) / 360)
    pixel = 1 / LONG_SIDE_PX
    assert box == pytest.approx(truth, abs=2.5 * pixel * 640 / 360)
    assert box is not None
    assert ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) == pytest.approx((x / 640, y / 360), abs=2 * pixel)


def test_of_two_equal_things_none_is_the_subject():
    frame = filled()
    for x in (160, 480):
        cv2.circle(frame, (x, 180), 40, (220, 40, 40), -1)
    assert standing_out(frame) is None


@pytest.mark.parametrize("name", ["grass.png", "gravel.png", "brick.png", "coins.png", "page.png"])
def test_texture_and_text_have_no_subject(name: str):
    assert standing_out(photo(name)) is None


def test_neither_a_plain_picture_nor_a_ramp_nor_a_horizon_has_a_subject():
    assert standing_out(filled()) is None
    assert standing_out(filled(noise=20)) is None
    ramp = np.repeat(np.tile(np.linspace(0, 255, 640), (360, 1))[..., None], 3, axis=2).astype(np.uint8)
    assert standing_out(ramp) is None
    horizon = filled()
    horizon[:120] = 220
    assert standing_out(horizon) is None


def test_a_rocket_at_night_stands_out():
    box = standing_out(photo("rocket.jpg"))
    assert box is not None
    assert box[0] < 0.5 < box[2]


@pytest.mark.parametrize("shape", [(1, 1, 3), (2, 300, 3)])
def test_tiny_pictures_have_no_subject(shape: tuple[int, int, int]):
    assert standing_out(np.full(shape, 9, np.uint8)) is None
