"""How left and right lie to each other, over sound that comes in pieces."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt


class StereoSums:
    """Energies of two channels and of their product."""

    def __init__(self) -> None:
        self._left = self._right = self._product = 0.0

    def push(self, samples: npt.NDArray[np.float32]) -> None:
        """Take the next samples (n, 2)."""
        left, right = samples.astype(np.float64).T
        self._left += float(left @ left)
        self._right += float(right @ right)
        self._product += float(left @ right)

    @property
    def silent(self) -> bool:
        """Nothing but zeros."""
        return self._left == self._right == 0.0

    @property
    def correlation(self) -> float | None:
        """[-1, 1]; None where one channel is silent."""
        shared = math.sqrt(self._left * self._right)
        return max(-1.0, min(1.0, self._product / shared)) if shared else None

    @property
    def side_share(self) -> float:
        """Energy of (left - right) over twice that of both, [0, 1]. Not for silence."""
        both = self._left + self._right
        return max(0.0, (both - 2 * self._product) / (2 * both))

    @property
    def balance_db(self) -> float | None:
        """Right over left; None where one channel is silent."""
        return 10 * math.log10(self._right / self._left) if self._left and self._right else None
