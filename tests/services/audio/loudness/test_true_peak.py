from __future__ import annotations

import numpy as np
import pytest

from bench.common.loudness_signals import PEAKS, phased, sine
from services.audio.loudness.true_peak import TruePeakMeter


def peak(samples: np.ndarray, piece_samples: int = 48000) -> float | None:
    meter = TruePeakMeter(samples.shape[1])
    for first in range(0, len(samples), piece_samples):
        meter.push(samples[first : first + piece_samples])
    return meter.finish()


@pytest.mark.parametrize("number", PEAKS)
def test_the_signals_of_tech_3341_have_their_peak(number):
    share, phase_deg, amplitude, wanted = PEAKS[number]
    assert -0.4 <= peak(phased(share, phase_deg, amplitude)) - wanted <= 0.2


def test_a_peak_between_two_samples_at_a_seam_is_found():
    """Wherever pieces end: the peak of this burst lies between its two highest samples."""
    times = np.arange(200) - 100.5
    burst = (0.9 * np.sinc(times / 2) * np.hanning(200)).astype(np.float32)[:, None]
    whole = peak(burst, 200)
    assert whole == pytest.approx(20 * np.log10(0.9), abs=0.2)
    assert [peak(burst, size) for size in (99, 100, 101, 7)] == pytest.approx([whole] * 4, abs=1e-4)


def test_the_last_samples_count():
    assert peak(np.concatenate([np.zeros((500, 1)), np.full((1, 1), 0.5)]).astype(np.float32)) >= 20 * np.log10(0.5)


def test_quiet_pieces_hide_nothing_in_a_loud_file():
    loud_then_soft = np.concatenate([sine(0.5, -20), phased(1 / 4, 45.0, 0.5, length_s=0.5), sine(0.5, -30)])
    assert peak(loud_then_soft, 1000) == pytest.approx(-6.0, abs=0.2)


def test_silence_has_no_peak():
    assert peak(np.zeros((1000, 2), np.float32)) is None
