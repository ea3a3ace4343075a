"""Clipping: runs of samples at full scale, counted over sound that comes in pieces."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

CEILING = 32767 / 32768
"""The highest value of 16 bits; what lies beyond is cut off by whatever plays it."""

CEILING_DBFS = 20 * math.log10(CEILING)

RUN_SAMPLES = 3
"""Successive samples that make a clip: the default of Audacity's search. One or two are peaks that just fit."""


class ClippingCount:
    """Counts runs of at least RUN_SAMPLES at the ceiling, channel by channel."""

    def __init__(self, channel_count: int) -> None:
        self.run_count = 0
        self.sample_count = 0
        """In those runs, of all channels."""
        self.total_count = 0
        """Taken, of all channels."""
        self._open = [0] * channel_count
        """Length of the run each channel is in."""

    def push(self, samples: npt.NDArray[np.float32]) -> None:
        """Take the next samples (n, channels)."""
        self.total_count += samples.size
        at_ceiling = np.abs(samples) >= CEILING
        if not at_ceiling.any() and not any(self._open):
            return
        for channel, row in enumerate(at_ceiling.T):
            self._push_one(channel, row)

    def finish(self) -> None:
        """Close the runs that last to the end."""
        for channel, length in enumerate(self._open):
            self._close(length)
            self._open[channel] = 0

    def _push_one(self, channel: int, row: npt.NDArray[np.bool_]) -> None:
        edges = np.flatnonzero(np.diff(np.concatenate([[False], row, [False]]))).reshape(-1, 2).tolist()
        if not len(row):
            return
        carried, self._open[channel] = self._open[channel], 0
        if not edges or edges[0][0] > 0:
            self._close(carried)
            carried = 0
        for first, after in edges:
            length, carried = after - first + carried, 0
            if after == len(row):
                self._open[channel] = length
            else:
                self._close(length)

    def _close(self, length: int) -> None:
        if length >= RUN_SAMPLES:
            self.run_count += 1
            self.sample_count += length
