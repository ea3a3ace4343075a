"""A shot detector's answer for each frame of an endless row, asked for only where the picture changes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Predict = Callable[[npt.NDArray[np.uint8]], npt.NDArray[np.float32]]
"""(n, 27, 48, 3) -> (n, 2), as ShotNetwork.predict."""

CONTEXT_FRAMES = 25
"""Frames the network sees before and after those it is asked about; with less its probabilities fall."""

STEP_FRAMES = 100
"""Frames answered at a time: at 30 Hz an answer lags by at most 4.2 s, and a third of the computing is context."""

LAG_FRAMES = 12
"""Distance in time at which frames are compared by the gate: long enough for a dissolve of two seconds to show."""

QUIET_DIFFERENCE = 4.5
"""Change of the mean colours of an 18-field grid, of 255, below which nothing can be a change of shot.

A third of the smallest of 99 % of the differences between frames of unrelated shots; saves half the network's
work on talking heads.
"""

NEAR_FRAMES = 4
"""Frames around a moment of change that are asked about as well."""


class ProbabilityStream:
    """Frames in, probabilities out, in order: (n, 2), zero where the picture stood still."""

    def __init__(self, predict: Predict) -> None:
        self._predict = predict
        self._frames: npt.NDArray[np.uint8] = np.empty((0, 27, 48, 3), np.uint8)
        self._answered = 0  # rows of _frames whose answer is out; kept as context

    def push(self, frames: npt.NDArray[np.uint8], *, last: bool = False) -> npt.NDArray[np.float32]:
        """Take (n, 27, 48, 3), n >= 0; give the (m, 2) answers that are final now, all that are owed if `last`."""
        self._frames = np.concatenate([self._frames, frames])
        answers = [np.empty((0, 2), np.float32)]
        while len(self._frames) - self._answered >= STEP_FRAMES + CONTEXT_FRAMES:
            answers.append(self._answer(self._answered + STEP_FRAMES))
        if last:
            answers.append(self._answer(len(self._frames)))
        return np.concatenate(answers)

    def _answer(self, end: int) -> npt.NDArray[np.float32]:
        start = self._answered
        answers = np.zeros((end - start, 2), np.float32)
        for first, after in _stretches(_changing(self._frames)[start:end], gap=2 * CONTEXT_FRAMES):
            answers[first:after] = self._ask(start + first, start + after)
        kept = max(end - CONTEXT_FRAMES - LAG_FRAMES, 0)
        self._frames = self._frames[kept:]
        self._answered = end - kept
        return answers

    def _ask(self, first: int, after: int) -> npt.NDArray[np.float32]:
        """Beyond either end of the video the frame there is repeated, as in the network's training."""
        rows = np.arange(first - CONTEXT_FRAMES, after + CONTEXT_FRAMES).clip(0, len(self._frames) - 1)
        return self._predict(self._frames[rows])[CONTEXT_FRAMES:-CONTEXT_FRAMES]


def _changing(frames: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """(n,) True for frames at which a shot might change: some pair LAG_FRAMES apart around them differs."""
    changing = np.zeros(len(frames), np.bool_)
    grid = frames.reshape(len(frames), 3, 9, 6, 8, 3).mean(axis=(2, 4), dtype=np.float32)
    lag = min(LAG_FRAMES, len(frames) - 1)
    if lag < 1:
        return changing
    moved = np.abs(grid[lag:] - grid[:-lag]).mean(axis=(1, 2, 3)) >= QUIET_DIFFERENCE
    for row in np.flatnonzero(moved):
        changing[max(row - NEAR_FRAMES, 0) : row + lag + NEAR_FRAMES] = True
    return changing


def _stretches(flags: npt.NDArray[np.bool_], *, gap: int) -> list[tuple[int, int]]:
    """Half-open runs of True, those less than `gap` apart joined.

    >>> _stretches(np.array([0, 1, 1, 0, 1, 0, 0, 0, 1], bool), gap=2)
    [(1, 5), (8, 9)]
    """
    rows = np.flatnonzero(flags)
    if len(rows) == 0:
        return []
    breaks = np.flatnonzero(np.diff(rows) > gap)
    firsts = rows[np.append(0, breaks + 1)]
    lasts = rows[np.append(breaks, len(rows) - 1)]
    return [(int(first), int(last) + 1) for first, last in zip(firsts, lasts, strict=True)]
