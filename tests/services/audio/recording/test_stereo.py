from __future__ import annotations

import numpy as np
import pytest

from services.audio.recording.stereo import StereoSums


def image(left: np.ndarray, right: np.ndarray) -> StereoSums:
    sums = StereoSums()
    for piece in np.array_split(np.stack([left, right], axis=1).astype(np.float32), 3):
        sums.push(piece)
    return sums


WAVE = np.sin(2 * np.pi * np.arange(4800) / 48)
OTHER = np.cos(2 * np.pi * np.arange(4800) / 48)


@pytest.mark.parametrize(
    ("left", "right", "correlation", "side_share", "balance_db"),
    [
        (WAVE, WAVE, 1.0, 0.0, 0.0),
        (WAVE, -WAVE, -1.0, 1.0, 0.0),
        (WAVE, OTHER, 0.0, 0.5, 0.0),
        (WAVE, 0.5 * WAVE, 1.0, 0.1, -6.02),
        (WAVE, 0 * WAVE, None, 0.5, None),
    ],
)
def test_channels_lie_to_each_other_as_they_were_made(left, right, correlation, side_share, balance_db):
    sums = image(left, right)
    assert sums.correlation == (None if correlation is None else pytest.approx(correlation, abs=1e-6))
    assert sums.side_share == pytest.approx(side_share, abs=1e-6)
    assert sums.balance_db == (None if balance_db is None else pytest.approx(balance_db, abs=0.01))
    assert not sums.silent


def test_silence_has_no_image():
    assert image(0 * WAVE, 0 * WAVE).silent
