"""Numbers the shots of a part, and says which frames belong to each: one count for all who speak of shots."""

from __future__ import annotations

from dataclasses import dataclass

from services.common.window import FrameBatch
from services.vision.percepts.shot_changes import ChangeKind
from services.vision.percepts.shots import ShotChange


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotEdge:
    """Where a shot begins or ends: a frame, and when it is displayed."""

    frame_index: int
    offset_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotSpan:
    """One shot: frames [start.frame_index, end.frame_index)."""

    index: int
    """0 for the part's first. What holds no frame between two changes is no shot and not counted."""
    start: ShotEdge
    end: ShotEdge

    @property
    def length_s(self) -> float:
        """How long it is displayed."""
        return self.end.offset_s - self.start.offset_s


class ShotSpans:
    """Windows and their changes in, shots out. The frames of a gradual change belong to no shot.

    For each window: `see` its frames, then `close` a shot at each change that begins in it; at last `finish`.
    """

    def __init__(self, start_s: float) -> None:
        self.count = 0
        """Shots closed so far: the number of the open one."""
        self.start: ShotEdge | None = None
        """Where the open shot begins; None before the first frame. May lie ahead, behind a gradual change."""
        self.end = ShotEdge(frame_index=0, offset_s=start_s)
        """Up to where frames were seen."""

    def __repr__(self) -> str:
        return f"ShotSpans({self.count} closed, open from {self.start})"

    def see(self, batch: FrameBatch, end_s: float) -> None:
        """The frames of a window that ends at `end_s`."""
        if len(batch):
            self.end = ShotEdge(frame_index=int(batch.index[-1]) + 1, offset_s=end_s)
            self.start = self.start or ShotEdge(frame_index=int(batch.index[0]), offset_s=float(batch.pts_s[0]))

    def close(self, change: ShotChange) -> ShotSpan | None:
        """The shot that the change ends, if it held a frame."""
        shot = self._until(ShotEdge(frame_index=change.frame_index, offset_s=change.start_s))
        self.start = _first_edge_after(change)
        return shot

    def finish(self) -> ShotSpan | None:
        """The shot that was open when the part ended."""
        return self._until(self.end)

    def _until(self, end: ShotEdge) -> ShotSpan | None:
        if self.start is None or end.frame_index <= self.start.frame_index:
            return None
        shot = ShotSpan(index=self.count, start=self.start, end=end)
        self.count += 1
        return shot


def _first_edge_after(change: ShotChange) -> ShotEdge:
    """Where the new shot begins: with the cut's own frame, or after the last mixed one."""
    if change.kind is ChangeKind.HARD_CUT:
        return ShotEdge(frame_index=change.frame_index, offset_s=change.start_s)
    return ShotEdge(frame_index=change.end_frame_index, offset_s=change.end_s)
