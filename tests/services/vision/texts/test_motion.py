from __future__ import annotations

import numpy as np

from services.vision.texts.frames import grey_of
from services.vision.texts.motion import moves_with_ring
from services.vision.texts.readers import Rect
from tests.services.vision.text_clips import pan, scenery

WAS, NOW = Rect(0.3, 0.4, 0.6, 0.45), Rect(0.35, 0.4, 0.65, 0.45)


def test_what_goes_with_its_surroundings_is_part_of_them() -> None:
    whole = scenery(500, 640)
    before, after = grey_of(whole[:, 100:460]), grey_of(whole[:, 82:442])
    assert moves_with_ring(before, WAS, after, NOW) is True


def test_what_slides_over_a_picture_at_rest_is_laid_over_it() -> None:
    frame = grey_of(next(pan(1)))
    assert moves_with_ring(frame, WAS, frame, NOW) is False


def test_on_a_plain_ground_nothing_can_be_told() -> None:
    frame = np.full((256, 144), 80, dtype=np.uint8)
    assert moves_with_ring(frame, WAS, frame, NOW) is None


def test_a_text_at_rest_says_nothing() -> None:
    frame = grey_of(next(pan(1)))
    assert moves_with_ring(frame, WAS, frame, WAS) is None
