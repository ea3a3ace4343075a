from fractions import Fraction

import numpy as np
import pytest

from gateway.decode.picture import UPRIGHT, Orientation, centered, displayed_size, fitted_size, orientation_of

ONE = 65536


def matrix(a: int, b: int, c: int, d: int) -> list[int]:
    return [a * ONE, b * ONE, 0, c * ONE, d * ONE, 0, 0, 0, 1 << 30]


# Stored:  1 2 3      as seen after each display matrix
#          4 5 6
STORED = np.array([[1, 2, 3], [4, 5, 6]])

SEEN = [
    (matrix(1, 0, 0, 1), 0, False, [[1, 2, 3], [4, 5, 6]]),
    (matrix(0, 1, -1, 0), 90, False, [[4, 1], [5, 2], [6, 3]]),
    (matrix(-1, 0, 0, -1), 180, False, [[6, 5, 4], [3, 2, 1]]),
    (matrix(0, -1, 1, 0), 270, False, [[3, 6], [2, 5], [1, 4]]),
    (matrix(-1, 0, 0, 1), 0, True, [[3, 2, 1], [6, 5, 4]]),
    (matrix(0, 1, 1, 0), 90, True, [[1, 4], [2, 5], [3, 6]]),
    (matrix(1, 0, 0, -1), 180, True, [[4, 5, 6], [1, 2, 3]]),
    (matrix(0, -1, -1, 0), 270, True, [[6, 3], [5, 2], [4, 1]]),
]


@pytest.mark.parametrize(("display_matrix", "rotation_deg", "mirrored", "seen"), SEEN)
def test_a_display_matrix_makes_the_picture_upright(display_matrix, rotation_deg, mirrored, seen):
    orientation = orientation_of(display_matrix)
    upright = orientation.upright(np.repeat(STORED[..., None], 3, axis=2))
    assert upright[..., 0].tolist() == seen
    assert (orientation.rotation_deg, orientation.mirrored) == (rotation_deg, mirrored)


@pytest.mark.parametrize(("display_matrix", "rotation_deg", "mirrored", "seen"), SEEN)
def test_the_turn_then_the_flip_is_what_is_reported(display_matrix, rotation_deg, mirrored, seen):
    turned = np.rot90(STORED, k=-rotation_deg // 90)
    assert (turned[:, ::-1] if mirrored else turned).tolist() == seen


def test_no_matrix_and_an_empty_one_are_upright():
    assert orientation_of(None) == orientation_of([0] * 9) == UPRIGHT == Orientation()


def test_wide_pixels_stretch_the_width_before_the_turn():
    assert displayed_size(640, 360, Fraction(2), UPRIGHT) == (1280, 360)
    assert displayed_size(640, 360, Fraction(2), Orientation(swapped=True)) == (360, 1280)
    assert displayed_size(640, 352, Fraction(44, 45), UPRIGHT) == (626, 352)


@pytest.mark.parametrize("aspect", [None, Fraction(0), Fraction(1000), Fraction(1, 1000)])
def test_an_absurd_pixel_aspect_is_square(aspect):
    assert displayed_size(640, 360, aspect, UPRIGHT) == (640, 360)


def test_rounding_fills_the_frame_and_another_shape_gets_bars():
    assert fitted_size((1080, 720), (256, 171)) == (256, 171)
    assert fitted_size((640, 480), (256, 144)) == (192, 144)
    framed = centered(np.full((2, 2, 3), 9, np.uint8), 4, 2)
    assert framed[..., 0].tolist() == [[0, 9, 9, 0], [0, 9, 9, 0]]
