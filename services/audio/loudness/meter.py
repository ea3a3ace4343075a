"""Momentary and short-term loudness of sound that comes in pieces, in steps of 0.1 s."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from services.audio.loudness.weighting import CHANNEL_WEIGHTS, KWeighting
from services.common.loudness import BLOCK_STEPS, SHORT_TERM_STEPS, STEP_S, lufs

Samples = npt.NDArray[np.float32]


class LoudnessMeter:
    """Keeps one number for each 0.1 s: ten minutes are 48 kB, whatever the rate and the channels.

    A last step that is not full is left out, as BS.1770 asks.
    """

    def __init__(self, rate_hz: int, channel_count: int) -> None:
        """ValueError for a channel count whose places are not known: 1, 2 and 6 are."""
        if channel_count not in CHANNEL_WEIGHTS:
            raise ValueError(f"no weights for {channel_count} channels; there are for {sorted(CHANNEL_WEIGHTS)}")
        self._weights = np.array(CHANNEL_WEIGHTS[channel_count])
        self._weighting = KWeighting(rate_hz, channel_count)
        self._rate_hz = rate_hz * self._weighting.factor
        self._rest: npt.NDArray[np.float64] = np.empty(0)
        self._powers: list[float] = []

    def __repr__(self) -> str:
        return f"LoudnessMeter({len(self._powers) * STEP_S:.1f} s)"

    def push(self, samples: Samples) -> None:
        """Take the next samples (n, channels)."""
        power = np.concatenate([self._rest, self._weighting.filter(samples) ** 2 @ self._weights])
        taken = 0
        while taken + (length := self._step_samples(len(self._powers))) <= len(power):
            self._powers.append(float(power[taken : taken + length].mean()))
            taken += length
        self._rest = power[taken:]

    def momentary_lufs(self) -> npt.NDArray[np.float64]:
        """(n,) over the 0.4 s that begin at each step; none where less was heard."""
        sums = self._sums()
        return lufs((sums[BLOCK_STEPS:] - sums[:-BLOCK_STEPS]) / BLOCK_STEPS) if len(sums) > BLOCK_STEPS else sums[:0]

    def short_term_lufs(self) -> npt.NDArray[np.float64]:
        """(n,) over the 3 s that end with each of those 0.4 s, or what there is of them."""
        sums = self._sums()
        ends = np.arange(BLOCK_STEPS, len(sums))
        begins = np.maximum(0, ends - SHORT_TERM_STEPS)
        return lufs((sums[ends] - sums[begins]) / (ends - begins))

    def _sums(self) -> npt.NDArray[np.float64]:
        return np.concatenate([[0.0], np.cumsum(self._powers)])

    def _step_samples(self, step: int) -> int:
        """Steps begin at the nearest sample: at 11025 Hz they differ by one."""
        return round((step + 1) * STEP_S * self._rate_hz) - round(step * STEP_S * self._rate_hz)
