from __future__ import annotations

import numpy as np

from services.vision.texts.frames import HISTORY_S, FrameHistory, GreyFrame, gradients, grey_of, pixels_of
from services.vision.texts.readers import Rect


def plain(level: int, height: int = 8, width: int = 6) -> np.ndarray:
    return np.full((height, width), level, dtype=np.uint8)


def test_frames_keep_their_numbers_while_old_ones_are_forgotten() -> None:
    history = FrameHistory()
    for number in range(100):
        history.append(GreyFrame(pts_s=number * 0.5, grey=plain(number)))
    assert history.last == 99
    assert history[99].grey[0, 0] == 99
    assert history[history.first].pts_s >= history[99].pts_s - HISTORY_S
    assert history[history.first].grey[0, 0] == history.first


def test_a_frame_of_another_size_is_brought_to_that_before() -> None:
    history = FrameHistory()
    history.append(GreyFrame(pts_s=0.0, grey=plain(10, 8, 6)))
    history.append(GreyFrame(pts_s=0.1, grey=plain(20, 16, 12)))
    assert history[1].grey.shape == (8, 6)


def test_large_frames_are_made_small_and_small_ones_left() -> None:
    assert grey_of(np.zeros((1280, 720, 3), dtype=np.uint8)).shape == (256, 144)
    assert grey_of(np.zeros((90, 160, 3), dtype=np.uint8)).shape == (90, 160)


def test_a_step_in_brightness_is_measured_in_grey_levels() -> None:
    step = np.zeros((7, 8), dtype=np.uint8)
    step[:, 4:] = 100
    across, down = gradients(step)
    assert across.max() == 100
    assert not down.any()


def test_a_box_covers_at_least_one_pixel_inside_the_frame() -> None:
    rows, columns = pixels_of(Rect(1.0, 1.0, 1.0, 1.0), (20, 10))
    assert (rows, columns) == (slice(19, 20), slice(9, 10))
    assert pixels_of(Rect(0.0, 0.0, 1.0, 1.0), (20, 10), margin_px=3) == (slice(0, 20), slice(0, 10))
