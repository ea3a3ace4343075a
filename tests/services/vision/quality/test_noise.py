from __future__ import annotations

import cv2
import numpy as np
import pytest

from services.vision.quality.noise import noise_sigma
from tests.services.vision.quality.distorted import PHOTOS, grey, noisy, photo


def plain(level: int = 120) -> np.ndarray:
    return np.full((360, 640, 3), level, np.uint8)


@pytest.mark.parametrize("sigma", [1, 2, 5, 10, 20])
def test_old_bug_noise_on_a_flat_picture_is_not_zero(sigma: float):
    """Differences of bytes wrapped around, and came out as 0.0. Within 10 %."""
    assert noise_sigma(grey(noisy(plain(), sigma))) == pytest.approx(sigma, rel=0.1)


@pytest.mark.parametrize("sigma", [5, 10, 20])
@pytest.mark.parametrize("name", PHOTOS)
def test_known_noise_is_measured_in_photos(name: str, sigma: float):
    """Within 10 %, what was in the photo before included."""
    assert noise_sigma(grey(noisy(photo(name), sigma))) == pytest.approx(sigma, rel=0.1)


@pytest.mark.parametrize("name", PHOTOS)
def test_more_noise_measures_more(name: str):
    levels = [noise_sigma(grey(noisy(photo(name), sigma))) for sigma in (0, 1, 2, 4, 8, 16, 32)]
    assert levels == sorted(levels)
    assert levels[0] < 1.5


def test_ramps_and_edges_are_no_noise():
    ramp = np.tile(np.linspace(40, 200, 640), (360, 1)).astype(np.uint8)
    assert noise_sigma(ramp) < 0.3
    shapes = plain()
    cv2.rectangle(shapes, (100, 100), (300, 250), (30, 200, 90), -1)
    assert noise_sigma(grey(shapes)) == 0.0


def test_black_bars_do_not_hide_the_noise_between_them():
    framed = noisy(plain(), 8)
    framed[:100] = framed[-100:] = 0
    assert noise_sigma(grey(framed)) == pytest.approx(8, rel=0.1)


@pytest.mark.parametrize("level", [0, 255])
def test_where_all_is_clipped_there_is_nothing_to_see(level: int):
    assert noise_sigma(grey(plain(level))) == 0.0


@pytest.mark.parametrize("shape", [(1, 1), (15, 400), (16, 16), (17, 33)])
def test_tiny_and_odd_pictures_are_no_trouble(shape: tuple[int, int]):
    picture = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    assert 0.0 <= noise_sigma(picture) <= 127.5
