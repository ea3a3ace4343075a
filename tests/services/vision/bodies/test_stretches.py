from __future__ import annotations

from dataclasses import replace

import numpy as np

from services.vision.bodies.stretches import mean_of, median_of, stretches
from tests.services.vision.bodies.figures import ASPECT, HEIGHT, Figure, seen_as, still


def test_a_stretch_ends_with_the_shot() -> None:
    parts = stretches([seen_as(Figure(), k / 5, shot=int(k >= 4)) for k in range(10)])
    assert [len(part) for part in parts] == [4, 6]


def test_a_stretch_ends_where_the_body_is_gone_for_long() -> None:
    times_s = [0.0, 0.2, 1.0, 2.1, 2.4]
    assert [len(part) for part in stretches([seen_as(Figure(), time_s) for time_s in times_s])] == [5]
    times_s = [0.0, 0.2, 1.6, 1.8]
    assert [len(part) for part in stretches([seen_as(Figure(), time_s) for time_s in times_s])] == [2, 2]


def test_a_stretch_ends_where_frames_change_their_shape() -> None:
    other = [replace(seen_as(Figure(), 0.4 + k / 5), aspect=1.0) for k in range(3)]
    assert [len(part) for part in stretches([seen_as(Figure(), 0.0), seen_as(Figure(), 0.2), *other])] == [2, 3]


def test_nobody_has_no_stretch() -> None:
    assert stretches([]) == []


def test_both_axes_are_in_frame_heights() -> None:
    stretch = still(Figure(left_arm=(90, 90)))
    arm = stretch.at("left_wrist") - stretch.at("left_shoulder")
    np.testing.assert_allclose(arm, [[0.332 * HEIGHT, 0.0]] * len(stretch), atol=1e-6)
    assert stretch.aspect == ASPECT


def test_what_is_not_seen_is_nowhere() -> None:
    stretch = still(Figure(hidden=("left_hip", "nose", "eye", "ear")))
    assert np.isnan(stretch.at("left_hip")).all()
    assert not stretch.sees("left_hip").any()
    assert np.isnan(stretch.head()).all()
    np.testing.assert_array_equal(stretch.between("hip"), stretch.at("right_hip"))


def test_means_and_medians_of_what_is_known() -> None:
    nothing = np.array([[np.nan, np.nan]])
    np.testing.assert_array_equal(mean_of([nothing, np.array([[1.0, 2.0]]), np.array([[3.0, 4.0]])]), [[2.0, 3.0]])
    assert np.isnan(mean_of([nothing, nothing])).all()
    assert median_of(np.array([np.nan, 1.0, 5.0, 2.0])) == 2.0
    assert median_of(nothing[0]) is None
