from __future__ import annotations

import numpy as np
import pytest

from services.vision.gaze.head import head_pose, turn_of
from tests.services.vision.gaze.faces import canonical, seen_from

POSES = [(0, 0, 0), (20, 0, 0), (-35, 10, 0), (15, -20, 15), (0, 0, -30), (60, 5, -10), (-10, 25, 40)]


@pytest.mark.parametrize("pose", POSES)
def test_the_turn_of_a_face_is_found_again(pose: tuple[float, float, float]) -> None:
    face = canonical()
    found = head_pose(seen_from(face, turn_of(*pose)), face)
    assert (found.yaw_deg, found.pitch_deg, found.roll_deg) == pytest.approx(pose, abs=1e-6)


@pytest.mark.parametrize("pose", POSES)
def test_so_it_is_at_the_distance_of_a_selfie(pose: tuple[float, float, float]) -> None:
    face = canonical()
    found = head_pose(seen_from(face, turn_of(*pose), (0.0, 0.0, 60.0)), face)
    assert (found.yaw_deg, found.pitch_deg, found.roll_deg) == pytest.approx(pose, abs=2.0)


def test_where_in_the_picture_and_how_large_a_face_is_makes_no_odds() -> None:
    face = canonical()
    points = seen_from(face, turn_of(25, -5, 10))
    here, there = head_pose(points, face), head_pose(points * 0.01 + [0.7, 0.2, 0.0], face)
    np.testing.assert_allclose(here.turn, there.turn, atol=1e-9)


def test_a_face_at_the_picture_s_edge_that_turns_to_the_lens_looks_at_it() -> None:
    """Its head is 23 degrees off the camera's axis, and turned by as much."""
    face = canonical()
    at = (25.0, 0.0, 60.0)
    off_axis_deg = float(np.degrees(np.arctan2(at[0], at[2])))
    found = head_pose(seen_from(face, turn_of(-off_axis_deg, 0.0), at), face)
    assert abs(found.yaw_deg) < 2.0
    assert abs(found.pitch_deg) < 2.0


def test_the_mirror_image_is_turned_the_other_way() -> None:
    face = canonical()
    mirror_of = _mirrored_order(face.points)
    points = seen_from(face, turn_of(30, 8, 12))
    found = head_pose((points * [-1, 1, 1])[mirror_of], face)
    assert (found.yaw_deg, found.pitch_deg, found.roll_deg) == pytest.approx((-30, 8, -12), abs=0.5)


def _mirrored_order(points: np.ndarray) -> np.ndarray:
    apart = np.linalg.norm(points[:, None] - (points * [-1, 1, 1])[None], axis=2)
    order: np.ndarray = apart.argmin(axis=1)
    return order
