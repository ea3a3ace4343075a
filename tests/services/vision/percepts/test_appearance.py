from __future__ import annotations

import numpy as np
import pytest

from services.vision.percepts.appearance import appearance_of, likeness
from tests.services.vision.scenes import photo

WHOLE = np.array([0.0, 0.0, 1.0, 1.0])


def test_a_thing_is_like_itself() -> None:
    look = appearance_of(photo("bus"), WHOLE)
    assert likeness(look, look) == pytest.approx(1.0)


def test_a_thing_in_a_little_less_light_is_still_like_itself() -> None:
    bus = photo("bus")
    assert likeness(appearance_of(bus, WHOLE), appearance_of((bus * 0.95).astype(np.uint8), WHOLE)) > 0.8


def test_another_thing_is_not_alike() -> None:
    assert likeness(appearance_of(photo("bus"), WHOLE), appearance_of(photo("zidane"), WHOLE)) < 0.7


def test_red_and_blue_have_nothing_in_common() -> None:
    frame = np.zeros((40, 40, 3), np.uint8)
    frame[:, :20, 0] = 255
    frame[:, 20:, 2] = 255
    left, right = np.array([0, 0, 0.5, 1.0]), np.array([0.5, 0, 1.0, 1.0])
    assert likeness(appearance_of(frame, left), appearance_of(frame, right)) == 0.0


def test_black_above_white_is_not_white_above_black() -> None:
    frame = np.zeros((40, 40, 3), np.uint8)
    frame[:20] = 255
    assert likeness(appearance_of(frame, WHOLE), appearance_of(frame[::-1], WHOLE)) == pytest.approx(0.0)


@pytest.mark.parametrize("box", [[0.5, 0.5, 0.5, 0.5], [0.999, 0.999, 1.0, 1.0], [0.0, 0.0, 0.001, 0.001]])
def test_the_smallest_box_has_an_appearance(box: list[float]) -> None:
    look = appearance_of(photo("bus"), np.array(box))
    assert likeness(look, look) == pytest.approx(1.0)
