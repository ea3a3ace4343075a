"""How loud it is from moment to moment: the level of 20 ms of sound, a hundred times a second."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

LEVEL_STEP_S = 0.01

LEVEL_SAMPLES = 320
"""20 ms at 16 kHz: two periods of the lowest voice, so that a level does not follow its single pulses."""

STEP_SAMPLES = 160

FLOOR_DB = -100.0
"""What digital silence counts as: below the rounding of 16 bits."""

Levels = npt.NDArray[np.float32]


class LevelMeter:
    """Takes samples in order and gives levels as soon as they are known."""

    def __init__(self) -> None:
        # Half a length of silence before the first sample: value k lies around k steps after it.
        self._rest = np.zeros(LEVEL_SAMPLES // 2, np.float32)

    def push(self, samples: npt.NDArray[np.float32]) -> Levels:
        """(n,) at 16 kHz -> the levels now known, dB of full scale (a full sine is -3), each >= FLOOR_DB."""
        heard = np.concatenate([self._rest, samples])
        count = max(0, (len(heard) - LEVEL_SAMPLES) // STEP_SAMPLES + 1)
        self._rest = heard[count * STEP_SAMPLES :]
        return _levels(heard, count)

    def finish(self) -> Levels:
        """The last ones, silence put after the end."""
        return self.push(np.zeros(LEVEL_SAMPLES // 2, np.float32))


def _levels(samples: npt.NDArray[np.float32], count: int) -> Levels:
    # Two halves of each length, so that every sample is squared once.
    halves = (samples[: (count + 1) * STEP_SAMPLES].astype(np.float64) ** 2).reshape(-1, STEP_SAMPLES).sum(axis=1)
    power = (halves[:-1] + halves[1:]) / LEVEL_SAMPLES if count else np.empty(0)
    levels: Levels = np.maximum(10 * np.log10(np.maximum(power, 1e-12)), FLOOR_DB).astype(np.float32)
    return levels
