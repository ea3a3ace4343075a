from __future__ import annotations

import numpy as np
import pytest

from services.vision.motion.path import PAN, ROLL, TILT, ZOOM, course, paths_of, root_mean_square, shaking
from services.vision.percepts.motion import FrameMotion

ASPECT = 9 / 16


def steps(count: int, *, rate_hz: float = 15.0, start_s: float = 0.0, **per_step: float) -> list[FrameMotion]:
    still = {"right": 0.0, "down": 0.0, "scale": 1.0, "clockwise_deg": 0.0, "inlier_share": 1.0}
    return [
        FrameMotion(
            from_s=start_s + row / rate_hz,
            pts_s=start_s + (row + 1) / rate_hz,
            shot=0,
            point_count=100,
            own_motion=0.0,
            **{**still, **per_step},
        )
        for row in range(count)
    ]


def unknown(step: FrameMotion) -> FrameMotion:
    (empty,) = steps(1, start_s=step.from_s)
    return FrameMotion(**{**{name: getattr(empty, name) for name in empty.__slots__}, "point_count": 0})


def test_the_camera_moves_against_the_pixels() -> None:
    """Old bug: a pan had the sign of the pixels' motion, and a zoom was inverted."""
    (path,) = paths_of(steps(15, right=-0.02, down=0.01, scale=1.01, clockwise_deg=-1), ASPECT)
    end = path.position[-1]
    assert end[PAN] == pytest.approx(0.3)
    assert end[TILT] == pytest.approx(0.15)
    assert end[ZOOM] == pytest.approx(15 * np.log(1.01) / 2)
    assert end[ROLL] == pytest.approx(15 * np.radians(1) / 2)


def test_a_steady_move_keeps_its_speed_up_to_both_ends() -> None:
    (path,) = paths_of(steps(20, right=-0.02), ASPECT)
    smooth, velocity = course(path)
    assert velocity[:, PAN] == pytest.approx(0.3)
    assert smooth[:, PAN] == pytest.approx(path.position[:, PAN], abs=1e-9)
    assert root_mean_square(shaking(path)) == pytest.approx(0, abs=1e-9)


def test_speed_does_not_depend_on_the_frame_rate() -> None:
    """Old bug: speeds were per frame."""
    for rate_hz in (5.0, 15.0, 30.0):
        (path,) = paths_of(steps(40, rate_hz=rate_hz, right=-0.3 / rate_hz), ASPECT)
        assert course(path)[1][:, PAN] == pytest.approx(0.3)


def test_shaking_is_what_is_left_beside_the_course() -> None:
    swings = [step for row in range(60) for step in steps(1, start_s=row / 15, right=-0.01 * (-1) ** (row // 2))]
    (path,) = paths_of(swings, ASPECT)
    off = shaking(path)
    assert off[:, 1] == pytest.approx(0, abs=1e-12)
    assert root_mean_square(off) == pytest.approx(np.sqrt(0.5) * 0.01, rel=0.1)


def test_shaking_up_and_down_counts_in_widths_too() -> None:
    swings = [step for row in range(60) for step in steps(1, start_s=row / 15, down=0.01 * (-1) ** (row // 2))]
    (path,) = paths_of(swings, 2.0)
    assert root_mean_square(shaking(path)) == pytest.approx(2 * np.sqrt(0.5) * 0.01, rel=0.1)


def test_a_short_gap_is_bridged_at_the_speed_around_it() -> None:
    known = steps(15, right=-0.02)
    (path,) = paths_of([*known[:6], unknown(known[6]), *known[7:]], ASPECT)
    assert path.position[-1, PAN] == pytest.approx(0.3)
    assert len(path) == 16


def test_a_long_gap_ends_a_path() -> None:
    known = steps(30, right=-0.02)
    gap = [unknown(step) for step in known[10:20]]
    first, second = paths_of([*known[:10], *gap, *known[20:]], ASPECT)
    assert (first.time_s[-1], second.time_s[0]) == pytest.approx((10 / 15, 20 / 15))


def test_nothing_known_is_no_path() -> None:
    assert paths_of([], ASPECT) == []
    assert paths_of([unknown(step) for step in steps(9)], ASPECT) == []
