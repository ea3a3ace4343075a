from __future__ import annotations

import pytest

from services.common.window import Frames, Need
from services.common.window_view import view
from tests import fakes

NEED = Frames(rate_hz=5.0, long_side_px=256)


class LaidDown:
    """A window that counts how often it is opened."""

    index, start_s, end_s = 4, 4.0, 5.0

    def __init__(self) -> None:
        self.opened_count = 0

    def count(self, need: Need) -> int:
        return 5

    def batch(self, need: Need) -> str:
        self.opened_count += 1
        return f"{need.long_side_px} px" if isinstance(need, Frames) else "sound"


def test_a_reader_sees_its_needs_and_its_percepts():
    window = view(LaidDown(), (NEED,), {fakes.FrameCount: 10})
    assert (window.index, window.start_s, window.end_s) == (4, 4.0, 5.0)
    assert window[NEED] == "256 px"
    assert window[fakes.FrameCount] == 10


def test_what_was_not_declared_is_not_there():
    window = view(LaidDown(), (NEED,), {})
    for key in (Frames(rate_hz=None, long_side_px=256), fakes.FrameCount):
        with pytest.raises(KeyError):
            window[key]


def test_media_is_opened_when_it_is_read_and_not_kept():
    laid_down = LaidDown()
    window = view(laid_down, (NEED,), {})
    assert laid_down.opened_count == 0
    assert window[NEED] == window[NEED]
    assert laid_down.opened_count == 2
