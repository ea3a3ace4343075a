from __future__ import annotations

import numpy as np
import pytest

from services.vision.motion.corners import grid_corners
from tests.services.vision.scenes import photo


def grey(name: str) -> np.ndarray:
    return np.ascontiguousarray(photo(name)[..., 1])


def test_corners_lie_all_over_a_photo_and_inside_it() -> None:
    picture = grey("bus")
    corners = grid_corners(picture)
    assert 80 <= len(corners) <= 200
    assert (corners >= 2).all()
    assert (corners < np.array(picture.shape[::-1]) - 2).all()
    assert (np.ptp(corners, axis=0) > 0.8 * np.array(picture.shape[::-1])).all()


def test_a_caption_gets_no_more_corners_than_its_place() -> None:
    picture = grey("bus") // 8 + 100
    rng = np.random.default_rng(0)
    picture[200:220] = rng.choice([0, 255], size=(20, picture.shape[1]))
    corners = grid_corners(picture.astype(np.uint8))
    on_caption = (corners[:, 1] >= 197) & (corners[:, 1] < 223)
    assert 0 < on_caption.mean() < 0.35


@pytest.mark.parametrize("noise", [0.0, 4.0])
def test_a_plain_picture_has_none_noise_or_not(noise: float) -> None:
    plain = 120 + np.random.default_rng(0).normal(0, noise, (144, 256))
    assert len(grid_corners(plain.astype(np.uint8))) == 0


@pytest.mark.parametrize("shape", [(1, 1), (5, 3), (7, 200), (13, 17)])
def test_the_smallest_pictures_do_no_harm(shape: tuple[int, int]) -> None:
    picture = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    corners = grid_corners(picture)
    assert corners.shape[1] == 2
    assert (corners < np.array(shape[::-1])).all()
