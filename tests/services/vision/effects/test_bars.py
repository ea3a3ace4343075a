from __future__ import annotations

import cv2
import numpy as np
import pytest

from services.vision.effects.bars import Bars, find_bars
from tests.services.vision.effect_clips import encoded, handheld, on_blurred_bars, on_plain_bars

SURROUNDS: dict[str, int | tuple[int, int, int]] = {"black": 0, "white": 255, "colour": (40, 90, 160)}


def wide(name: str = "coffee", frame_count: int = 12) -> np.ndarray:
    return handheld(name, frame_count, width_px=144, height_px=96)


@pytest.mark.parametrize("surround", SURROUNDS)
def test_plain_bars_have_their_colour_and_border(surround: str) -> None:
    bars = find_bars(encoded(on_plain_bars(wide(), SURROUNDS[surround]))[::3])
    assert bars is not None
    assert (bars.horizontal, bars.count, bars.surround) == (True, 256, surround)
    assert abs(bars.first - 80) <= 1
    assert abs(bars.after - 176) <= 1


@pytest.mark.parametrize("name", ["coffee", "astronaut", "bus"])
def test_blurred_bars_are_copies_of_the_picture(name: str) -> None:
    bars = find_bars(encoded(on_blurred_bars(wide(name)))[::3])
    assert bars is not None
    assert bars.surround == "blurred"
    assert abs(bars.first - 84) <= 1
    assert abs(bars.after - 180) <= 1


@pytest.mark.parametrize("make", [on_blurred_bars, lambda pictures: on_plain_bars(pictures, 0)])
def test_a_caption_on_a_bar_does_not_move_its_border(make: object) -> None:
    assert callable(make)
    frames = make(wide())
    for frame in frames:
        cv2.putText(frame, "ein Text hier", (8, 212), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (255, 255, 0), 2)
    bars = find_bars(frames[::3])
    assert bars is not None
    assert bars.after in range(175, 182)


def test_bars_at_the_sides_are_a_pillarbox() -> None:
    frames = on_plain_bars(wide(), 0).transpose(0, 2, 1, 3)
    assert find_bars(np.ascontiguousarray(frames)) == Bars(
        horizontal=False, first=80, after=176, count=256, surround="black"
    )


def test_a_picture_with_bars_on_all_sides_has_those_above_and_below() -> None:
    frames = on_plain_bars(wide(), 0)
    frames[:, :, :30], frames[:, :, -30:] = 0, 0
    bars = find_bars(frames)
    assert bars is not None
    assert (bars.horizontal, bars.first, bars.after) == (True, 80, 176)


def test_one_still_picture_shows_its_bars() -> None:
    assert find_bars(on_plain_bars(wide()[:1], 255)) is not None


@pytest.mark.parametrize("name", ["bus", "zidane", "astronaut", "coffee", "chelsea"])
def test_a_picture_that_fills_the_frame_has_none(name: str) -> None:
    assert find_bars(handheld(name, 12)[::3]) is None


def test_a_dark_scene_has_none() -> None:
    frames = handheld("bus", 12).astype(np.float64)
    frames *= np.exp(-(((np.arange(256) - 128) / 40) ** 2))[:, None, None]
    assert find_bars(frames.astype(np.uint8)[::3]) is None


def test_a_plain_studio_wall_has_none() -> None:
    frames = np.full((4, 144, 256, 3), (30, 120, 200), np.uint8)
    frames[:, 40:, 80:170] = handheld("zidane", 4, width_px=90, height_px=104)
    assert find_bars(frames) is None


def test_blurred_ground_of_another_picture_is_not_told() -> None:
    frames = on_blurred_bars(wide("coffee"))
    frames[:, 84:180] = wide("chelsea")
    assert find_bars(frames[::3]) is None


@pytest.mark.parametrize("size", [(1, 1), (4, 200), (15, 15)])
def test_tiny_pictures_have_none(size: tuple[int, int]) -> None:
    assert find_bars(np.zeros((3, *size, 3), np.uint8)) is None


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_plain_frame_has_none(level: int) -> None:
    assert find_bars(np.full((3, 64, 48, 3), level, np.uint8)) is None
