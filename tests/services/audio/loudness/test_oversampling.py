from __future__ import annotations

import numpy as np
import pytest

from services.audio.loudness.oversampling import REACH_SAMPLES, Oversampler


@pytest.mark.parametrize("factor", [2, 3, 4])
@pytest.mark.parametrize("piece", [1, 13, 500])
def test_a_tone_is_the_same_tone_at_a_higher_rate_however_it_comes(factor, piece):
    angles = 2 * np.pi * 0.21 * np.arange(500)
    oversampler = Oversampler(factor, 1)
    pieces = np.array_split(np.sin(angles).astype(np.float32)[:, None], range(piece, 500, piece))
    values = np.concatenate([oversampler.push(each) for each in pieces])[:, 0]
    assert len(values) == 500 * factor
    wanted = np.sin(2 * np.pi * 0.21 * (np.arange(500 * factor) / factor - REACH_SAMPLES))
    assert values[100 * factor :] == pytest.approx(wanted[100 * factor :], abs=0.004)
