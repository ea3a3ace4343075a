"""K-weighting of ITU-R BS.1770-5 for any sampling rate, and the weights of the channels."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

CHANNEL_WEIGHTS = {1: (1.0,), 2: (1.0, 1.0), 6: (1.0, 1.0, 1.0, 0.0, 1.41, 1.41)}
"""By channel count; six are L, R, C, LFE, Ls, Rs: surround counts 1.5 dB more, low frequencies not at all."""

SHELF_HZ, SHELF_GAIN_DB, SHELF_Q = 1681.974450955533, 3.999843853973347, 0.7071752369554196
"""The first stage: the effect of the head. These values give the coefficients that BS.1770 lists for 48 kHz."""

SHELF_SLOPE = 0.4996667741545416
"""Power of the gain at the middle of the shelf, likewise."""

HIGH_PASS_HZ, HIGH_PASS_Q = 38.13547087602444, 0.5003270373238773
"""The second stage, likewise."""


def k_weighting(rate_hz: int) -> npt.NDArray[np.float64]:
    """(2, 6) second-order sections b0 b1 b2 a0 a1 a2 of the two stages."""
    return np.array([_shelf(rate_hz), _high_pass(rate_hz)])


class KWeighting:
    """The filter over sound that comes in pieces."""

    def __init__(self, rate_hz: int, channel_count: int) -> None:
        self._sections = k_weighting(rate_hz)
        self._state = np.zeros((len(self._sections), 2, channel_count))

    def filter(self, samples: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        """(n, channels) -> the same, weighted; float64, since float32 rounds 38 Hz away."""
        from scipy.signal import sosfilt  # type: ignore[import-untyped]

        weighted, self._state = sosfilt(self._sections, samples.astype(np.float64), axis=0, zi=self._state)
        return np.asarray(weighted, np.float64)


def _shelf(rate_hz: int) -> list[float]:
    k = math.tan(math.pi * SHELF_HZ / rate_hz)
    high = 10 ** (SHELF_GAIN_DB / 20)
    middle = high**SHELF_SLOPE
    scale = 1 + k / SHELF_Q + k * k
    numerator = (high + middle * k / SHELF_Q + k * k, 2 * (k * k - high), high - middle * k / SHELF_Q + k * k)
    return [*(value / scale for value in numerator), 1.0, 2 * (k * k - 1) / scale, (1 - k / SHELF_Q + k * k) / scale]


def _high_pass(rate_hz: int) -> list[float]:
    k = math.tan(math.pi * HIGH_PASS_HZ / rate_hz)
    scale = 1 + k / HIGH_PASS_Q + k * k
    return [1.0, -2.0, 1.0, 1.0, 2 * (k * k - 1) / scale, (1 - k / HIGH_PASS_Q + k * k) / scale]
