from __future__ import annotations

import numpy as np
import pytest

from services.audio.loudness.weighting import KWeighting, k_weighting


def test_at_48_khz_the_filter_has_the_coefficients_of_the_standard():
    shelf, high_pass = k_weighting(48000)
    assert shelf.tolist() == pytest.approx(
        [1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585], abs=1e-9
    )
    assert high_pass.tolist() == pytest.approx([1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621], abs=1e-9)


@pytest.mark.parametrize("rate_hz", [32000, 44100, 96000])
@pytest.mark.parametrize("pitch_hz", [60, 997, 2500])
def test_other_rates_weigh_as_48_khz_does(rate_hz, pitch_hz):
    from scipy.signal import sosfreqz

    gains = [
        20 * np.log10(abs(sosfreqz(k_weighting(rate), worN=[pitch_hz], fs=rate)[1][0])) for rate in (rate_hz, 48000)
    ]
    assert gains[0] == pytest.approx(gains[1], abs=0.05)


def test_pieces_are_filtered_as_the_whole():
    samples = np.random.default_rng(1).normal(0, 0.1, (4800, 2)).astype(np.float32)
    whole, pieces = KWeighting(48000, 2).filter(samples), KWeighting(48000, 2)
    assert np.array_equal(np.concatenate([pieces.filter(samples[:1111]), pieces.filter(samples[1111:])]), whole)


@pytest.mark.parametrize(("rate_hz", "factor"), [(8000, 4), (11025, 3), (16000, 2), (32000, 1), (48000, 1)])
def test_slow_sound_is_brought_to_a_rate_that_the_filter_fits(rate_hz, factor):
    weighting = KWeighting(rate_hz, 1)
    tone = np.sin(2 * np.pi * 2500 * np.arange(rate_hz) / rate_hz).astype(np.float32)[:, None]
    weighted = weighting.filter(tone)
    assert (weighting.factor, len(weighted)) == (factor, factor * rate_hz)
    # Two to one of a sine's mean square, and the standard's gain at 2.5 kHz.
    assert 10 * np.log10(2 * np.mean(weighted[factor * rate_hz // 2 :] ** 2)) == pytest.approx(3.58, abs=0.06)
