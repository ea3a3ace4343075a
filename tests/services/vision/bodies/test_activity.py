from __future__ import annotations

import numpy as np
import pytest

from services.vision.bodies.activity import LEAST_S, activity, between, carried, speeds
from services.vision.bodies.proportions import body_heights
from services.vision.bodies.spans import held
from services.vision.bodies.stretches import Stretch
from services.vision.percepts.motion import FrameMotion
from tests.services.vision.bodies.figures import ASPECT, HEIGHT, RATE_HZ, Figure, acting, still


def speed_of(stretch: Stretch, *motions: FrameMotion) -> np.ndarray:
    return speeds(stretch, body_heights(stretch), motions)


def motion(from_s: float, pts_s: float, **values: float) -> FrameMotion:
    moved = {"right": 0.0, "down": 0.0, "scale": 1.0, "clockwise_deg": 0.0} | values
    return FrameMotion(from_s=from_s, pts_s=pts_s, shot=0, inlier_share=1.0, point_count=100, own_motion=0.0, **moved)


@pytest.mark.parametrize(("per_s", "label"), [(0.0, "still"), (0.05, "still"), (0.8, "moving"), (2.5, "very_active")])
def test_speed_in_body_heights(per_s: float, label: str) -> None:
    across = acting(lambda time_s: Figure(x=per_s * HEIGHT * time_s), 3.0)
    assert speed_of(across) == pytest.approx(per_s, abs=1e-3)
    assert set(activity(speed_of(across))) == {label}


def test_who_talks_with_his_hands_is_not_still() -> None:
    talking = acting(lambda time_s: Figure(right_arm=(40.0, 90 + 40 * float(np.sin(6 * time_s)))), 3.0)
    assert [each.label for each in held(talking, activity(speed_of(talking)), LEAST_S)] == ["moving"]


def test_a_camera_that_follows_hides_no_movement_and_one_that_pans_makes_none() -> None:
    pan = [motion((k - 1) / 15, k / 15, right=-0.02) for k in range(1, 46)]
    followed, left_behind = still(Figure(), 3.0), acting(lambda time_s: Figure(x=0.4 - 0.3 * ASPECT * time_s), 3.0)
    assert speed_of(followed, *pan) == pytest.approx(0.3 * ASPECT / HEIGHT, rel=1e-3)
    assert speed_of(left_behind, *pan) == pytest.approx(0.0, abs=1e-3)


def test_points_are_carried_as_the_picture_is() -> None:
    x = ASPECT / 2
    right_of_centre = np.array([x + 0.1, 0.5])
    np.testing.assert_allclose(carried(right_of_centre, ASPECT, [motion(0, 1, clockwise_deg=90)]), (x, 0.6))
    np.testing.assert_allclose(carried(right_of_centre, ASPECT, [motion(0, 1, scale=1.5)]), (x + 0.15, 0.5))
    moved = carried(right_of_centre, ASPECT, [motion(0, 1, right=0.1, down=0.2)])
    np.testing.assert_allclose(moved, (x + 0.1 + 0.1 * ASPECT, 0.7))


def test_only_motions_between_two_moments_count() -> None:
    motions = [motion((k - 1) / 15, k / 15) for k in range(1, 16)]
    assert [each.pts_s for each in between(motions, 0.2, 0.4)] == pytest.approx([4 / 15, 5 / 15, 6 / 15])


def test_one_misplaced_frame_is_no_movement() -> None:
    def jump(time_s: float) -> Figure:
        return Figure(x=0.4 if round(time_s * RATE_HZ) == 7 else 0.28)

    labels = activity(speed_of(acting(jump, 3.0)))
    assert labels.count("still") >= 12


def test_a_single_frame_shows_no_speed() -> None:
    assert activity(speed_of(still(Figure(), 0.2))) == [None]
    assert activity(speed_of(still(Figure(hidden=("_", "nose")), 0.4))) == [None, None]
