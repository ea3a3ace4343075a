from __future__ import annotations

import cv2
import numpy as np
import pytest

from services.vision.inner_picture import bar_height, inner_picture
from tests.services.vision.scenes import photo

WIDTH_PX, HEIGHT_PX = 144, 256


def upright(picture: np.ndarray, *, surround: str, caption: bool = False) -> np.ndarray:
    """A landscape picture between bars in a frame of 9:16."""
    height = round(picture.shape[0] * WIDTH_PX / picture.shape[1])
    if surround == "blurred":
        frame: np.ndarray = cv2.GaussianBlur(cv2.resize(picture, (WIDTH_PX, HEIGHT_PX)), (0, 0), 10)
    else:
        frame = np.full((HEIGHT_PX, WIDTH_PX, 3), 255 if surround == "white" else 0, np.uint8)
    top = (HEIGHT_PX - height) // 2
    frame[top : top + height] = cv2.resize(picture, (WIDTH_PX, height), interpolation=cv2.INTER_AREA)
    if caption:
        cv2.putText(frame, "look at this", (20, 40), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 255, 0), 1, cv2.LINE_AA)
        cv2.putText(frame, "what a day", (20, 215), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 255, 255), 1, cv2.LINE_AA)
    return frame


@pytest.mark.parametrize("caption", [False, True])
@pytest.mark.parametrize("surround", ["blurred", "black", "white"])
@pytest.mark.parametrize("name", ["bus", "zidane"])
def test_the_picture_between_bars_is_found(name: str, surround: str, caption: bool) -> None:
    frame = upright(photo(name, 256, 144), surround=surround, caption=caption)
    height, width = inner_picture(frame).shape[:2]
    assert width == WIDTH_PX
    assert height == pytest.approx(81, abs=4)


def test_bars_at_the_sides_are_found() -> None:
    frame = upright(photo("bus", 256, 144), surround="blurred").transpose(1, 0, 2)
    assert inner_picture(np.ascontiguousarray(frame)).shape[1] == pytest.approx(81, abs=4)


def test_a_film_with_bars_of_its_own_is_found_between_others() -> None:
    inner = np.zeros((144, 256, 3), np.uint8)
    inner[:, 32:-32] = photo("bus", 192, 144)
    height, width = inner_picture(upright(inner, surround="white")).shape[:2]
    assert (height, width) == (pytest.approx(81, abs=4), pytest.approx(108, abs=4))


@pytest.mark.parametrize("name", ["bus", "zidane"])
@pytest.mark.parametrize("size", [(144, 256), (256, 144)])
def test_a_picture_without_bars_is_left_whole(name: str, size: tuple[int, int]) -> None:
    assert inner_picture(photo(name, *size)).shape[:2] == (size[1], size[0])


@pytest.mark.parametrize("shape", [(1, 1), (7, 3), (15, 300), (64, 64)])
def test_plain_and_tiny_frames_are_left_whole(shape: tuple[int, int]) -> None:
    frame = np.full((*shape, 3), 90, np.uint8)
    assert inner_picture(frame).shape == frame.shape
    assert bar_height(frame[..., 0].astype(np.float32)) == 0
