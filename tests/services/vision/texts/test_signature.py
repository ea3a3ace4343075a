from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from services.vision.texts.frames import FrameHistory, GreyFrame, grey_of
from services.vision.texts.readers import Rect
from services.vision.texts.signature import match, signature_of
from tests.services.vision.text_clips import Lettering, draw, lettered, noise, pan, still

BOX = Rect(0.05, 0.77, 0.95, 0.83)


def history_of(frames: Iterable[np.ndarray]) -> FrameHistory:
    history = FrameHistory()
    for number, frame in enumerate(frames):
        history.append(GreyFrame(pts_s=number / 30, grey=grey_of(frame)))
    return history


def test_a_text_is_known_again_over_another_ground() -> None:
    truth = Lettering(content="Wiedersehen", start_s=0.0, end_s=9.0)
    history = history_of(lettered(pan(12), [truth]))
    signature = signature_of(history, 6, BOX)
    assert signature is not None
    elsewhere = next(noise(1))
    assert match(signature, grey_of(draw(elsewhere, truth))).score > 0.7
    assert match(signature, grey_of(elsewhere)).score < 0.3


def test_other_words_in_the_same_place_do_not_match() -> None:
    history = history_of(lettered(pan(12), [Lettering(content="so geht es", start_s=0.0, end_s=9.0)]))
    signature = signature_of(history, 6, BOX)
    assert signature is not None
    other = draw(next(still(1)), Lettering(content="nicht weiter", start_s=0.0, end_s=9.0))
    assert match(signature, grey_of(other)).score < 0.5


def test_a_text_that_moved_is_found_where_it_is() -> None:
    truth = Lettering(content="wandert", start_s=0.0, end_s=9.0)
    frame = draw(next(still(1)), truth)
    history = history_of([frame, frame])
    signature = signature_of(history, 0, Rect(0.3, 0.77, 0.7, 0.83))
    assert signature is not None
    moved = np.roll(history[0].grey, (1, 2), axis=(0, 1))
    found = match(signature, moved)
    assert (found.shift_x, found.shift_y) == (2, 1)


def test_a_plain_place_has_no_signature() -> None:
    history = history_of([np.full((640, 360, 3), 90, dtype=np.uint8)] * 3)
    assert signature_of(history, 1, BOX) is None


def test_a_place_at_the_frames_edge_is_no_trouble() -> None:
    truth = Lettering(content="am unteren Rand", start_s=0.0, end_s=9.0, middle=0.96)
    history = history_of([draw(next(still(1)), truth)] * 2)
    signature = signature_of(history, 0, Rect(0.0, 0.95, 1.0, 1.0))
    assert signature is not None
    assert match(signature, history[1].grey).score > 0.95
