from __future__ import annotations

import cv2
import numpy as np
import pytest

from services.vision.effects.layout import grey
from services.vision.effects.overlay import find_overlays
from tests.services.vision.effect_clips import encoded, handheld


def overlays(frames: np.ndarray) -> list[tuple[int, int, int, int]]:
    return [(box.left, box.top, box.right, box.bottom) for box in find_overlays(grey(frames[::6]))]


def with_graphic(behind: str, graphic: str, round_edge: bool = False) -> np.ndarray:
    frames = handheld(behind, 36)
    picture = cv2.GaussianBlur(handheld(graphic, 1, width_px=50, height_px=40)[0], (0, 0), 1)
    mask = np.ones((40, 50), np.uint8)
    if round_edge:
        mask = cv2.ellipse(np.zeros((40, 50), np.uint8), (25, 20), (24, 19), 0, 0, 360, 1, -1)
    frames[:, 150:190, 20:70][:, mask == 1] = picture[mask == 1]
    return frames


@pytest.mark.parametrize(("behind", "graphic"), [("bus", "chelsea"), ("astronaut", "coffee"), ("chelsea", "bus")])
@pytest.mark.parametrize("round_edge", [False, True])
def test_a_sticker_on_a_moving_picture(behind: str, graphic: str, round_edge: bool) -> None:
    (box,) = overlays(encoded(with_graphic(behind, graphic, round_edge)))
    assert np.abs(np.array(box) - (20, 150, 70, 190)).max() <= 6


@pytest.mark.parametrize("name", ["bus", "zidane", "astronaut", "coffee", "chelsea"])
def test_a_moving_picture_alone_has_none(name: str) -> None:
    assert overlays(handheld(name, 36)) == []


@pytest.mark.parametrize("text", ["BIG", "3", "A caption"])
@pytest.mark.parametrize("boxed", [False, True])
def test_writing_is_left_to_those_who_read(text: str, boxed: bool) -> None:
    frames = handheld("bus", 36)
    color = (0, 0, 0) if boxed else (255, 255, 255)
    for frame in frames:
        if boxed:
            cv2.rectangle(frame, (20, 110), (130, 160), (255, 255, 255), -1)
        cv2.putText(frame, text, (26, 145), cv2.FONT_HERSHEY_SIMPLEX, 0.65 if len(text) > 3 else 1.3, color, 3)
    assert overlays(encoded(frames)) == []


def test_a_still_scene_has_none() -> None:
    frames = np.repeat(handheld("bus", 1), 36, axis=0)
    frames[:, 150:190, 20:70] = handheld("chelsea", 1, width_px=50, height_px=40)
    assert overlays(frames) == []


def test_a_plain_sky_is_none() -> None:
    frames = handheld("bus", 36)
    frames[:, 40:120, 30:110] = 200
    assert overlays(frames) == []


@pytest.mark.parametrize("count", [1, 4])
def test_few_or_tiny_frames_tell_nothing(count: int) -> None:
    assert find_overlays(np.zeros((count, 256, 144), np.float32)) == []
    assert find_overlays(np.zeros((9, 20, 20), np.float32)) == []
