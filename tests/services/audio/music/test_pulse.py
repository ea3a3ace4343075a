from __future__ import annotations

import numpy as np
import pytest

from bench.common.music_pieces import RATE_HZ, drums
from services.audio.music.pulse import pulse_of, same

librosa = pytest.importorskip("librosa", reason="the audio extra is not installed")


@pytest.mark.parametrize("beats_per_minute", [72, 90, 110, 128, 150, 160, 172, 188])
def test_drums_are_counted_within_two_percent_or_as_half_or_double(beats_per_minute):
    pulse = pulse_of(drums(beats_per_minute, 12.0))
    counted = pulse.tracked.beats_per_minute / beats_per_minute
    assert min(abs(counted / ratio - 1) for ratio in (0.5, 1.0, 2.0)) < 0.02
    assert any(abs(each.beats_per_minute / beats_per_minute - 1) < 0.04 for each in pulse.candidates)
    assert pulse.deviation < 0.05
    assert pulse.tracked in pulse.candidates


def test_beats_lie_where_the_drum_is_struck():
    pulse = pulse_of(drums(120, 12.0, first_s=0.25))
    distances_s = [min(abs(beat_s - 0.25 - 0.25 * k) for k in range(60)) for beat_s in pulse.beats_s]
    assert max(distances_s) < 0.03
    assert np.all(np.diff(pulse.beats_s) > 0)


def test_noise_a_tone_and_silence_have_no_pulse():
    rng = np.random.default_rng(1)
    tone = np.sin(np.arange(10 * RATE_HZ) / 9).astype(np.float32)
    for samples in (rng.normal(0, 0.1, 10 * RATE_HZ).astype(np.float32), 0.3 * tone, 0 * tone):
        assert pulse_of(samples) is None


def test_sounds_at_random_times_have_no_pulse():
    rng = np.random.default_rng(11)
    samples = np.zeros(12 * RATE_HZ, np.float32)
    for at_s in np.cumsum(rng.exponential(0.25, 45)):
        first = round(at_s * RATE_HZ)
        piece = samples[first : first + 800]
        piece += (rng.normal(0, 0.3, 800) * np.exp(-np.arange(800) / 160))[: len(piece)].astype(np.float32)
    assert pulse_of(samples) is None


def test_the_end_of_a_long_piece_is_heard_as_its_beginning():
    """Longer than a block of spectra: no beat is lost or doubled where two meet."""
    pulse = pulse_of(drums(120, 65.0))
    distances_s = np.diff(pulse.beats_s)
    assert np.abs(distances_s / np.median(distances_s) - 1).max() < 0.1
    assert pulse.beats_s[-1] > 63.0


def test_same_is_within_four_percent():
    assert same(0.51, 0.5)
    assert not same(0.53, 0.5)
