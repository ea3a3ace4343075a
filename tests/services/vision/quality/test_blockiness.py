from __future__ import annotations

import numpy as np
import pytest

from services.vision.quality.blockiness import blockiness
from tests.services.vision.quality.distorted import compressed, grey, photo

LOSSLESS = ("astronaut.png", "chelsea.png", "coffee.png")
"""A photo that was a JPEG before has blocks of its own."""


@pytest.mark.parametrize("name", LOSSLESS)
def test_a_photo_without_blocks_is_about_one(name: str):
    assert blockiness(grey(photo(name))) == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("name", LOSSLESS)
def test_it_rises_as_jpeg_quality_falls(name: str):
    levels = [blockiness(grey(compressed(photo(name), quality))) for quality in (95, 80, 60, 40, 20, 10, 5)]
    assert all(level is not None for level in levels)
    assert levels == sorted(levels)  # type: ignore[type-var]
    assert levels[-1] > 3


def test_steps_are_counted_exactly():
    """Columns rise by 1 within blocks and by 3 across their borders; rows are equal."""
    rises = np.where(np.arange(1, 64) % 8 == 0, 3, 1)
    row = np.concatenate([[0], np.cumsum(rises)]).astype(np.uint8)
    picture = np.tile(row, (64, 1))
    within, across = 56 * 1 / (56 + 56), 7 * 3 / (7 + 7)
    assert blockiness(picture) == pytest.approx(across / within)


def test_the_grid_of_a_turned_picture_is_found_where_it_lies():
    picture = compressed(photo("coffee.png")[:395, :597], 20)  # neither side a multiple of 8
    upright, half_turned = grey(picture), grey(np.ascontiguousarray(picture[::-1, ::-1]))
    assert blockiness(half_turned, first_column_px=597 % 8, first_row_px=395 % 8) == pytest.approx(blockiness(upright))
    assert blockiness(half_turned) == pytest.approx(1.0, abs=0.15)


def test_a_plain_picture_has_no_blocks_and_plain_tiles_have_many():
    assert blockiness(np.full((64, 64), 90, np.uint8)) == 1.0
    tiles = np.kron(np.arange(64).reshape(8, 8), np.ones((8, 8))).astype(np.uint8)
    assert 100 < blockiness(tiles) < 1e5  # type: ignore[operator]


@pytest.mark.parametrize("shape", [(1, 1), (8, 8), (3, 7)])
def test_without_a_border_inside_there_is_no_answer(shape: tuple[int, int]):
    assert blockiness(np.zeros(shape, np.uint8)) is None
