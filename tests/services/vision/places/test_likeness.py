from __future__ import annotations

import numpy as np
import pytest

from services.vision.places.likeness import (
    GREY_SHARE,
    color_signature,
    grey_share,
    most_typical,
    shot_likeness,
    signatures,
)


def plain(color: tuple[int, int, int]) -> np.ndarray:
    return np.full((40, 30, 3), color, np.uint8)


def test_a_frame_is_wholly_like_itself_and_the_vector_has_length_one() -> None:
    frames = np.random.default_rng(0).integers(0, 256, (2, 50, 50, 3)).astype(np.uint8)
    found = signatures(np.random.default_rng(1).random((2, 1280), np.float32), frames)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1.0, atol=1e-5)


def test_content_counts_four_fifths_and_colour_one() -> None:
    red, blue = plain((255, 0, 0)), plain((0, 0, 255))
    same, other = np.eye(2, 1280, dtype=np.float32)
    found = signatures(np.stack([same, same, other]), np.stack([red, blue, red]))
    assert found[0] @ found[1] == pytest.approx(0.8, abs=1e-5)
    assert found[0] @ found[2] == pytest.approx(0.2, abs=1e-5)


def test_features_of_nothing_but_zeros_are_no_division_by_zero() -> None:
    assert np.isfinite(signatures(np.zeros((1, 1280), np.float32), plain((0, 0, 0))[None])).all()


def test_colours_of_a_plain_frame_lie_in_one_bin() -> None:
    assert sorted(color_signature(plain((255, 140, 0))))[-2:] == [0.0, 1.0]


@pytest.mark.parametrize(("color", "is_grey"), [((90, 90, 90), True), ((0, 0, 0), True), ((150, 90, 90), False)])
def test_grey_is_what_has_no_colour(color: tuple[int, int, int], is_grey: bool) -> None:
    found = signatures(np.ones((1, 1280), np.float32), plain(color)[None])
    assert (grey_share(found) >= GREY_SHARE) == is_grey


def test_a_short_shot_is_like_a_pan_that_passes_its_place() -> None:
    pan = np.eye(4, dtype=np.float32)
    assert shot_likeness(pan, pan[2:3]) == 1.0
    assert shot_likeness(pan[2:3], pan) == 1.0
    assert shot_likeness(pan[:2], pan[2:]) == 0.0


def test_the_most_typical_frame_is_the_one_between_the_others() -> None:
    angles = np.deg2rad([0.0, 40.0, 80.0])
    assert most_typical(np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)) == 1
