from __future__ import annotations

import numpy as np
import pytest

from services.audio.effects.edges import BandLevels, Edges
from tests.services.audio.hearing import RATE_HZ, noise, silence, tone


def edges(samples: np.ndarray, piece: int = 16000) -> Edges:
    levels = BandLevels(RATE_HZ)
    for first in range(0, len(samples), piece):
        levels.push(samples[first : first + piece])
    return levels.edges()


def anywhere(times_s: np.ndarray) -> np.ndarray:
    return np.ones_like(times_s)


def test_a_burst_begins_and_ends_where_it_was_put():
    heard = edges(np.concatenate([noise(1.0, 0.001), noise(0.5, 0.2), noise(1.0, 0.001)]))
    onset, offset = heard.onset(0.5, 1.4, anywhere), heard.offset(1.2, 2.0, anywhere)
    assert (onset.at_s, offset.at_s) == pytest.approx((1.0, 1.5), abs=0.021)
    assert onset.strength_db > 20
    assert heard.rise_db(1.0) == pytest.approx(46, abs=3)
    assert heard.peak_dbfs(1.0, 1.5) == pytest.approx(20 * np.log10(0.2), abs=2)


def test_a_sound_at_the_very_beginning_begins_at_0_and_rises_from_nothing():
    heard = edges(tone(1.0))
    assert heard.onset(-0.2, 0.5, anywhere).at_s == 0.0
    assert heard.rise_db(0.0) is None


def test_of_two_onsets_the_likelier_counts():
    samples = np.concatenate([silence(0.5), noise(0.2), silence(0.3), noise(0.2), silence(0.3)])
    late = edges(samples).onset(0.3, 1.2, lambda times_s: np.where(times_s > 0.8, 1.0, 0.1))
    assert late.at_s == pytest.approx(1.0, abs=0.021)
    assert edges(samples).onset(0.3, 1.2, anywhere).at_s == pytest.approx(0.5, abs=0.021)


def test_steady_noise_begins_nowhere():
    assert edges(noise(10.0)).onset(1.0, 9.0, anywhere).strength_db < 1.7


def test_a_decay_is_followed_until_it_is_drowned():
    fading = noise(1.5) * 10 ** (-np.arange(1.5 * RATE_HZ) / RATE_HZ).astype(np.float32)
    alone = edges(np.concatenate([silence(1.5), fading, silence(0.5)]))
    assert alone.decayed_s(1.5, 1.7) == pytest.approx(3.0, abs=0.15)
    over_noise = edges(np.concatenate([noise(1.5, 0.02), fading, silence(0.5)]) + noise(3.5, 0.02))
    assert over_noise.decayed_s(1.5, 1.7) < 2.4


def test_a_tail_that_grows_again_is_another_sound():
    fading = noise(0.6) * 10 ** (-np.arange(0.6 * RATE_HZ) / RATE_HZ * 2).astype(np.float32)
    heard = edges(np.concatenate([silence(1.2), fading, fading]))
    assert heard.decayed_s(1.2, 1.3) == pytest.approx(1.8, abs=0.12)


def test_the_pieces_it_comes_in_change_nothing():
    samples = np.concatenate([silence(0.5), noise(0.7)])
    assert edges(samples, 777)._rises == pytest.approx(edges(samples)._rises, abs=1e-4)
    assert len(edges(silence(0))._rises) == 1
