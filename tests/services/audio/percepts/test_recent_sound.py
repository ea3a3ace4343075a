from __future__ import annotations

import numpy as np
import pytest

from services.audio.percepts.recent_sound import RecentSound
from tests.services.audio.hearing import RATE_HZ, silence, tone


def test_sound_is_cut_by_its_time() -> None:
    samples = np.arange(3 * RATE_HZ, dtype=np.float32)
    sound = RecentSound(RATE_HZ)
    for first in range(0, len(samples), 5000):
        sound.add(samples[first : first + 5000], 10.0 + first / RATE_HZ)
    assert np.array_equal(sound.cut(11.0, 12.5), samples[RATE_HZ : int(2.5 * RATE_HZ)])
    assert np.array_equal(sound.cut(0.0, 99.0), samples)
    assert sound.end_s == pytest.approx(13.0)


def test_what_is_forgotten_is_gone_and_the_rest_keeps_its_time() -> None:
    sound = RecentSound(RATE_HZ)
    for second in range(4):
        sound.add(np.full(RATE_HZ, second, np.float32), float(second))
    sound.forget(2.5)
    assert sound.start_s == pytest.approx(2.0)
    assert set(sound.cut(0.0, 3.5)) == {2.0, 3.0}


def test_nothing_is_cut_where_no_sound_is() -> None:
    sound = RecentSound(RATE_HZ)
    assert len(sound.cut(0.0, 5.0)) == 0
    sound.add(silence(1.0), 0.0)
    assert len(sound.cut(2.0, 5.0)) == 0


def test_the_quietest_place_is_the_gap_in_a_tone() -> None:
    sound = RecentSound(RATE_HZ)
    sound.add(np.concatenate([tone(3.0), silence(0.2), tone(2.0)]), 20.0)
    assert sound.quietest(21.0, 25.0) == pytest.approx(23.1, abs=0.06)


def test_what_is_read_again_and_again_does_not_grow() -> None:
    """Reading makes one block of several; a voice that never pauses would keep all of a part."""
    sound = RecentSound(RATE_HZ)
    for second in range(60):
        sound.add(np.full(RATE_HZ, second, np.float32), float(second))
        assert len(sound.cut(second - 5.0, second + 1.0)) == RATE_HZ * min(6, second + 1)
        sound.forget(second - 5.0)
    assert sound.end_s - sound.start_s <= 12.0
    assert sound.cut(56.0, 57.0)[0] == 56.0
