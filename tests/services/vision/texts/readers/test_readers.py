from __future__ import annotations

import pytest

from services.vision.texts.readers import Rect, line_of_corners


def test_corners_in_pixels_become_an_upright_box_of_the_frame() -> None:
    line = line_of_corners(" zwei   Worte ", [[10, 22], [60, 20], [60, 40], [10, 42]], 0.75, 100, 200)
    assert line.content == "zwei Worte"
    assert line.box == pytest.approx(Rect(0.1, 0.1, 0.6, 0.21))
    assert line.confidence == 0.75


def test_corners_outside_the_frame_are_cut_off() -> None:
    line = line_of_corners("Rand", [[-5, -5], [110, -5], [110, 20], [-5, 20]], 0.9, 100, 100)
    assert line.box == pytest.approx(Rect(0.0, 0.0, 1.0, 0.2))
    assert (line.box.width, line.box.height) == pytest.approx((1.0, 0.2))
