from __future__ import annotations

import numpy as np
import pytest

from services.vision.effects.inset import Rectangle, find_inset, steps_along
from services.vision.effects.layout import grey
from tests.services.vision.effect_clips import encoded, handheld

BOX = Rectangle(left=84, top=20, right=132, bottom=92)


def inset(frames: np.ndarray) -> Rectangle | None:
    return find_inset(frames[::6], grey(frames[::6]))


def with_inset(behind: str, inserted: str, frame_count: int = 36) -> np.ndarray:
    frames = handheld(behind, frame_count)
    frames[:, BOX.top : BOX.bottom, BOX.left : BOX.right] = handheld(
        inserted, frame_count, width_px=48, height_px=72, seed=7
    )
    return frames


@pytest.mark.parametrize(("behind", "inserted"), [("bus", "coffee"), ("coffee", "astronaut"), ("chelsea", "bus")])
def test_a_picture_in_a_moving_picture(behind: str, inserted: str) -> None:
    found = inset(encoded(with_inset(behind, inserted)))
    assert found is not None
    sides = zip(
        (found.left, found.top, found.right, found.bottom), (BOX.left, BOX.top, BOX.right, BOX.bottom), strict=True
    )
    assert all(abs(one - other) <= 1 for one, other in sides)


@pytest.mark.parametrize("name", ["bus", "zidane", "astronaut", "coffee", "chelsea"])
def test_a_moving_picture_alone_has_none(name: str) -> None:
    assert inset(handheld(name, 36)) is None


def test_a_window_in_a_still_scene_is_none() -> None:
    frames = np.repeat(handheld("astronaut", 1), 36, axis=0)
    frames[:, 20:92, 84:132] = handheld("coffee", 36, width_px=48, height_px=72)
    assert inset(frames) is None


def test_a_still_photo_is_no_picture_of_its_own() -> None:
    frames = handheld("bus", 36)
    frames[:, 20:92, 84:132] = handheld("coffee", 1, width_px=48, height_px=72)
    assert inset(frames) is None


def test_steps_are_those_of_the_strongest_channel() -> None:
    picture = np.zeros((1, 2, 3, 3), np.uint8)
    picture[0, :, 1:, 2] = 200
    assert steps_along(picture, axis=2).tolist() == [[[200, 0], [200, 0]]]
    assert steps_along(picture, axis=1).max() == 0


@pytest.mark.parametrize("size", [(1, 1), (47, 300)])
def test_tiny_pictures_have_none(size: tuple[int, int]) -> None:
    pictures = np.zeros((5, *size, 3), np.uint8)
    assert find_inset(pictures, np.zeros((5, *size), np.float32)) is None
