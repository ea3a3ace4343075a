from __future__ import annotations

import numpy as np
import pytest

from services.vision.effects.zoom import STEADY_FRAMES, jumps, punch_scale, scale_between
from tests.services.vision.effect_clips import PHOTOS, encoded, enlarged, handheld, mixed_with, steps_of


def punches(frames: np.ndarray) -> list[tuple[int, int, float]]:
    found = []
    for first, after in jumps(steps_of(frames), 0, len(frames)):
        before = list(frames[max(first - 1 - STEADY_FRAMES, 0) : first])
        scale = punch_scale(before, list(frames[after - 1 : after + STEADY_FRAMES]))
        if scale is not None:
            found.append((first, after, scale))
    return found


@pytest.mark.parametrize(
    ("name", "scale"), [*((name, scale) for name in PHOTOS for scale in (1.06, 1.2)), ("bus", 1.5), ("astronaut", 2.0)]
)
def test_a_punch_in_and_out_is_exact_with_its_scale(name: str, scale: float) -> None:
    frames = handheld(name, 60)
    frames[20:40] = enlarged(frames[20:40], scale)
    found = punches(encoded(frames))
    assert [(first, after) for first, after, _ in found] == [(20, 21), (40, 41)]
    assert [found_scale for *_, found_scale in found] == pytest.approx([scale, 1 / scale], rel=0.01)


def test_a_punch_may_take_three_frames() -> None:
    frames = handheld("bus", 60)
    for row, scale in ((20, 1.1), (21, 1.2)):
        frames[row] = enlarged(frames[row : row + 1], scale)[0]
    frames[22:] = enlarged(frames[22:], 1.3)
    ((first, after, scale),) = punches(frames)
    assert (first, after) == (20, 23)
    assert scale == pytest.approx(1.3, rel=0.01)


def test_a_jump_cut_to_another_scale_is_one() -> None:
    frames = np.concatenate([handheld("bus", 30), enlarged(handheld("bus", 60)[30:], 1.3)])
    ((first, after, scale),) = punches(frames)
    assert (first, after) == (30, 31)
    assert scale == pytest.approx(1.3, rel=0.02)


def test_a_lens_that_zooms_is_none() -> None:
    still = handheld("bus", 60)
    scales = np.concatenate([np.ones(20), np.linspace(1, 1.6, 20), np.full(20, 1.6)])
    assert punches(np.stack([enlarged(still[k : k + 1], scales[k])[0] for k in range(60)])) == []


def test_a_lens_that_zooms_fast_is_none() -> None:
    still = handheld("bus", 60, speed=0.001)
    scales = np.concatenate([np.ones(26), np.linspace(1, 1.5, 9), np.full(25, 1.5)])
    assert punches(np.stack([enlarged(still[k : k + 1], scales[k])[0] for k in range(60)])) == []


@pytest.mark.parametrize(("one", "other"), [("coffee", "chelsea"), ("bus", "zidane"), ("astronaut", "bus")])
def test_a_cut_is_none(one: str, other: str) -> None:
    assert punches(np.concatenate([handheld(one, 30), handheld(other, 30)])) == []


def test_a_jump_cut_at_the_same_scale_is_none() -> None:
    frames = handheld("bus", 90, speed=0.01)
    assert punches(np.concatenate([frames[:30], frames[60:]])) == []


def test_a_flash_is_none() -> None:
    frames = handheld("bus", 60)
    frames[30:33] = mixed_with(frames[30:33], 255, [0.9, 0.6, 0.3])
    assert punches(frames) == []


def test_a_graphic_that_grows_is_none() -> None:
    frames = np.full((40, 256, 144, 3), 60, np.uint8)
    logo = handheld("coffee", 1, width_px=40, height_px=40)[0]
    frames[:20, 20:60, 20:60] = logo
    frames[20:, 15:65, 15:65] = enlarged(np.pad(logo, ((5, 5), (5, 5), (0, 0)))[None], 1.25)[0]
    assert punches(frames) == []


def test_pictures_without_points_have_no_scale() -> None:
    plain = np.full((64, 64, 3), 90, np.uint8)
    assert scale_between(plain, plain) is None
    assert scale_between(plain[:1, :1], plain[:1, :1]) is None
