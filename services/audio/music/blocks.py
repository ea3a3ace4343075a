"""Spectra of long music block by block, so that memory does not grow with it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

RATE_HZ = 16000
"""Of the sound that models hear: what beats and keys are made of lies below 8 kHz."""

BLOCK_S = 30.0

Sound = npt.NDArray[np.float32]


def blocks(samples: Sound, *, frame_samples: int, hop_samples: int) -> Iterator[Sound]:
    """Stretches of (n,) that hold all frames centred on multiples of the hop, each frame whole in one of them."""
    padded = np.pad(samples, frame_samples // 2)
    frame_count = len(samples) // hop_samples + 1
    step = int(BLOCK_S * RATE_HZ / hop_samples)
    for first in range(0, frame_count, step):
        last = min(first + step, frame_count) - 1
        yield padded[first * hop_samples : last * hop_samples + frame_samples]
