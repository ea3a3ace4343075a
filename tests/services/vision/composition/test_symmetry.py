from __future__ import annotations

import numpy as np
import pytest

from services.vision.composition.symmetry import symmetry
from tests.services.vision.quality.distorted import grey, photo


def test_a_picture_beside_its_mirror_image_is_wholly_symmetric():
    half = grey(photo("chelsea.png"))
    assert symmetry(np.hstack([half, half[:, ::-1]])) == pytest.approx(1.0, abs=1e-6)


def test_a_picture_beside_its_mirrored_negative_is_wholly_the_opposite():
    half = grey(photo("chelsea.png"))
    assert symmetry(np.hstack([half, 255 - half[:, ::-1]])) == pytest.approx(-1.0, abs=0.2)
    black_and_white = np.repeat(np.array([[0, 255]], np.uint8), 50, axis=1).repeat(60, axis=0)
    assert symmetry(black_and_white) == pytest.approx(-1.0)


def test_a_mirrored_copy_is_as_symmetric():
    picture = grey(photo("astronaut.png"))
    assert symmetry(picture[:, ::-1]) == pytest.approx(symmetry(picture), abs=1e-9)
    assert -1.0 <= symmetry(picture) < 0.5


@pytest.mark.parametrize("shape", [(1, 1), (3, 7), (200, 300)])
def test_a_plain_picture_is_its_own_mirror_image(shape: tuple[int, int]):
    assert symmetry(np.full(shape, 77, np.uint8)) == 1.0
