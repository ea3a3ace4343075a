"""Counts the shots of a part: which one a frame belongs to, and where that one ends."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

import numpy as np

from services.vision.percepts.shots import ShotChange, border_s


class ShotNumbers:
    """Told of the changes of each window before its frames, in order of time."""

    def __init__(self) -> None:
        self._borders: deque[float] = deque()
        self.shot = 0
        """Of the frame entered last, 0 for the first shot."""

    def learn(self, changes: Iterable[ShotChange]) -> None:
        """Take note of what is ahead."""
        self._borders.extend(border_s(change) for change in changes)

    def enter(self, pts_s: float) -> list[float]:
        """Go on to this frame: the borders that were passed, each of which began a new shot."""
        passed = []
        while self._borders and self._borders[0] <= pts_s:
            passed.append(self._borders.popleft())
        self.shot += len(passed)
        return passed

    @property
    def next_s(self) -> float:
        """Where the shot ends, as far as is known; infinite where nothing is."""
        return self._borders[0] if self._borders else np.inf
