from __future__ import annotations

import numpy as np
import pytest

from services.audio.percepts.speech_spans import SpeechSpan
from services.audio.recording.levels import LevelMeter, decibel, mean_power, silences, speech_levels
from tests.services.audio.hearing import RATE_HZ, noise, silence, tone


def powers(samples: np.ndarray, piece: int = 5000) -> np.ndarray:
    meter = LevelMeter(RATE_HZ)
    for first in range(0, len(samples), piece):
        meter.push(samples[first : first + piece])
    return meter.powers()


def test_a_tone_has_half_its_squared_amplitude():
    told = powers(tone(1.0, 500.0))
    assert len(told) == 100
    assert mean_power(told, 0.0, 1.0) == pytest.approx(0.3**2 / 2, rel=1e-4)
    assert decibel(mean_power(told, 0.2, 0.3)) == pytest.approx(-13.47, abs=0.01)


def test_the_last_step_may_be_short_and_nothing_is_nothing():
    assert len(powers(np.ones(RATE_HZ // 100 * 3 + 5, np.float32))) == 4
    assert len(powers(silence(0))) == 0
    assert mean_power(powers(silence(0)), 0.0, 1.0) == 0.0
    assert decibel(0.0) is None


def test_silence_is_found_to_the_hundredth_of_a_second():
    samples = np.concatenate([tone(1.0), silence(0.8), tone(0.5), silence(0.4), tone(0.3), noise(2.0, 0.0005)])
    assert silences(powers(samples)) == [pytest.approx((1.0, 1.8)), pytest.approx((3.0, 5.0))]


def test_noise_just_above_60_db_below_full_scale_is_no_silence():
    assert silences(powers(noise(2.0, 0.0012))) == []


@pytest.mark.parametrize("snr_db", [-5.0, 0.0, 12.0, 30.0])
def test_speech_over_noise_is_measured_as_it_was_mixed(snr_db):
    background = noise(6.0, 0.01)
    speech = np.concatenate([silence(2.0), tone(2.0, 300.0), silence(2.0)])
    speech *= np.sqrt(0.01**2 * 10 ** (snr_db / 10)) / (0.3 / np.sqrt(2))
    told = speech_levels(powers(background + speech), [SpeechSpan(start_s=2.0, end_s=4.0)])
    assert told.snr_db == pytest.approx(snr_db, abs=0.25 if snr_db >= 0 else 0.7)
    assert (told.speech_s, told.background_s) == pytest.approx((2.0, 3.6))


def test_one_bang_is_not_the_background():
    samples = noise(6.0, 0.001) + np.concatenate([silence(2.0), tone(2.0), silence(2.0)])
    samples[RATE_HZ : RATE_HZ + 4000] += 0.9
    told = speech_levels(powers(samples), [SpeechSpan(start_s=2.0, end_s=4.0)])
    assert decibel(told.background) == pytest.approx(-60.0, abs=0.3)


def test_without_background_or_speech_nothing_is_said():
    assert speech_levels(powers(tone(3.0)), [SpeechSpan(start_s=0.0, end_s=3.0)]) is None
    assert speech_levels(powers(tone(3.0)), []) is None
    clean = np.concatenate([silence(2.0), tone(2.0)])
    told = speech_levels(powers(clean), [SpeechSpan(start_s=2.0, end_s=4.0)])
    assert (told.background, told.snr_db) == (0.0, None)
