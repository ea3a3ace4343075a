from __future__ import annotations

import numpy as np
import pytest

from services.audio.recording.clipping import CEILING, ClippingCount


def counted(samples: np.ndarray, piece: int = 10**9) -> ClippingCount:
    shaped = (samples if samples.ndim > 1 else samples[:, None]).astype(np.float32)
    count = ClippingCount(shaped.shape[1])
    for first in range(0, len(shaped), piece):
        count.push(shaped[first : first + piece])
    count.finish()
    return count


def runs(*lengths: int) -> np.ndarray:
    return np.concatenate([np.concatenate([np.full(length, 1.0), [0.2, 0.1]]) for length in lengths])


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 10**9])
def test_runs_of_three_and_more_are_counted_wherever_pieces_end(piece):
    count = counted(runs(1, 3, 2, 10), piece)
    assert (count.run_count, count.sample_count, count.total_count) == (2, 13, 24)


def test_a_clipped_sine_is_counted_exactly():
    wave = np.clip(2.0 * np.sin(2 * np.pi * np.arange(4800) / 96), -1, 1)
    count = counted(np.stack([wave, 0.4 * wave], axis=1))
    assert count.run_count == 100
    assert count.sample_count == int((np.abs(wave) >= CEILING).sum())


def test_beyond_full_scale_is_clipped_too_and_just_below_is_not():
    assert counted(np.full(5, -1.3)).run_count == 1
    assert counted(np.full(5, 32766 / 32768)).run_count == 0


def test_channels_do_not_make_a_run_together():
    both = np.zeros((6, 2))
    both[0:2, 0] = both[2:4, 1] = 1.0
    assert counted(both).run_count == 0


def test_a_run_to_the_end_counts():
    assert counted(np.array([0.0, 1, 1, 1])).run_count == 1
    assert counted(np.zeros((1, 0))).total_count == 0
