"""Where a class of sound begins and ends, from its scores frame by frame."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

RELEASE_SHARE = 0.5
"""A stretch ends below this share of the score that begins one: a pause between two barks does not end a dog."""


@dataclass(slots=True, kw_only=True)
class Stretch:
    """A class heard in successive frames."""

    class_index: int
    first_frame: int
    scores: list[float] = field(default_factory=list)
    """One per frame, in [0, 1]."""
    told_by_member: bool = False
    """A class that belongs to this gathering one was heard in one of its frames."""

    @property
    def end_frame(self) -> int:
        """First frame outside."""
        return self.first_frame + len(self.scores)


class StretchFinder:
    """Takes scores in order and gives out stretches as they end."""

    def __init__(
        self, *, threshold: float, ignored: Collection[int] = (), members: Mapping[int, frozenset[int]] | None = None
    ) -> None:
        """`members`: gathering class -> its classes; a stretch of the first is dropped where one of those is heard."""
        self._threshold = threshold
        self._ignored = frozenset(ignored)
        self._members = members or {}
        self._open: dict[int, Stretch] = {}
        self._frame = 0

    def __repr__(self) -> str:
        return f"StretchFinder(frame {self._frame}, {len(self._open)} open)"

    @property
    def frame_count(self) -> int:
        """Frames taken."""
        return self._frame

    def push(self, scores: npt.NDArray[np.float32]) -> list[Stretch]:
        """Take (n, classes) in [0, 1]; the stretches that ended, surest first where several end in one frame."""
        ended: list[Stretch] = []
        for row in scores:
            ended += self._push_one(row)
        return ended

    def finish(self) -> list[Stretch]:
        """The stretches that last to the end."""
        return self._close(list(self._open))

    def _push_one(self, row: npt.NDArray[np.float32]) -> list[Stretch]:
        fallen = [index for index in self._open if row[index] < self._threshold * RELEASE_SHARE]
        ended = self._close(fallen)
        for index in np.flatnonzero(row >= self._threshold).tolist():
            if index not in self._open and index not in self._ignored:
                self._open[index] = Stretch(class_index=index, first_frame=self._frame)
        heard = self._open.keys()
        for index, stretch in self._open.items():
            stretch.scores.append(float(row[index]))
            stretch.told_by_member |= not self._members.get(index, frozenset()).isdisjoint(heard)
        self._frame += 1
        return ended

    def _close(self, indices: Collection[int]) -> list[Stretch]:
        closed = [self._open.pop(index) for index in indices]
        told = [stretch for stretch in closed if not stretch.told_by_member]
        return sorted(told, key=lambda stretch: (stretch.first_frame, -max(stretch.scores)))
