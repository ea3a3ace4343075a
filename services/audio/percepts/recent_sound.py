"""The last stretch of sound, kept while somebody may still read it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

QUIET_S = 0.1
"""Length over which loudness is compared when looking for a quiet place: about one syllable."""

STEP_S = 0.02


class RecentSound:
    """Samples of one channel by their time in the video. What was forgotten is gone."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._start_s: float | None = None
        self._blocks: list[npt.NDArray[np.float32]] = []
        self._count = 0

    def __repr__(self) -> str:
        return f"RecentSound([{self.start_s:.2f}, {self.end_s:.2f}) s)"

    @property
    def start_s(self) -> float:
        """Time of the first sample kept; 0 before any came."""
        return self._start_s or 0.0

    @property
    def end_s(self) -> float:
        """First moment after the last sample."""
        return self.start_s + self._count / self._rate_hz

    def add(self, samples: npt.NDArray[np.float32], start_s: float) -> None:
        """Append samples (n,); only the first call's start counts, the others must follow it."""
        if not len(samples):
            return
        if self._start_s is None:
            self._start_s = start_s
        # A copy: the samples given may be a view of a mapped file that is to be let go.
        self._blocks.append(np.array(samples, dtype=np.float32))
        self._count += len(samples)

    def cut(self, start_s: float, end_s: float) -> npt.NDArray[np.float32]:
        """(n,) the samples of [start_s, end_s), as far as they are kept."""
        first, last = self._index(start_s), self._index(end_s)
        return self._whole()[first:last]

    def forget(self, before_s: float) -> None:
        """Let go of blocks that end before, and of more than half of one, which reading has made of several."""
        while self._blocks and self.start_s + len(self._blocks[0]) / self._rate_hz <= before_s:
            self._drop(len(self._blocks.pop(0)))
        count = self._index(before_s)
        if self._blocks and count > len(self._blocks[0]) / 2:
            self._blocks[0] = self._blocks[0][count:].copy()
            self._drop(count)

    def quietest(self, from_s: float, to_s: float) -> float:
        """The middle of the QUIET_S with the least energy in [from_s, to_s)."""
        samples = self.cut(from_s, to_s).astype(np.float64)
        length, step = round(QUIET_S * self._rate_hz), round(STEP_S * self._rate_hz)
        if len(samples) <= length:
            return (from_s + to_s) / 2
        sums = np.concatenate([[0.0], np.cumsum(samples**2)])
        starts = np.arange(0, len(samples) - length + 1, step)
        quietest = int(starts[np.argmin(sums[starts + length] - sums[starts])])
        return max(from_s, self.start_s) + (quietest + length / 2) / self._rate_hz

    def _drop(self, count: int) -> None:
        self._count -= count
        self._start_s = self.start_s + count / self._rate_hz

    def _whole(self) -> npt.NDArray[np.float32]:
        if len(self._blocks) > 1:
            self._blocks = [np.concatenate(self._blocks)]
        return self._blocks[0] if self._blocks else np.empty(0, np.float32)

    def _index(self, time_s: float) -> int:
        return min(max(0, round((time_s - self.start_s) * self._rate_hz)), self._count)
