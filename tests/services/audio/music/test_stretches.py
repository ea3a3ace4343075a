from __future__ import annotations

import numpy as np
import pytest

from services.audio.music.stretches import MusicListener
from services.audio.percepts.sounds import HOP_S, SoundScores


def listened(scores: list[float], *, end_s: float, origin_s: float = 0.0) -> list[tuple[float, float, float]]:
    listener = MusicListener()
    for first in range(0, len(scores), 3):
        rows = np.array([[0.0, score] for score in scores[first : first + 3]], np.float32)
        listener.push(SoundScores(first_frame=first, origin_s=origin_s, labels=("speech", "music"), scores=rows))
    return listener.finish(end_s)


def test_music_is_heard_from_the_middle_of_its_first_frame_to_that_of_the_frame_after():
    ((start_s, end_s, score),) = listened([0.1] * 4 + [0.8] * 4 + [0.0] * 4, end_s=6.0)
    assert (start_s, end_s) == pytest.approx((4.5 * HOP_S, 8.5 * HOP_S))
    assert score == pytest.approx(0.8)


def test_music_all_along_is_heard_from_the_first_to_the_last_moment():
    assert listened([0.9] * 10, end_s=15.0, origin_s=10.0) == [(10.0, 15.0, pytest.approx(0.9))]


def test_music_drowned_for_a_moment_goes_on_and_music_gone_for_long_begins_anew():
    assert len(listened([0.9, 0.9, 0.0, 0.0, 0.9, 0.9], end_s=3.0)) == 1
    assert len(listened([0.9, 0.9, 0.0, 0.0, 0.0, 0.9, 0.9], end_s=3.5)) == 2


def test_without_music_there_is_none():
    assert listened([0.29] * 8, end_s=4.0) == []
    assert MusicListener().finish(0.0) == []
