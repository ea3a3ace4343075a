from __future__ import annotations

import numpy as np

from services.audio.recording.recording import Recording
from services.common.window import SampleBatch

RATE_HZ = 1000


def batch(start_s: float, samples: np.ndarray) -> SampleBatch:
    return SampleBatch(samples=samples.astype(np.float32), sample_rate_hz=RATE_HZ, start_s=start_s)


def test_the_lead_in_is_the_part_befores():
    recording = Recording(60.0, 2)
    for start_s in (58.0, 59.0, 60.0, 61.0):
        recording.push(batch(start_s, np.ones((RATE_HZ, 2))))
    clipping = recording.clipping()
    assert (clipping.run_count, clipping.sample_count, clipping.share) == (2, 4000, 1.0)
    assert (recording.start_s, recording.end_s) == (60.0, 62.0)


def test_what_is_not_there_is_not_said():
    clean, mono = Recording(0.0, 2), Recording(0.0, 1)
    clean.push(batch(0.0, np.zeros((RATE_HZ, 2))))
    mono.push(batch(0.0, np.full((RATE_HZ, 1), 0.5)))
    assert clean.clipping() is None
    assert clean.stereo() is None
    assert mono.stereo() is None
