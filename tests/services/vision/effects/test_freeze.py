from __future__ import annotations

import cv2
import numpy as np
import pytest

from services.vision.effects.freeze import FreezeFrame, find_freezes
from tests.services.vision.effect_clips import PHOTOS, encoded, handheld, steps_of


def freezes(frames: np.ndarray, **options: bool) -> list[FreezeFrame]:
    steps = steps_of(frames)
    return find_freezes(steps, 0, len(steps), is_over=options.get("is_over", True))


def frozen(frames: np.ndarray, first: int, after: int) -> np.ndarray:
    copy = frames.copy()
    copy[first:after] = frames[first]
    return copy


@pytest.mark.parametrize("name", PHOTOS)
def test_a_freeze_within_motion_is_exact_after_encoding(name: str) -> None:
    (freeze,) = freezes(encoded(frozen(handheld(name, 80), 30, 50)))
    assert (freeze.first, freeze.after) == (30, 50)
    assert 0 < freeze.largest_difference < 1


def test_without_encoding_nothing_differs() -> None:
    (freeze,) = freezes(frozen(handheld("bus", 80), 30, 50))
    assert (freeze.first, freeze.after, freeze.largest_difference) == (30, 50, 0.0)


def test_a_shot_may_end_or_begin_with_it() -> None:
    frames = handheld("bus", 80)
    assert [(f.first, f.after) for f in freezes(frozen(frames, 40, 80))] == [(40, 80)]
    assert [(f.first, f.after) for f in freezes(frozen(frames, 0, 40))] == [(0, 40)]


def test_it_is_told_as_soon_as_what_follows_is_known() -> None:
    frames = frozen(handheld("bus", 80), 30, 50)
    assert freezes(frames[:55], is_over=False) == []
    assert len(freezes(frames[:70], is_over=False)) == 1


def test_less_than_a_quarter_of_a_second_is_no_freeze() -> None:
    assert freezes(frozen(handheld("bus", 80), 30, 37)) == []
    assert len(freezes(frozen(handheld("bus", 80), 30, 38))) == 1


@pytest.mark.parametrize("noise", [0.0, 1.5])
def test_old_bug_a_still_picture_is_no_freeze(noise: float) -> None:
    still = np.repeat(handheld("bus", 1), 60, axis=0)
    grain = np.random.default_rng(0).normal(0, noise, still.shape)
    assert freezes(np.clip(still + grain, 0, 255).astype(np.uint8)) == []


def test_a_camera_that_comes_to_rest_is_no_freeze() -> None:
    picture = handheld("bus", 1, width_px=400)[0]
    at = np.concatenate([np.arange(0, 90, 3), 90 + 60 * (1 - 0.8 ** np.arange(30)), np.full(30, 150)])
    matrices = [np.array([[1, 0, x], [0, 1, 0]], np.float64) for x in at]
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    assert freezes(np.stack([cv2.warpAffine(picture, m, (144, 256), flags=flags) for m in matrices])) == []


def test_a_thing_that_leaves_a_still_scene_is_no_freeze() -> None:
    frames = np.repeat(handheld("bus", 1), 70, axis=0)
    for row in range(30):
        frames[row, 100:160, 5 * row : 5 * row + 40] = 20
    assert freezes(encoded(frames)) == []


def test_a_fade_that_ends_is_no_freeze() -> None:
    still = np.repeat(handheld("bus", 1), 60, axis=0)
    light = np.concatenate([np.linspace(0.1, 1, 25), np.ones(35)])[:, None, None, None]
    assert freezes((still * light).astype(np.uint8)) == []


def test_a_plain_picture_is_no_freeze() -> None:
    frames = handheld("bus", 80)
    frames[30:50] = 90
    assert freezes(frames) == []


def test_a_slow_cadence_is_no_freeze() -> None:
    frames = handheld("bus", 20)
    assert freezes(np.repeat(frames, 8, axis=0)) == []


def test_one_frame_displayed_for_long_is_no_freeze() -> None:
    times = [k / 30 if k < 20 else 1 + k / 30 for k in range(40)]
    steps = steps_of(handheld("bus", 40), times)
    assert find_freezes(steps, 0, 40, is_over=True) == []


@pytest.mark.parametrize("count", [0, 1, 2, 4])
def test_few_frames_tell_nothing(count: int) -> None:
    steps = steps_of(handheld("bus", 6))
    assert find_freezes(steps, 0, count, is_over=True) == []
