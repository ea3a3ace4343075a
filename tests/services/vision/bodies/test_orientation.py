from __future__ import annotations

import numpy as np
import pytest

from services.vision.bodies.orientation import orientation, shoulder_breadths
from tests.services.vision.bodies.figures import Figure, mirrored, still

MIRROR = {
    "facing_camera": "facing_camera",
    "facing_away": "facing_away",
    "facing_left": "facing_right",
    "facing_right": "facing_left",
}

TURNS = [
    (0, "facing_camera"),
    (40, "facing_camera"),
    (-40, "facing_camera"),
    (90, "facing_right"),
    (-90, "facing_left"),
    (75, "facing_right"),
    (-105, "facing_left"),
    (180, "facing_away"),
    (145, "facing_away"),
    (-145, "facing_away"),
]


@pytest.mark.parametrize(("yaw_deg", "label"), TURNS)
def test_a_body_is_turned_as_it_stands(yaw_deg: float, label: str) -> None:
    """Old bug: facing the camera was called a back view."""
    assert set(orientation(still(Figure(yaw_deg=yaw_deg)))) == {label}


@pytest.mark.parametrize(("yaw_deg", "label"), TURNS)
def test_a_mirror_swaps_left_and_right_only(yaw_deg: float, label: str) -> None:
    assert set(orientation(mirrored(still(Figure(yaw_deg=yaw_deg))))) == {MIRROR[label]}


@pytest.mark.parametrize("yaw_deg", [0, 180])
@pytest.mark.parametrize("hidden", [("knee", "ankle"), ("hip", "knee", "ankle")])
def test_a_bust_is_enough(yaw_deg: float, hidden: tuple[str, ...]) -> None:
    stretch = still(Figure(yaw_deg=yaw_deg, hidden=hidden))
    assert set(orientation(stretch)) == {"facing_camera" if yaw_deg == 0 else "facing_away"}


def test_a_bust_in_profile_is_not_broad() -> None:
    """Whose shoulders are all that is seen of his size would be broad from any side."""
    assert set(orientation(still(Figure(yaw_deg=90, hidden=("hip", "knee", "ankle"))))) == {"facing_right"}


def test_a_face_alone_tells() -> None:
    below_the_neck = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
    assert set(orientation(still(Figure(hidden=below_the_neck)))) == {"facing_camera"}
    assert set(orientation(still(Figure(yaw_deg=180, hidden=below_the_neck)))) == {None}


def test_contradictions_are_not_told() -> None:
    back_of_a_head = still(Figure(hidden=("nose", "eye")))
    assert set(orientation(back_of_a_head)) == {None}


def test_nothing_seen_is_nothing_told() -> None:
    assert set(orientation(still(Figure(hidden=("_", "nose"))))) == {None}


def test_breadth_follows_the_turn() -> None:
    turns = [0.0, 60.0, 90.0, 120.0, 180.0]
    breadths = [float(shoulder_breadths(still(Figure(yaw_deg=turn)))[0]) for turn in turns]
    np.testing.assert_allclose(breadths, 0.8 * np.cos(np.radians(turns)), atol=0.005)
