"""The loudness of a stretch of sound as it is reported: curves, gated loudness, range and true peak."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from reelscribe.v1.sound_pb2 import Loudness
from services.audio.loudness.meter import LoudnessMeter
from services.audio.loudness.true_peak import TruePeakMeter
from services.common.loudness import STEP_S, integrated_lufs, loudness_range_lu
from services.common.time import duration


class LoudnessMeasurement:
    """All meters over sound that comes in pieces."""

    def __init__(self, rate_hz: int, channel_count: int) -> None:
        self._channel_count = channel_count
        self._meter = LoudnessMeter(rate_hz, channel_count)
        self._peak = TruePeakMeter(channel_count)

    def push(self, samples: npt.NDArray[np.float32]) -> None:
        """Take the next samples (n, channels)."""
        self._meter.push(samples)
        self._peak.push(samples)

    def finish(self) -> Loudness:
        """Of all that was taken."""
        momentary, short_term = self._meter.momentary_lufs(), self._meter.short_term_lufs()
        return Loudness(
            integrated_lufs=integrated_lufs(momentary),
            loudness_range_lu=loudness_range_lu(short_term),
            true_peak_dbtp=self._peak.finish(),
            step_duration=duration(STEP_S),
            momentary_lufs=momentary,
            short_term_lufs=short_term,
            channel_count=self._channel_count,
        )
