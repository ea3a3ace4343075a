from __future__ import annotations

import numpy as np
import pytest

from bench.common.music_pieces import RATE_HZ, chords, drums
from services.audio.music.key import TONICS, best_key, key_of, pitch_classes

librosa = pytest.importorskip("librosa", reason="the audio extra is not installed")


@pytest.mark.parametrize("mode", ["major", "minor"])
@pytest.mark.parametrize("tonic", [0, 3, 7, 10])
def test_a_cadence_is_in_its_key(tonic, mode):
    key = key_of(chords(tonic, mode))
    assert (key.tonic, key.minor) == (TONICS[tonic], mode == "minor")
    assert key.correlation > 0.9
    assert key.margin > 0.05


def test_a_piece_tuned_a_quarter_tone_off_keeps_its_tonic():
    times = np.arange(4 * RATE_HZ)
    tuned = np.interp(times * 1.014, times, chords(0, "major")[: 4 * RATE_HZ]).astype(np.float32)
    assert key_of(tuned).tonic == "C"


def test_drums_noise_and_silence_are_in_no_key():
    assert key_of(drums(120, 8.0)) is None
    assert key_of(np.random.default_rng(2).normal(0, 0.1, 8 * RATE_HZ).astype(np.float32)) is None
    assert best_key(np.zeros(12)) is None


def test_a_long_piece_is_looked_at_whole():
    minute = np.concatenate([np.tile(chords(0, "major"), 8), np.tile(chords(6, "major"), 8)])
    classes = pitch_classes(minute)
    assert classes[6] == pytest.approx(classes[0], rel=0.2)
