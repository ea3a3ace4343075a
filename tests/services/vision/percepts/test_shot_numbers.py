from __future__ import annotations

import numpy as np

from services.vision.percepts.shot_changes import ChangeKind
from services.vision.percepts.shot_numbers import ShotNumbers
from tests.services.vision.camera_clips import change, cut_at


def test_a_cut_belongs_to_the_new_shot_and_a_gradual_change_to_either_side_of_its_middle() -> None:
    numbers = ShotNumbers()
    numbers.learn([cut_at(1.0), change(ChangeKind.DISSOLVE, 2.0, 3.0)])
    entered = [(numbers.enter(pts_s), numbers.shot) for pts_s in (0.0, 0.99, 1.0, 2.4, 2.5, 9.0)]
    assert entered == [([], 0), ([], 0), ([1.0], 1), ([], 1), ([2.5], 2), ([], 2)]


def test_shots_without_a_sampled_frame_are_counted_too() -> None:
    numbers = ShotNumbers()
    numbers.learn([cut_at(1.0), cut_at(1.1)])
    assert numbers.enter(1.2) == [1.0, 1.1]
    assert numbers.shot == 2


def test_the_end_of_the_shot_is_known_as_far_as_changes_are() -> None:
    numbers = ShotNumbers()
    assert numbers.next_s == np.inf
    numbers.learn([cut_at(1.0)])
    assert numbers.next_s == 1.0
    numbers.enter(1.0)
    assert numbers.next_s == np.inf
