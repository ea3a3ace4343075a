from __future__ import annotations

import numpy as np
import pytest

from services.vision.composition.focus import subject_focus
from tests.services.vision.quality.distorted import blurred, grey, noisy, photo

BOX = (0.2, 0.1, 0.8, 0.9)
SHOWN = ("astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg")


def inside(picture: np.ndarray) -> np.ndarray:
    height, width = picture.shape[:2]
    mask = np.zeros((height, width, 1), bool)
    mask[round(0.1 * height) : round(0.9 * height), round(0.2 * width) : round(0.8 * width)] = True
    return mask


@pytest.mark.parametrize("name", SHOWN)
def test_a_blurred_background_is_above_and_a_blurred_subject_below_a_photo_as_it_is(name: str):
    sharp = photo(name)
    soft = blurred(sharp, 3)
    plain = subject_focus(grey(sharp), BOX)
    before = subject_focus(grey(np.where(inside(sharp), sharp, soft)), BOX)
    behind = subject_focus(grey(np.where(inside(sharp), soft, sharp)), BOX)
    assert plain is not None
    assert before is not None
    assert behind is not None
    assert abs(plain) < 0.3
    assert before > plain + 0.3
    assert behind < plain - 0.3


@pytest.mark.parametrize("name", SHOWN)
def test_the_more_a_background_is_blurred_the_more_it_tells(name: str):
    sharp = photo(name)
    levels = [
        subject_focus(grey(np.where(inside(sharp), sharp, blurred(sharp, sigma_px))), BOX)
        for sigma_px in (0.5, 1, 2, 4)
    ]
    assert levels == sorted(levels, key=lambda level: level or 0.0)


def test_noise_does_not_change_it_much():
    sharp = photo("astronaut.png")
    scene = np.where(inside(sharp), sharp, blurred(sharp, 4))
    assert subject_focus(grey(noisy(scene, 8)), BOX) == pytest.approx(subject_focus(grey(scene), BOX), abs=0.25)


def test_before_a_plain_wall_nothing_can_be_told():
    scene = photo("chelsea.png")
    scene = np.where(inside(scene), scene, 150).astype(np.uint8)
    edges = (0.15, 0.05, 0.85, 0.95)  # what is beyond shows the wall alone
    assert subject_focus(grey(scene), edges) is None


def test_other_people_are_no_background():
    sharp = photo("astronaut.png")
    left, right = (0.0, 0.0, 0.3, 1.0), (0.7, 0.0, 1.0, 1.0)
    scene = blurred(sharp, 4)
    width = sharp.shape[1]
    scene[:, : round(0.3 * width)] = sharp[:, : round(0.3 * width)]
    scene[:, round(0.7 * width) :] = sharp[:, round(0.7 * width) :]
    alone, with_other = subject_focus(grey(scene), left), subject_focus(grey(scene), left, [left, right])
    assert alone is not None
    assert with_other is not None
    assert with_other > max(alone, 0.3)


@pytest.mark.parametrize("box", [(0.0, 0.0, 1.0, 1.0), (0.5, 0.5, 0.55, 0.55), (-0.1, -0.1, 0.0, 0.0)])
def test_where_one_of_the_two_is_too_small_nothing_can_be_told(box: tuple[float, float, float, float]):
    assert subject_focus(grey(photo("chelsea.png")), box) is None
