from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pytest

from services.vision.percepts.whip_pans import is_whip, shift_between
from tests.services.vision.scenes import photo

SCENE_PX = (96, 54)
"""Width and height of a photo through whose middle a picture of 48x27 moves."""


def views(name: str, lefts: Sequence[float], tops: Sequence[float] | None = None) -> np.ndarray:
    """(n, 27, 48, 3): what a camera shows of a photo from each place, with sensor noise."""
    scene = photo(name, *SCENE_PX)
    rng = np.random.default_rng(0)
    frames = []
    for left, top in zip(lefts, tops or [13.0] * len(lefts), strict=True):
        shift = np.array([[1.0, 0.0, left], [0.0, 1.0, top]])
        view = cv2.warpAffine(scene, shift, (48, 27), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
        frames.append(np.clip(view + rng.normal(0, 2, view.shape), 0, 255))
    return np.array(frames).astype(np.uint8)


@pytest.mark.parametrize("name", ["bus", "zidane"])
def test_every_step_of_a_whip_pan_is_one(name: str) -> None:
    frames = views(name, [0, 0, 12, 24, 36, 48, 48])
    assert [is_whip(frames, row) for row in range(1, 7)] == [False, True, True, True, True, False]


def test_so_is_one_that_begins_and_ends_slowly() -> None:
    frames = views("bus", [48, 48, 43, 33, 18, 6, 1, 0, 0])
    assert all(is_whip(frames, row) for row in range(2, 7))


def test_and_one_that_goes_up() -> None:
    frames = views("zidane", [20] * 6, [27, 27, 19, 10, 1, 0])
    assert is_whip(frames, 3)


@pytest.mark.parametrize("before", [[10] * 4, [0, 4, 8, 12]])
def test_a_cut_is_none_however_the_camera_moves_around_it(before: list[float]) -> None:
    frames = np.concatenate([views("bus", before), views("zidane", [20, 24, 28, 32])])
    assert not is_whip(frames, 4)


def test_a_cut_to_another_view_of_the_same_scene_is_none() -> None:
    frames = views("bus", [0, 0, 0, 20, 20, 20])
    assert shift_between(frames[2], frames[3]) == (-20, 0)
    assert not is_whip(frames, 3)


def test_the_picture_goes_against_the_camera() -> None:
    frames = views("zidane", [5, 15])
    assert shift_between(frames[0], frames[1]) == (-10, 0)


def test_a_picture_that_stands_still_or_is_flat_has_no_shift() -> None:
    still = views("bus", [10, 10])
    assert shift_between(still[0], still[1]) is None
    assert shift_between(np.zeros((27, 48, 3), np.uint8), still[0]) is None


@pytest.mark.parametrize("row", [1, 2])
def test_at_either_end_of_what_is_known_there_is_one_neighbour(row: int) -> None:
    assert is_whip(views("bus", [0, 14, 28]), row)
