from __future__ import annotations

import numpy as np
import pytest

from services.vision.effects.layout import grey
from services.vision.effects.split import find_seams
from tests.services.vision.effect_clips import before_still_camera, encoded, handheld


def seams(frames: np.ndarray) -> tuple[list[int], list[int]]:
    return find_seams(grey(frames[::6]))


PAIRS = [("bus", "astronaut"), ("coffee", "bus"), ("astronaut", "chelsea"), ("chelsea", "coffee")]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_halves_beside_and_above_each_other(one: str, other: str) -> None:
    first, second = handheld(one, 30), handheld(other, 30, seed=5)
    beside, above = first.copy(), first.copy()
    beside[:, :, 72:] = second[:, :, 36:108]
    above[:, 128:] = second[:, 64:192]
    assert seams(encoded(beside)) == ([72], [])
    assert seams(encoded(above)) == ([], [128])


def test_thirds_and_a_grid() -> None:
    first, second, third = handheld("bus", 30), handheld("astronaut", 30, seed=5), handheld("coffee", 30, seed=7)
    thirds = first.copy()
    thirds[:, 85:171], thirds[:, 171:] = second[:, 85:171], third[:, 85:170]
    assert seams(thirds) == ([], [85, 171])
    grid = first.copy()
    grid[:, :128, 72:], grid[:, 128:, :72] = second[:, :128, 30:102], third[:, :128, 30:102]
    grid[:, 128:, 72:] = handheld("chelsea", 30)[:, :128, 30:102]
    assert seams(grid) == ([72], [128])


@pytest.mark.parametrize("name", ["bus", "zidane", "astronaut", "coffee", "chelsea"])
def test_one_moving_picture_has_no_seam(name: str) -> None:
    assert seams(handheld(name, 30)) == ([], [])


def test_a_line_within_the_scene_is_no_seam() -> None:
    frames = np.repeat(handheld("bus", 1), 30, axis=0)
    frames[:, :, 71:73] = 20
    for row in range(30):
        frames[row, 100:160, 4 * row : 4 * row + 30] = 200
    assert seams(frames) == ([], [])


def test_a_horizon_along_which_the_camera_pans_is_no_seam() -> None:
    sky = handheld("coffee", 1, width_px=400, height_px=128)[0]
    ground = handheld("bus", 1, width_px=400, height_px=128)[0]
    wide = np.concatenate([sky, ground])
    assert seams(np.stack([wide[:, 3 * row : 3 * row + 144] for row in range(30)])) == ([], [])


def beside(one: str, other: str) -> np.ndarray:
    """Two still cameras, 128 pixels of each; what moves stays away from the seam."""
    left, right = (before_still_camera(name, 30)[:, :, :128] for name in (one, other))
    return np.concatenate([left, right[::-1]], axis=2)


@pytest.mark.parametrize(("one", "other"), [("bus", "zidane"), ("coffee", "zidane"), ("coffee", "chelsea")])
def test_halves_filmed_by_still_cameras(one: str, other: str) -> None:
    """Old bug: where nothing moved right beside a seam it was taken for a wall's edge."""
    assert seams(encoded(beside(one, other), crf=20)) == ([128], [])


def test_the_frame_of_a_window_before_a_still_camera_is_no_seam() -> None:
    """It has two edges."""
    frames = beside("bus", "zidane")
    frames[:, :, 122:128] = 30
    assert seams(encoded(frames, crf=20)) == ([], [])


def test_a_leaning_edge_before_a_still_camera_is_no_seam() -> None:
    left, right = before_still_camera("bus", 30), before_still_camera("zidane", 30)
    frames = left.copy()
    for row in range(144):
        at = 124 + row // 18  # three degrees
        frames[:, row, at:] = right[:, row, : 256 - at]
    assert seams(encoded(frames, crf=20)) == ([], [])


def test_still_pictures_side_by_side_are_no_split_screen() -> None:
    frames = np.repeat(handheld("bus", 1), 30, axis=0)
    frames[:, :, 72:] = handheld("astronaut", 1)[:, :, 36:108]
    assert seams(frames) == ([], [])


def test_a_seam_that_only_half_of_the_samples_have_is_none() -> None:
    frames = handheld("bus", 30)
    frames[15:, :, 72:] = handheld("astronaut", 30)[15:, :, 36:108]
    assert seams(frames) == ([], [])


@pytest.mark.parametrize("size", [(1, 1), (16, 200), (31, 31)])
def test_tiny_pictures_have_none(size: tuple[int, int]) -> None:
    assert find_seams(np.zeros((5, *size), np.float32)) == ([], [])
