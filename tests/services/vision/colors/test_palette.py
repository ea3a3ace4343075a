from __future__ import annotations

import numpy as np
import pytest

from services.vision.colors.palette import SWATCH_COUNT, color_sum, distance, profile


def plain(rgb: tuple[int, int, int]) -> np.ndarray:
    return np.full((20, 30, 3), rgb, np.uint8)


def noise(seed: int, shape: tuple[int, ...] = (64, 48, 3)) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, shape).astype(np.uint8)


def test_the_distance_of_plain_frames_is_that_of_their_colours() -> None:
    dark, light = color_sum(plain((60, 60, 60))), color_sum(plain((120, 120, 120)))
    assert distance(dark, dark) == 0.0
    assert distance(dark, light) == pytest.approx(25.0, abs=1.5)


def test_a_slight_change_of_light_is_a_slight_distance() -> None:
    frame = noise(0) // 2
    assert distance(color_sum(frame), color_sum(frame + 3)) < 4


def test_two_stretches_add_up() -> None:
    both = profile(color_sum(plain((255, 0, 0))) + color_sum(plain((0, 0, 255))))
    assert {(swatch.name, swatch.share) for swatch in both.swatches} == {("red", 0.5), ("blue", 0.5)}


def test_shades_of_one_colour_are_one_swatch() -> None:
    shades = np.concatenate([plain((200, 30, 40)), plain((205, 35, 42)), plain((196, 28, 38))])
    assert [swatch.name for swatch in profile(color_sum(shades)).swatches] == ["red"]


def test_a_palette_has_few_colours_in_the_order_of_their_shares() -> None:
    swatches = profile(color_sum(noise(1))).swatches
    assert 2 <= len(swatches) <= SWATCH_COUNT
    shares = [swatch.share for swatch in swatches]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1.0, abs=1e-5)


def test_specks_are_counted_with_their_neighbour() -> None:
    frame = plain((20, 40, 160))
    frame[0, :3] = (255, 255, 0)
    assert len(profile(color_sum(frame)).swatches) == 1
