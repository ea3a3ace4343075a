from __future__ import annotations

import numpy as np
import pytest

from services.vision.bodies.proportions import body_heights
from services.vision.bodies.stretches import stretches
from tests.services.vision.bodies.figures import HEIGHT, Figure, seen_as, still


@pytest.mark.parametrize("yaw_deg", [0, 60, 90, 180])
@pytest.mark.parametrize("posture", ["standing", "sitting"])
def test_a_body_is_as_tall_however_it_is_held(yaw_deg: float, posture: str) -> None:
    assert body_heights(still(Figure(yaw_deg=yaw_deg, posture=posture))) == pytest.approx(HEIGHT, rel=0.02)


@pytest.mark.parametrize(
    "hidden", [("knee", "ankle"), ("hip", "knee", "ankle"), ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")]
)
def test_part_of_a_body_is_enough(hidden: tuple[str, ...]) -> None:
    assert body_heights(still(Figure(hidden=hidden))) == pytest.approx(HEIGHT, rel=0.2)


def test_of_nothing_no_height_is_known() -> None:
    assert np.isnan(body_heights(still(Figure(hidden=("_", "nose"))))).all()


def test_one_wrong_frame_makes_nobody_taller() -> None:
    wrong = seen_as(Figure(), 1.0)
    wrong.person.keypoints[15, 1] += 2.0
    right = [seen_as(Figure(), k / 5) for k in range(10)]
    (stretch,) = stretches([*right[:5], wrong, *right[6:]])
    assert body_heights(stretch) == pytest.approx(HEIGHT, rel=0.02)
