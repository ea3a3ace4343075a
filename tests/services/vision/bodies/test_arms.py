from __future__ import annotations

import numpy as np
import pytest

from services.vision.bodies.arms import Arm, arm, by_side, mean_direction_deg
from services.vision.bodies.proportions import body_heights
from services.vision.bodies.stretches import Stretch
from tests.services.vision.bodies.figures import Figure, acting, still

HANGING = (0.0, 0.0)
UP = (170.0, 175.0)
BENT_UP = (90.0, 180.0)
OUT = (90.0, 90.0)


def arms(stretch: Stretch) -> dict[str, Arm]:
    return {side: arm(stretch, body_heights(stretch), side) for side in ("left", "right")}


@pytest.mark.parametrize("raised", [UP, BENT_UP, (60.0, 170.0)])
@pytest.mark.parametrize("yaw_deg", [0, 30, 180])
def test_a_raised_hand(raised: tuple[float, float], yaw_deg: float) -> None:
    both = arms(still(Figure(left_arm=raised, yaw_deg=yaw_deg)))
    assert both["left"].raised.all()
    assert not both["right"].raised.any()


@pytest.mark.parametrize(
    "lowered", [HANGING, OUT, (45.0, 45.0), (20.0, 120.0), (10.0, 200.0), (30.0, -150.0), (60.0, -130.0)]
)
def test_hands_that_are_not_raised(lowered: tuple[float, float]) -> None:
    """Down, stretched out, at the chest, at the mouth."""
    assert not arms(still(Figure(right_arm=lowered)))["right"].raised.any()


@pytest.mark.parametrize(
    ("side", "angle_deg", "yaw_deg", "direction_deg"),
    [("left", 90, 0, 90), ("right", 90, 0, 270), ("left", 60, 0, 120), ("right", 135, 0, 315), ("left", 90, 180, 270)],
)
def test_a_pointing_arm(side: str, angle_deg: float, yaw_deg: float, direction_deg: float) -> None:
    figure = Figure(**{f"{side}_arm": (angle_deg, angle_deg)}, yaw_deg=yaw_deg)  # type: ignore[arg-type]
    pointing = arms(still(figure))[side]
    assert pointing.pointing.all()
    assert mean_direction_deg(pointing.direction_deg) == pytest.approx(direction_deg, abs=0.5)


@pytest.mark.parametrize("held", [HANGING, (30.0, 30.0), (90.0, 20.0), BENT_UP, UP])
def test_arms_that_point_at_nothing(held: tuple[float, float]) -> None:
    """Hanging, bent, or straight up."""
    assert not arms(still(Figure(left_arm=held)))["left"].pointing.any()


def test_an_arm_towards_the_camera_does_not_point_in_the_picture() -> None:
    assert not arms(still(Figure(left_arm=OUT, yaw_deg=80)))["left"].pointing.any()


def test_a_swung_arm_does_not_point() -> None:
    swung = acting(lambda time_s: Figure(left_arm=(60 + 300 * (time_s % 0.4), 60 + 300 * (time_s % 0.4))), 2.0)
    assert not arms(swung)["left"].pointing.any()


def test_a_single_frame_can_point() -> None:
    assert arms(still(Figure(left_arm=OUT), 0.2))["left"].pointing.all()


def test_unseen_arms_do_nothing() -> None:
    both = arms(still(Figure(left_arm=OUT, right_arm=UP, hidden=("wrist",))))
    for one in both.values():
        assert not one.raised.any()
        assert not one.pointing.any()


def test_sides() -> None:
    left, right = np.array([True, True, False, False]), np.array([True, False, True, False])
    assert by_side(left, right) == ["both", "left", "right", None]


def test_directions_around_the_top_do_not_average_to_the_bottom() -> None:
    assert mean_direction_deg(np.array([350.0, 10.0, np.nan])) % 360 == pytest.approx(0, abs=1e-6)
