"""Values between the samples of sound that comes in pieces, by a windowed sinc."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

REACH_SAMPLES = 12
"""Samples on either side that a value rests on; what comes out lags by as many."""

KAISER_BETA = 5.0
"""Of the window: ripple below 0.05 dB up to 0.45 of the rate."""

OVERLAP_SAMPLES = 2 * REACH_SAMPLES
"""Of two pieces, so that every value rests on all its samples."""

Samples = npt.NDArray[np.float32]


def interpolator(factor: int) -> npt.NDArray[np.float64]:
    """(2 * REACH_SAMPLES * factor + 1,) taps at `factor` times the rate."""
    from scipy.signal import firwin  # type: ignore[import-untyped]

    taps = firwin(2 * REACH_SAMPLES * factor + 1, 1 / factor, window=("kaiser", KAISER_BETA))
    return np.asarray(factor * taps, np.float64)


def between(taps: npt.NDArray[np.float64], samples: Samples, factor: int) -> npt.NDArray[np.float64]:
    """(n, channels) -> ((n - OVERLAP_SAMPLES) * factor, channels) values from sample REACH_SAMPLES on."""
    from scipy.signal import upfirdn

    edge = OVERLAP_SAMPLES * factor
    values = upfirdn(taps, samples, up=factor, axis=0)
    return np.asarray(values[edge : edge + (len(samples) - OVERLAP_SAMPLES) * factor], np.float64)


class Oversampler:
    """Takes sound in pieces and gives each at `factor` times its rate."""

    def __init__(self, factor: int, channel_count: int) -> None:
        self._factor = factor
        self._taps = interpolator(factor)
        self._rest: Samples = np.zeros((OVERLAP_SAMPLES, channel_count), np.float32)

    def push(self, samples: Samples) -> npt.NDArray[np.float64]:
        """(n, channels) -> (n * factor, channels), REACH_SAMPLES of the input later."""
        heard = np.concatenate([self._rest, samples])
        self._rest = heard[len(samples) :].copy()
        return between(self._taps, heard, self._factor)
