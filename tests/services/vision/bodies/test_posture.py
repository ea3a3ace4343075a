from __future__ import annotations

import numpy as np
import pytest

from services.vision.bodies.posture import angle_deg, posture, tilt_deg
from services.vision.bodies.proportions import body_heights
from services.vision.bodies.stretches import Stretch
from tests.services.vision.bodies.figures import Figure, still


def labels(stretch: Stretch) -> set[str | None]:
    return set(posture(stretch, body_heights(stretch)).labels)


@pytest.mark.parametrize("yaw_deg", [0, 45, 90, 180, -90])
@pytest.mark.parametrize("name", ["standing", "sitting"])
def test_standing_and_sitting_from_every_side(name: str, yaw_deg: float) -> None:
    assert labels(still(Figure(posture=name, yaw_deg=yaw_deg))) == {name}


@pytest.mark.parametrize("tilt_deg", [85, -90, 95])
def test_lying(tilt_deg: float) -> None:
    assert labels(still(Figure(tilt_deg=tilt_deg))) == {"lying"}


def test_standing_on_unseen_feet() -> None:
    assert labels(still(Figure(hidden=("ankle",)))) == {"standing"}


@pytest.mark.parametrize("hidden", [("knee", "ankle"), ("hip", "knee", "ankle")])
def test_without_legs_upright_is_all_that_is_known(hidden: tuple[str, ...]) -> None:
    for name in ("standing", "sitting"):
        assert labels(still(Figure(posture=name, hidden=hidden))) == {"upright"}


def test_what_is_not_known_is_not_told() -> None:
    assert labels(still(Figure(posture="kneeling"))) == {None}
    assert labels(still(Figure(hidden=("_", "nose")))) == {None}
    assert labels(still(Figure(hidden=("shoulder", "hip")))) == {None}
    assert labels(still(Figure(tilt_deg=60, hidden=("knee", "ankle")))) == {None}


def test_a_straight_leg_stands_though_a_camera_above_shortens_it() -> None:
    stretch = still(Figure())
    points = stretch.points.copy()
    points[:, 11:, 1] = 0.5 + (points[:, 11:, 1] - 0.5) * 0.6
    from_above = Stretch(
        pts_s=stretch.pts_s, end_s=stretch.end_s, points=points, confidence=stretch.confidence, aspect=stretch.aspect
    )
    assert labels(from_above) == {"standing"}


def test_the_evidence() -> None:
    stretch = still(Figure(tilt_deg=20))
    how = posture(stretch, body_heights(stretch))
    assert how.trunk_tilt_deg == pytest.approx(20)
    assert how.knee_angle_deg == pytest.approx(180)
    seated = still(Figure(posture="sitting", yaw_deg=90))
    assert posture(seated, body_heights(seated)).knee_angle_deg == pytest.approx(97, abs=1)


def test_angles() -> None:
    corner, right, up = np.array([[0.0, 0.0]]), np.array([[1.0, 0.0]]), np.array([[0.0, -1.0]])
    assert angle_deg(right, corner, up) == pytest.approx(90)
    assert angle_deg(right, corner, -right) == pytest.approx(180)
    assert tilt_deg(corner, up) == pytest.approx(0)
    assert tilt_deg(corner, right) == pytest.approx(90)
    assert tilt_deg(corner, -up) == pytest.approx(180)
