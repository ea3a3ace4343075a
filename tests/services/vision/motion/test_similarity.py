from __future__ import annotations

import numpy as np
import pytest

from services.vision.motion.similarity import agreed, clockwise_deg_of, moved, scale_of

PICTURE_PX = (256, 144)


def grid(columns: int = 14, rows: int = 9) -> np.ndarray:
    x, y = np.meshgrid(np.linspace(10, 246, columns), np.linspace(10, 134, rows))
    return np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float32)


def similarity(right: float = 0, down: float = 0, scale: float = 1, clockwise_deg: float = 0) -> np.ndarray:
    cosine, sine = scale * np.cos(np.radians(clockwise_deg)), scale * np.sin(np.radians(clockwise_deg))
    return np.array([[cosine, -sine, right], [sine, cosine, down], [0, 0, 1.0]])


def test_the_motion_is_found_among_points_that_go_elsewhere() -> None:
    before = grid()
    truth = similarity(right=4, down=-2, scale=1.03, clockwise_deg=2)
    after = moved(truth, before)
    astray = np.arange(len(before)) % 3 == 0
    after[astray] += np.random.default_rng(0).uniform(3, 30, (int(astray.sum()), 2)).astype(np.float32)
    agreement = agreed(before, after, PICTURE_PX)
    assert agreement is not None
    assert agreement.matrix == pytest.approx(truth, abs=1e-3)
    assert (agreement.follows == ~astray).all()


def test_scale_and_turn_are_read_off_the_matrix() -> None:
    matrix = similarity(scale=1.2, clockwise_deg=10)
    assert scale_of(matrix) == pytest.approx(1.2)
    assert clockwise_deg_of(matrix) == pytest.approx(10)


def test_what_is_laid_over_a_moving_picture_is_set_apart() -> None:
    before = grid()
    caption = before[:, 1] > 100
    after = before + np.array([5, 0], np.float32) * ~caption[:, None]
    agreement = agreed(before, after, PICTURE_PX)
    assert agreement is not None
    assert agreement.matrix[0, 2] == pytest.approx(5)
    assert (agreement.on_screen == caption).all()


@pytest.mark.parametrize("share", [0.3, 0.45, 0.55])
def test_a_large_subject_before_a_background_that_stands_does_not_move_the_picture(share: float) -> None:
    before = grid()
    subject = before[:, 0] < 256 * share
    after = before + np.array([5, 0], np.float32) * subject[:, None]
    agreement = agreed(before, after, PICTURE_PX)
    assert agreement is not None
    assert agreement.matrix == pytest.approx(np.eye(3), abs=1e-6)
    assert not agreement.on_screen.any()


def test_a_moving_subject_before_a_plain_wall_does_not_say_how_the_picture_moves() -> None:
    before = grid()[grid()[:, 0] < 90]
    assert agreed(before, before + 5, PICTURE_PX) is None


def test_a_move_that_was_going_on_may_be_seen_to_go_on_in_one_place() -> None:
    before = grid()[grid()[:, 0] < 90]
    assert agreed(before, before + 5, PICTURE_PX, moved(similarity(5.2, 5), before)) is not None
    assert agreed(before, before + 5, PICTURE_PX, moved(similarity(8, 5), before)) is None


def test_a_wide_picture_set_into_a_tall_one_does() -> None:
    before = grid(20, 9) * (0.6, 0.5) + (-5, 90)
    agreement = agreed(before.astype(np.float32), (before + 5).astype(np.float32), (144, 256))
    assert agreement is not None
    assert agreement.matrix[:2, 2] == pytest.approx([5, 5], abs=1e-3)


def test_a_few_points_say_nothing() -> None:
    assert agreed(grid(3, 3), grid(3, 3), PICTURE_PX) is None
    assert agreed(grid(0, 0), grid(0, 0), PICTURE_PX) is None
