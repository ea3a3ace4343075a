from __future__ import annotations

import numpy as np
import pytest

from services.audio.music.blocks import BLOCK_S, RATE_HZ, blocks


@pytest.mark.parametrize("length_s", [0.5, BLOCK_S, 2.3 * BLOCK_S])
def test_every_frame_is_whole_in_one_block(length_s):
    samples = np.arange(round(length_s * RATE_HZ), dtype=np.float32)
    frames = [
        block[first : first + 1024]
        for block in blocks(samples, frame_samples=1024, hop_samples=160)
        for first in range(0, len(block) - 1023, 160)
    ]
    assert len(frames) == len(samples) // 160 + 1
    assert [frame[512] for frame in frames[10:-10]] == [160.0 * k for k in range(10, len(frames) - 10)]
