from __future__ import annotations

import numpy as np
import pytest

from bench.common.loudness_signals import sine
from services.audio.loudness.measurement import LoudnessMeasurement
from services.common.time import seconds


def test_all_meters_see_the_same_sound():
    measurement = LoudnessMeasurement(48000, 2)
    for piece in np.array_split(sine(5, -23), 3):
        measurement.push(piece)
    told = measurement.finish()
    assert told.integrated_lufs == pytest.approx(-23, abs=0.05)
    assert told.true_peak_dbtp == pytest.approx(-23, abs=0.1)
    assert told.loudness_range_lu == pytest.approx(0, abs=0.05)
    assert (len(told.momentary_lufs), len(told.short_term_lufs), told.channel_count) == (47, 47, 2)
    assert seconds(told.step_duration) == 0.1


def test_nothing_is_said_of_digital_silence():
    measurement = LoudnessMeasurement(48000, 1)
    measurement.push(np.zeros((48000, 1), np.float32))
    told = measurement.finish()
    assert not any(told.HasField(name) for name in ("integrated_lufs", "loudness_range_lu", "true_peak_dbtp"))
