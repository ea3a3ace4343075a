from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from services.vision.effects.layout import LayoutFound, find_layouts
from services.vision.effects.layout_check import holds
from tests.services.vision.effect_clips import encoded, handheld, on_blurred_bars, on_plain_bars


def wide() -> np.ndarray:
    return handheld("coffee", 40, width_px=144, height_px=96)


def split() -> np.ndarray:
    frames = handheld("bus", 40)
    frames[:, 128:] = handheld("astronaut", 40, seed=5)[:, 64:192]
    return frames


def inset() -> np.ndarray:
    frames = handheld("bus", 40)
    frames[:, 20:92, 84:132] = handheld("coffee", 40, width_px=48, height_px=72, seed=7)
    return frames


def sticker() -> np.ndarray:
    frames = handheld("bus", 40)
    frames[:, 150:190, 20:70] = handheld("chelsea", 1, width_px=50, height_px=40)
    return frames


MAKERS: list[Callable[[], np.ndarray]] = [
    lambda: on_plain_bars(wide(), 0),
    lambda: on_plain_bars(wide(), 255),
    lambda: on_blurred_bars(wide()),
    split,
    inset,
    sticker,
]


@pytest.mark.parametrize("make", MAKERS)
def test_every_frame_of_a_layout_holds_it_and_no_other_does(make: Callable[[], np.ndarray]) -> None:
    frames = encoded(make())
    (layout,) = find_layouts(frames[:30:6])
    assert all(holds(layout, frames[0], frame) for frame in frames)
    for name in ("bus", "zidane", "astronaut", "coffee", "chelsea"):
        assert not any(holds(layout, frames[0], frame) for frame in handheld(name, 40, seed=11))


def test_wider_bars_are_another_layout() -> None:
    frames = on_plain_bars(wide(), 0)
    (layout,) = find_layouts(frames[:30:6])
    narrow = on_plain_bars(handheld("coffee", 40, width_px=144, height_px=72), 0)
    assert not any(holds(layout, frames[0], frame) for frame in narrow)


def test_a_frame_of_another_size_does_not_hold_it() -> None:
    frames = on_plain_bars(wide(), 0)
    (layout,) = find_layouts(frames[:30:6])
    assert not holds(layout, frames[0], frames[0][:-1])


def test_blurred_bars_at_the_sides_are_told_by_what_they_have_along_them() -> None:
    """Old bug: they were looked at across, where a dark and a bright bar differ, and no frame had its own layout."""
    row, column = np.indices((144, 256))
    frame = np.full((144, 256, 3), 90.0) + (30 * (column % 4 < 2))[..., None]
    rng = np.random.default_rng(1)
    frame[:, 64:192] = 120 + 60 * np.sin(row[:, 64:192] / 4)[..., None] + rng.normal(0, 8, (144, 128, 3))
    picture = frame.clip(0, 255).astype(np.uint8)
    layout = LayoutFound(label="pillarbox", boxes=((0.25, 0.0, 0.75, 1.0),), surround="blurred")
    assert holds(layout, picture, picture)
