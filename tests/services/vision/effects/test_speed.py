from __future__ import annotations

import numpy as np
import pytest

from services.vision.effects.speed import SlowMotion, find_slow_motion
from tests.services.vision.effect_clips import before_still_camera, encoded, handheld, steps_of


def slow(frames: np.ndarray, times_s: list[float] | None = None) -> list[SlowMotion]:
    return find_slow_motion(steps_of(frames, times_s), 0, len(frames))


@pytest.mark.parametrize("name", ["bus", "coffee"])
@pytest.mark.parametrize("repeats", [2, 3])
def test_a_stretch_of_repeated_frames_is_exact(name: str, repeats: int) -> None:
    frames = handheld(name, 70, speed=0.002)
    rows = [*range(30), *np.repeat(np.arange(30, 46), repeats), *range(46, 70)]
    (found,) = slow(encoded(frames[rows], crf=18))
    assert (found.first, found.after) == (30, 30 + 16 * repeats)
    assert found.repeats == pytest.approx(repeats, rel=0.1)


def test_what_was_slowed_from_24_in_30_frames_counts_against_the_rest() -> None:
    frames = handheld("bus", 80, speed=0.002)
    usual = [k * 4 // 5 for k in range(40)]
    slowed = [32 + k * 2 // 5 for k in range(40)]
    rest = [48 + k * 4 // 5 for k in range(39)]
    (found,) = slow(frames[[*usual, *slowed, *rest]])
    # The last frame before and the first after are themselves shown twice, as 24 in 30 frames are now and then.
    assert abs(found.first - 40) <= 2
    assert abs(found.after - 80) <= 2
    assert found.repeats == pytest.approx(2, rel=0.08)


@pytest.mark.parametrize("name", ["bus", "chelsea"])
def test_slow_motion_before_a_still_camera_is_exact(name: str) -> None:
    """Old bug: where little moves, some copies changed by more than a share of what new frames do at their fastest."""
    rows = [*range(30), *np.repeat(np.arange(30, 46), 2), *range(46, 90)]
    (found,) = slow(encoded(before_still_camera(name, 90)[rows], crf=26))
    assert (found.first, found.after) == (30, 62)
    assert found.repeats == pytest.approx(2, rel=0.1)


def test_what_a_still_camera_filmed_at_its_rate_is_no_slow_motion() -> None:
    frames = before_still_camera("bus", 90)
    assert slow(encoded(frames, crf=20)) == []
    assert slow(encoded(frames, crf=28)) == []
    assert slow(encoded(np.repeat(frames[:45], 2, axis=0), crf=20)) == []


@pytest.mark.parametrize("first", [15, 25, 35])
def test_a_still_camera_that_drops_frames_is_no_slow_motion(first: int) -> None:
    rows = [*range(first), *(first + 2 * (k // 2) for k in range(32)), *range(first + 32, first + 68)]
    assert slow(encoded(before_still_camera("bus", first + 70)[rows], crf=20)) == []


@pytest.mark.parametrize(("filmed", "shown"), [(24, 30), (25, 30), (24, 60), (30, 60), (15, 30), (10, 30)])
def test_a_converted_frame_rate_is_no_slow_motion(filmed: int, shown: int) -> None:
    frames = handheld("bus", 50, speed=0.002)
    assert slow(frames[[k * filmed // shown for k in range(50 * shown // filmed)]]) == []


def test_a_camera_that_drops_frames_is_no_slow_motion() -> None:
    frames = handheld("bus", 90, speed=0.004)
    rows = [*range(30), *(30 + 2 * (k // 2) for k in range(40)), *range(70, 90)]
    assert slow(frames[rows]) == []


def test_a_scene_in_which_little_happens_is_no_slow_motion() -> None:
    frames = np.repeat(handheld("bus", 1), 90, axis=0)
    frames[:40] = handheld("bus", 40)
    for row in range(40, 90, 3):
        frames[row:, 3 * (row - 40) : 3 * (row - 40) + 2, :4] ^= 60
    assert slow(frames) == []


def test_variable_frame_times_are_measured_not_counted() -> None:
    frames = handheld("bus", 60, speed=0.002)
    times = [k / 30 for k in range(25)] + [25 / 30 + k / 15 for k in range(15)] + [55 / 30 + k / 30 for k in range(20)]
    (found,) = slow(frames, times)
    assert (found.first, found.after) == (25, 40)
    assert found.repeats == pytest.approx(2, rel=0.02)


@pytest.mark.parametrize("count", [1, 2, 8])
def test_few_frames_tell_nothing(count: int) -> None:
    assert slow(handheld("bus", count)) == []
