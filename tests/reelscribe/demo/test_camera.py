from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from reelscribe.demo.camera import between, moving_frames, travel, window
from reelscribe.demo.scenario import HEIGHT_PX, WIDTH_PX, View
from reelscribe.demo.sources import PhotoFile, PhotosMissing, find_photos


def view(centre_x: float = 0.5, centre_y: float = 0.5, height: float = 0.5) -> View:
    return View(centre_x=centre_x, centre_y=centre_y, height=height)


def ramp() -> Image.Image:
    """Grey that grows from 0 at the left to 250 at the right."""
    return Image.fromarray(np.tile(np.linspace(0, 250, 600).astype(np.uint8), (400, 1)))


def brightness(frame: Image.Image) -> float:
    return float(np.asarray(frame).mean())


@pytest.fixture(scope="module")
def photos() -> tuple[PhotoFile, ...]:
    try:
        return find_photos()
    except PhotosMissing as error:
        pytest.skip(str(error))


def test_the_largest_window_of_a_wide_photo_is_as_tall_as_the_photo():
    assert window(view(height=1.0), 1600, 1280) == (440, 0, 1160, 1280)


def test_the_largest_window_of_a_narrow_photo_is_as_wide_as_the_photo():
    assert window(view(height=1.0), 720, 2000) == (0, 360, 720, 1640)


def test_half_way_lies_half_way():
    assert between(view(0.25, 0.5, 1.0), view(0.75, 0.75, 0.5), 0.5) == view(0.5, 0.625, 0.75)


def test_a_pan_to_the_right_travels_to_the_right():
    right, down = travel(view(0.4), view(0.6), 1600, 1280)
    assert (right, down) == (pytest.approx(320 / 360), 0.0)


def test_a_pan_to_the_right_shows_what_is_on_the_right():
    frames = list(moving_frames(ramp(), view(0.3), view(0.7), 3))
    levels = [brightness(frame) for frame in frames]
    assert levels == sorted(levels)
    assert levels[0] == pytest.approx(0.3 * 250, abs=3)
    assert levels[-1] == pytest.approx(0.7 * 250, abs=3)


def test_a_zoom_in_shows_less_of_the_photo():
    wide, close = moving_frames(ramp(), view(height=1.0), view(height=0.5), 2)
    assert np.ptp(np.asarray(close)) < 0.6 * np.ptp(np.asarray(wide))


def test_frames_have_the_clips_size():
    assert [frame.size for frame in moving_frames(ramp(), view(), view(), 2)] == [(WIDTH_PX, HEIGHT_PX)] * 2


def test_the_camera_never_leaves_a_photo(photos: tuple[PhotoFile, ...]):
    for file in photos:
        with Image.open(file.path) as image:
            for end in (file.photo.first, file.photo.last):
                left, top, right, bottom = window(end, image.width, image.height)
                assert -1e-6 <= left < right <= image.width + 1e-6, file
                assert -1e-6 <= top < bottom <= image.height + 1e-6, file
