"""Which shot a frame belongs to, as changes of shot become known: the same shots that cut_analysis reports."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from services.vision.percepts.shot_changes import ChangeKind
from services.vision.percepts.shots import ShotChange


class ShotClock:
    """Goes forward over a part, shot by shot. The frames of a gradual change belong to none: they show two at once.

    clock.learn(window[Shots])
    for each frame:
        for start_s, end_s in clock.ended_by(pts_s): that shot is over
        if clock.is_inside(pts_s): the frame belongs to the shot that began at clock.start_s
    """

    def __init__(self, start_s: float) -> None:
        self.start_s = start_s
        """Where the shot that is going on began."""
        self._changes: deque[ShotChange] = deque()

    def __repr__(self) -> str:
        return f"ShotClock(in the shot from {self.start_s:.3f} s, {len(self._changes)} changes ahead)"

    def learn(self, changes: Iterable[ShotChange]) -> None:
        """The changes that begin in a window, before its frames are placed."""
        self._changes.extend(changes)

    def ended_by(self, moment_s: float) -> Iterator[tuple[float, float]]:
        """[start_s, end_s) of each shot that is over at a moment, empty ones left out; moments must not go back."""
        while self._changes and self._changes[0].start_s <= moment_s:
            change = self._changes.popleft()
            start_s, self.start_s = self.start_s, _next_start_s(change)
            if change.start_s > start_s:
                yield start_s, change.start_s

    def is_inside(self, moment_s: float) -> bool:
        """Not within a gradual change. Ask after `ended_by` for the same moment."""
        return moment_s >= self.start_s


def _next_start_s(change: ShotChange) -> float:
    """The cut's own frame is the first of the new shot; of a gradual change, the frame after its last."""
    return change.start_s if change.kind is ChangeKind.HARD_CUT else change.end_s
