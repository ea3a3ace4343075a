from __future__ import annotations

import numpy as np
import pytest

from services.vision.percepts.objects import Edges
from services.vision.percepts.person_crops import (
    CROWD_LONG_SIDE_PX,
    LEAST_PERSON_PX,
    LONG_SIDE_PX,
    MULTIPLE_PX,
    PADDING,
    crop_around,
)


def coordinates(width_px: int, height_px: int) -> np.ndarray:
    """A frame whose red says how far to the right a pixel is, and whose green how far down."""
    frame = np.zeros((height_px, width_px, 3), np.uint8)
    frame[..., 0] = np.linspace(0, 255, width_px)[None, :]
    frame[..., 1] = np.linspace(0, 255, height_px)[:, None]
    return frame


@pytest.mark.parametrize("size", [(360, 640), (640, 360), (641, 359), (97, 33)])
@pytest.mark.parametrize("box", [(0.4, 0.2, 0.6, 0.9), (0.0, 0.0, 1.0, 1.0), (0.8, 0.7, 1.0, 1.0)])
def test_points_come_back_to_where_they_are(size: tuple[int, int], box: Edges) -> None:
    crop = crop_around(coordinates(*size), [box])
    height, width = crop.picture.shape[:2]
    inside = np.argwhere((crop.picture[..., 2] == 0) & (crop.picture[..., 0] > 8) & (crop.picture[..., 1] > 8))
    rows, columns = inside[:: max(1, len(inside) // 50)].T
    points = crop.in_frame(np.stack([columns + 0.5, rows + 0.5], axis=1))
    told = crop.picture[rows, columns, :2] / 255
    assert np.abs(points - told).max() < 1.5 / min(size) + 0.01
    assert (height % MULTIPLE_PX, width % MULTIPLE_PX) == (0, 0)


def test_a_crop_holds_the_persons_and_a_margin() -> None:
    crop = crop_around(coordinates(360, 640), [(0.4, 0.4, 0.5, 0.6), (0.6, 0.3, 0.7, 0.6)])
    corners = crop.in_frame(np.array([[0.0, 0.0], crop.picture.shape[1::-1]]))
    assert (corners[0] < (0.4 - 0.05, 0.3 - 0.04)).all()
    assert (corners[1] > (0.7 + 0.05, 0.6 + 0.04)).all()


def test_one_person_is_seen_small_and_a_crowd_large() -> None:
    frame = coordinates(360, 640)
    assert max(crop_around(frame, [(0.4, 0.4, 0.5, 0.6)]).picture.shape) == LONG_SIDE_PX
    crowd: list[Edges] = [(0.0, 0.1, 0.05, 0.2), (0.9, 0.8, 0.95, 0.85)]
    assert max(crop_around(frame, crowd).picture.shape) == CROWD_LONG_SIDE_PX


def test_a_crowd_is_no_larger_than_it_must_be() -> None:
    crop = crop_around(coordinates(360, 640), [(0.0, 0.1, 0.3, 0.3), (0.5, 0.2, 0.9, 1.0)])
    assert LONG_SIDE_PX < max(crop.picture.shape) < CROWD_LONG_SIDE_PX
    assert crop.frame_px[1] * 0.2 == pytest.approx(LEAST_PERSON_PX, abs=1)


def test_somebody_far_behind_enlarges_nothing() -> None:
    frame = coordinates(360, 640)
    near: Edges = (0.4, 0.2, 0.6, 0.9)
    alone, with_background = crop_around(frame, [near]), crop_around(frame, [near, (0.0, 0.1, 0.02, 0.15)])
    np.testing.assert_array_equal(with_background.picture, alone.picture)


def test_the_rest_is_grey() -> None:
    crop = crop_around(coordinates(360, 640), [(0.45, 0.2, 0.5, 0.9)])
    assert (crop.picture[:, 0] == PADDING).all()
    assert (crop.picture[:, -1] == PADDING).all()


@pytest.mark.parametrize("box", [(0.5, 0.5, 0.5, 0.5), (1.0, 1.0, 1.0, 1.0), (0.0, 0.0, 0.0, 1.0)])
def test_a_box_of_nothing_does_no_harm(box: Edges) -> None:
    crop = crop_around(coordinates(64, 36), [box])
    assert min(crop.picture.shape[:2]) >= MULTIPLE_PX


def test_a_frame_of_one_pixel() -> None:
    assert crop_around(np.zeros((1, 1, 3), np.uint8), [(0.0, 0.0, 1.0, 1.0)]).picture.shape == (320, 320, 3)
