"""K-weighting of ITU-R BS.1770-5 for any sampling rate, and the weights of the channels."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from services.audio.loudness.oversampling import Oversampler

STANDARD_HZ = 48000
"""The rate that BS.1770 lists coefficients for."""

LEAST_HZ = 32000
"""From here on other rates follow it within 0.05 dB up to 4 kHz; below, the shelf is bent. Slower sound is brought
above it first, which adds nothing to it."""

CHANNEL_WEIGHTS = {1: (1.0,), 2: (1.0, 1.0), 6: (1.0, 1.0, 1.0, 0.0, 1.41, 1.41)}
"""By channel count; six are L, R, C, LFE, Ls, Rs: surround counts 1.5 dB more, low frequencies not at all."""

SHELF_HZ, SHELF_GAIN_DB, SHELF_Q = 1681.974450955533, 3.999843853973347, 0.7071752369554196
"""The first stage: the effect of the head. These values give the coefficients that BS.1770 lists for 48 kHz."""

SHELF_SLOPE = 0.4996667741545416
"""Power of the gain at the middle of the shelf, likewise."""

HIGH_PASS_HZ, HIGH_PASS_Q = 38.13547087602444, 0.5003270373238773
"""The second stage, likewise."""


def k_weighting(rate_hz: int) -> npt.NDArray[np.float64]:
    """(2, 6) second-order sections b0 b1 b2 a0 a1 a2 of the two stages, for a rate of at least LEAST_HZ."""
    return np.array([_shelf(rate_hz), _high_pass(rate_hz)])


class KWeighting:
    """The filter over sound that comes in pieces."""

    def __init__(self, rate_hz: int, channel_count: int) -> None:
        self.factor = math.ceil(LEAST_HZ / rate_hz)
        """Values given for each sample taken."""
        self._oversampler = Oversampler(self.factor, channel_count) if self.factor > 1 else None
        self._sections = k_weighting(self.factor * rate_hz)
        self._state = np.zeros((len(self._sections), 2, channel_count))

    def filter(self, samples: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        """(n, channels) -> (n * factor, channels), weighted; float64, since float32 rounds 38 Hz away."""
        from scipy.signal import sosfilt  # type: ignore[import-untyped]

        values = samples.astype(np.float64) if self._oversampler is None else self._oversampler.push(samples)
        weighted, self._state = sosfilt(self._sections, values, axis=0, zi=self._state)
        return np.asarray(weighted, np.float64)


def _shelf(rate_hz: int) -> list[float]:
    k = math.tan(math.pi * SHELF_HZ / rate_hz)
    high = 10 ** (SHELF_GAIN_DB / 20)
    middle = high**SHELF_SLOPE
    scale = 1 + k / SHELF_Q + k * k
    numerator = (high + middle * k / SHELF_Q + k * k, 2 * (k * k - high), high - middle * k / SHELF_Q + k * k)
    return [*(value / scale for value in numerator), 1.0, 2 * (k * k - 1) / scale, (1 - k / SHELF_Q + k * k) / scale]


def _high_pass(rate_hz: int) -> list[float]:
    k, scale = _high_pass_scale(rate_hz)
    # The standard's stage passes 0.04 dB more than all at 48 kHz; other rates must pass no more than that.
    gain = _high_pass_scale(STANDARD_HZ)[1] / scale
    return [gain, -2 * gain, gain, 1.0, 2 * (k * k - 1) / scale, (1 - k / HIGH_PASS_Q + k * k) / scale]


def _high_pass_scale(rate_hz: int) -> tuple[float, float]:
    k = math.tan(math.pi * HIGH_PASS_HZ / rate_hz)
    return k, 1 + k / HIGH_PASS_Q + k * k
