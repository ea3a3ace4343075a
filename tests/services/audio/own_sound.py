"""Windows that hold a file's own sound and, beside it, the mono sound that models hear."""

from __future__ import annotations

from collections.abc import Iterator
from math import gcd

import numpy as np

from services.audio.analyzers.audio_analysis import MEASURED
from services.audio.percepts.voice import SPEECH_SAMPLES
from services.common.window import SampleBatch, Window
from tests.services.audio.hearing import RATE_HZ


def own_windows(samples: np.ndarray, rate_hz: int, *, start_s: float = 0.0, length_s: float = 1.0) -> Iterator[Window]:
    """Windows over (n, channels) samples, the first starting at start_s."""
    from scipy.signal import resample_poly

    shaped = (samples if samples.ndim > 1 else samples[:, None]).astype(np.float32)
    divisor = gcd(rate_hz, RATE_HZ)
    mono = resample_poly(shaped.mean(axis=1), RATE_HZ // divisor, rate_hz // divisor).astype(np.float32)
    count = max(1, int(np.ceil(len(shaped) / rate_hz / length_s - 1e-9)))
    for index in range(count):
        batches = {}
        for need, values, rate in ((MEASURED, shaped, rate_hz), (SPEECH_SAMPLES, mono[:, None], RATE_HZ)):
            first, after = round(index * length_s * rate), round((index + 1) * length_s * rate)
            begin_s = start_s + first / rate
            batches[need] = SampleBatch(samples=values[first:after], sample_rate_hz=rate, start_s=begin_s)
        begin_s, end_s = start_s + index * length_s, start_s + min((index + 1) * length_s, len(shaped) / rate_hz)
        yield Window(index=index, start_s=begin_s, end_s=end_s, contents=batches)
