from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from services.vision.effects.layout import LayoutFound, find_layouts, same_layout
from tests.services.vision.effect_clips import handheld, on_blurred_bars, on_plain_bars

LETTERBOX = LayoutFound(label="letterbox", boxes=((0.0, 0.3, 1.0, 0.7),), surround="black")


def test_bars_within_bars_are_both_told() -> None:
    film = handheld("coffee", 12, width_px=144, height_px=96)
    film[:, :, :16], film[:, :, -16:] = 0, 0
    outer, inner = find_layouts(on_blurred_bars(film)[::3])
    assert (outer.label, outer.surround) == ("letterbox", "blurred")
    assert (inner.label, inner.surround) == ("pillarbox", "black")
    assert inner.boxes[0] == pytest.approx((16 / 144, outer.boxes[0][1], 128 / 144, outer.boxes[0][3]), abs=0.01)


def test_a_split_screen_between_bars_is_found_within_the_picture() -> None:
    pictures = handheld("bus", 30, width_px=144, height_px=128)
    pictures[:, :, 72:] = handheld("astronaut", 30, width_px=144, height_px=128, seed=5)[:, :, 36:108]
    bars, split = find_layouts(on_plain_bars(pictures, 0)[::6])
    assert (bars.label, split.label) == ("letterbox", "split_screen")
    assert np.array(split.boxes) == pytest.approx(np.array([(0, 0.25, 0.5, 0.75), (0.5, 0.25, 1, 0.75)]), abs=0.01)


def test_the_larger_picture_comes_first() -> None:
    thirds = handheld("bus", 30)
    thirds[:, 85:171] = handheld("astronaut", 30, seed=5)[:, 85:171]
    thirds[:, 171:] = handheld("coffee", 30, seed=7)[:, 85:170]
    (split,) = find_layouts(thirds[::6])
    areas = [(right - left) * (bottom - top) for left, top, right, bottom in split.boxes]
    assert areas == sorted(areas, reverse=True)
    assert sum(areas) == pytest.approx(1)


def test_a_plain_picture_has_no_layout() -> None:
    assert find_layouts(handheld("bus", 30)[::6]) == []
    assert find_layouts(np.zeros((3, 1, 1, 3), np.uint8)) == []


def test_the_same_layout_may_be_a_pixel_off() -> None:
    assert same_layout(LETTERBOX, replace(LETTERBOX, boxes=((0.0, 0.304, 1.0, 0.696),)))
    assert not same_layout(LETTERBOX, replace(LETTERBOX, boxes=((0.0, 0.32, 1.0, 0.68),)))
    assert not same_layout(LETTERBOX, replace(LETTERBOX, surround="white"))
    assert not same_layout(LETTERBOX, replace(LETTERBOX, label="split_screen"))
    assert not same_layout(LETTERBOX, replace(LETTERBOX, boxes=LETTERBOX.boxes * 2))
