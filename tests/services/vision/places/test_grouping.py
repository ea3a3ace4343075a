from __future__ import annotations

import numpy as np
import pytest

from services.vision.places.grouping import SceneGrouping
from services.vision.places.likeness import COLOR_COUNT, SAME_PLACE, signatures


def shot(content: float, color: tuple[int, int, int] = (200, 60, 60)) -> np.ndarray:
    """One frame; shots are the more alike the nearer their content is, in radians."""
    features = np.array([[np.cos(content), np.sin(content), *np.zeros(10)]], np.float32)
    return signatures(features, np.full((1, 20, 20, 3), color, np.uint8))


def numbers(*shots: np.ndarray) -> list[int]:
    grouping = SceneGrouping()
    return [grouping.place(each) for each in shots]


def test_a_scene_that_is_cut_back_to_keeps_its_number() -> None:
    assert numbers(shot(0.0), shot(0.1), shot(1.5), shot(0.05), shot(3.0)) == [0, 0, 1, 0, 2]


def test_a_dialogue_alternates_between_two() -> None:
    assert numbers(*[shot(1.5 * (step % 2)) for step in range(8)]) == [0, 1] * 4


def test_a_shot_joins_the_scene_it_is_most_like() -> None:
    assert numbers(shot(0.0), shot(1.4), shot(0.9)) == [0, 1, 1]


def test_black_and_white_alone_makes_no_scene() -> None:
    """Likeness 0.62: enough for two shots in colour, and what unrelated shots without colour reach as well."""
    between = float(np.arccos((0.62 - 0.2) / 0.8))
    grey = (120, 120, 120)
    assert shot(0.0)[0] @ shot(between)[0] == pytest.approx(0.62, abs=1e-3)
    assert numbers(shot(0.0), shot(between)) == [0, 0]
    assert numbers(shot(0.0, grey), shot(between, grey)) == [0, 1]


def test_one_place_in_black_and_white_is_one_scene() -> None:
    grey = (120, 120, 120)
    assert numbers(shot(0.0, grey), shot(0.3, grey)) == [0, 0]


def test_many_shots_of_one_place_are_remembered_in_part() -> None:
    assert set(numbers(*[shot(0.01 * step) for step in range(60)])) == {0}


def test_constants_are_as_documented() -> None:
    assert SAME_PLACE == 0.52
    assert COLOR_COUNT == 324
