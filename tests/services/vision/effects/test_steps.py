from __future__ import annotations

import numpy as np
import pytest

from services.vision.effects.steps import THUMBNAIL_LONG_SIDE_PX, Steps, block_change, luma
from tests.services.vision.effect_clips import batches_of, steps_of


def plain(*levels: int, size: tuple[int, int] = (128, 64)) -> np.ndarray:
    return np.stack([np.full((*size, 3), level, np.uint8) for level in levels])


def test_a_row_tells_what_changed_since_the_row_before() -> None:
    steps = steps_of(plain(10, 10, 40))
    assert steps.brightness.tolist() == [10, 10, 40]
    assert steps.difference.tolist() == pytest.approx([0, 0, 30])
    assert steps.largest.tolist() == pytest.approx([0, 0, 30])
    assert steps.moved_share.tolist() == [0, 0, 1]
    assert steps.pts_s.tolist() == pytest.approx([0, 1 / 30, 2 / 30])
    assert steps.end_s[-1] == pytest.approx(0.1)


def test_one_block_that_moved_is_seen_though_the_mean_is_low() -> None:
    frames = plain(10, 10)
    frames[1, :8, :8] = 110
    steps = steps_of(frames)
    assert steps.largest[1] == pytest.approx(100)
    assert steps.difference[1] == pytest.approx(100 * 64 / (128 * 64))
    assert steps.moved_share[1] == pytest.approx(64 / (128 * 64))


def test_vividness_falls_to_zero_in_black_and_white() -> None:
    frames = plain(100, 100)
    frames[0, ..., 0] = 160
    assert steps_of(frames).tone[:, 3].tolist() == [60, 0]


def test_windows_add_up_and_the_table_grows() -> None:
    steps = Steps()
    for batch, end_s in batches_of(plain(*([0, 50] * 300), size=(8, 6))):
        steps.add(batch, end_s)
    assert len(steps) == 600
    assert steps.index.tolist() == list(range(600))
    assert steps.difference[1:] == pytest.approx(np.full(599, 50))
    assert steps.end_s[29] == steps.pts_s[30]


@pytest.mark.parametrize("size", [(1, 1), (2, 300), (5, 7), (256, 144)])
def test_small_and_odd_pictures_are_not_enlarged(size: tuple[int, int]) -> None:
    height, width = steps_of(plain(1, 2, size=size)).thumbnail.shape[1:3]
    assert height <= size[0]
    assert width <= size[1]
    assert max(height, width) == min(max(size), THUMBNAIL_LONG_SIDE_PX)


def test_without_frames_there_is_no_row() -> None:
    steps = Steps()
    assert len(steps) == 0
    assert steps.pts_s.tolist() == []


def test_change_and_luma_weigh_channels() -> None:
    one, other = plain(0, size=(2, 2))[0], plain(0, size=(2, 2))[0]
    other[..., 1] = 30
    assert block_change(one, other) == pytest.approx(np.full((2, 2), 10))
    assert luma(other) == pytest.approx(np.full((2, 2), 0.587 * 30))
