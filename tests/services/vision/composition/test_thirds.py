from __future__ import annotations

import math

import pytest

from services.vision.composition.thirds import REACH, centre_distance, placement, thirds_distance

FRAME = (900, 1600)


@pytest.mark.parametrize("point", [(1 / 3, 1 / 3), (2 / 3, 1 / 3), (1 / 3, 2 / 3), (2 / 3, 2 / 3)])
def test_a_crossing_of_thirds_is_a_sixth_of_the_diagonal_from_the_centre(point: tuple[float, float]):
    assert thirds_distance(point, FRAME) == 0.0
    assert centre_distance(point, FRAME) == pytest.approx(1 / 6)
    assert placement(0.0, 1 / 6) == "on_thirds"


def test_the_centre_is_centred():
    assert centre_distance((0.5, 0.5), FRAME) == 0.0
    assert thirds_distance((0.5, 0.5), FRAME) == pytest.approx(1 / 6)
    assert placement(1 / 6, 0.0) == "centred"


def test_a_corner_is_off_the_grid():
    assert centre_distance((0.0, 0.0), FRAME) == pytest.approx(0.5)
    assert thirds_distance((0.0, 0.0), FRAME) == pytest.approx(1 / 3)
    assert placement(1 / 3, 0.5) == "off_grid"


def test_distances_are_those_of_the_shown_frame_not_of_a_square():
    across = centre_distance((0.6, 0.5), FRAME)
    assert across == pytest.approx(0.1 * 1600 / math.hypot(1600, 900))
    assert centre_distance((0.6, 0.5), (1600, 900)) == pytest.approx(0.1 * 900 / math.hypot(1600, 900))


def test_no_point_stands_at_two_places():
    steps = [index / 60 for index in range(61)]
    for x in steps:
        for y in steps:
            near = [thirds_distance((x, y), FRAME) < REACH - 1e-9, centre_distance((x, y), FRAME) < REACH - 1e-9]
            assert sum(near) <= 1
