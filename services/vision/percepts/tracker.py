"""Follows things through time: joins the boxes of successive frames that show the same physical thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from services.vision.percepts.appearance import Appearance, likeness

LOST_S = 2.0
"""A thing not seen for longer has left; if it returns it is a new one. Bridges being hidden behind a passer-by."""

PARKED_S = 5.0
"""After a change of shot, how long a thing may still be recognised: jump cuts, and cutting back to a speaker."""

NEAR_OVERLAP = 0.1
"""Least overlap of a box with where its thing is expected, both widened; at 5 Hz a walker moves half his width."""

WIDENED = 0.3
"""Share of its size by which a box is widened on each side before overlaps are measured."""

SAME_PLACE_OVERLAP = 0.5
"""Overlap, not widened, that a weak detection or one of another class needs to be the same thing."""

CUT_OVERLAP = 0.3
"""Overlap, not widened, that a thing needs to be recognised in the next shot."""

ALIKE = 0.6
"""Likeness needed after a gap: across any gap within a shot colours stay above this."""

ALIKE_ACROSS_CUT = 0.92
"""Likeness needed across a change of shot: nine of ten things are that alike after 0.8 s, no two unlike ones were."""

GAP_S = 0.5
"""Not seen for longer, a thing must also look alike to be taken up again."""

VELOCITY_SHARE = 0.6
"""Share of the newest measurement in a thing's velocity."""

Boxes = npt.NDArray[np.float64]
"""(m, 4) left, top, right, bottom in [0, 1]."""


@dataclass(slots=True, kw_only=True)
class Target:
    """A thing that is being followed."""

    track_id: int
    kinds: Counter[int]
    """How often it was taken for which class."""
    box: Boxes
    """(4,) where it was last seen."""
    seen_s: float
    appearance: Appearance
    velocity: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(2))
    """(2,) of its centre, frame widths and heights per second."""
    parked_s: float | None = None
    """When the shot it was in ended."""

    @property
    def class_id(self) -> int:
        """What it was mostly taken for: somebody who comes in by the shoulder first may pass for a cat."""
        return self.kinds.most_common(1)[0][0]

    def expected(self, pts_s: float) -> Boxes:
        """(4,) where it should be now."""
        shift = self.velocity * (pts_s - self.seen_s) if self.parked_s is None else np.zeros(2)
        return self.box + np.tile(shift, 2)

    def see(self, box: Boxes, pts_s: float, kind: int, appearance: Appearance) -> None:
        """Take note of where it is now, and what it is taken for."""
        self.kinds[kind] += 1
        elapsed_s = pts_s - self.seen_s
        if self.parked_s is not None or elapsed_s <= 0:
            self.velocity = np.zeros(2)
        else:
            measured = (_centre(box) - _centre(self.box)) / elapsed_s
            known = VELOCITY_SHARE if self.velocity.any() else 1.0
            self.velocity = known * measured + (1 - known) * self.velocity
        self.box, self.seen_s, self.appearance, self.parked_s = box, pts_s, appearance, None

    def is_over(self, pts_s: float) -> bool:
        """Too long gone to be taken up again."""
        if self.parked_s is not None:
            return pts_s - self.parked_s > PARKED_S
        return pts_s - self.seen_s > LOST_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The boxes of one frame. `strong`: of a score that may begin a track; weak ones only keep one alive."""

    boxes: Boxes
    classes: npt.NDArray[np.intp]
    strong: npt.NDArray[np.bool_]
    appearances: Sequence[Appearance]

    def __len__(self) -> int:
        return len(self.classes)


class Tracker:
    """One instance for one part. Times are presentation times: frames may be any distance apart."""

    def __init__(self) -> None:
        self._targets: list[Target] = []
        self._track_count = 0

    def change_shot(self, pts_s: float) -> None:
        """A new shot begins: nothing is expected where it was, but it may be recognised."""
        for target in self._targets:
            target.parked_s = pts_s if target.parked_s is None else target.parked_s

    def update(self, pts_s: float, seen: Seen) -> list[int | None]:
        """The track of each box; None for a weak one that belongs to none. No two boxes share a track."""
        tracks: list[int | None] = [None] * len(seen)
        free = list(self._targets)
        for rows, fits in self._stages(pts_s, seen):
            open_rows = [row for row in rows if tracks[row] is None]
            for row, target in _assigned(open_rows, free, fits):
                tracks[row] = target.track_id
                target.see(seen.boxes[row], pts_s, int(seen.classes[row]), seen.appearances[row])
                free = [other for other in free if other is not target]
        for row in np.flatnonzero(seen.strong).tolist():
            if tracks[row] is None:
                tracks[row] = self._begin(seen, row, pts_s)
        return tracks

    def take_over(self, pts_s: float) -> list[int]:
        """Tracks that ended before this moment, each told once."""
        over = [target for target in self._targets if target.is_over(pts_s)]
        self._targets = [target for target in self._targets if not target.is_over(pts_s)]
        return [target.track_id for target in over]

    def _begin(self, seen: Seen, row: int, pts_s: float) -> int:
        self._track_count += 1
        target = Target(
            track_id=self._track_count,
            kinds=Counter([int(seen.classes[row])]),
            box=seen.boxes[row],
            seen_s=pts_s,
            appearance=seen.appearances[row],
        )
        self._targets.append(target)
        return target.track_id

    @staticmethod
    def _stages(pts_s: float, seen: Seen) -> list[tuple[list[int], Callable[[int, Target], float]]]:
        """Who may be joined with whom, the surest first: rows, and how well a row fits a target (0: not at all)."""
        strong = np.flatnonzero(seen.strong).tolist()
        weak = np.flatnonzero(~seen.strong).tolist()

        def may_be(row: int, target: Target) -> bool:
            if target.parked_s is not None:
                return False
            gone = pts_s - target.seen_s > GAP_S
            return not gone or likeness(seen.appearances[row], target.appearance) >= ALIKE

        def same_thing(row: int, target: Target) -> float:
            if seen.classes[row] != target.class_id or not may_be(row, target):
                return 0.0
            fit = overlap(widened(seen.boxes[row]), widened(target.expected(pts_s)))
            return fit if fit >= NEAR_OVERLAP else 0.0

        def same_place(row: int, target: Target) -> float:
            fit = overlap(seen.boxes[row], target.expected(pts_s)) if may_be(row, target) else 0.0
            return fit if fit >= SAME_PLACE_OVERLAP else 0.0

        def recognised(row: int, target: Target) -> float:
            if target.parked_s is None or seen.classes[row] != target.class_id:
                return 0.0
            if overlap(seen.boxes[row], target.box) < CUT_OVERLAP:
                return 0.0
            alike = likeness(seen.appearances[row], target.appearance)
            return alike if alike >= ALIKE_ACROSS_CUT else 0.0

        return [(strong, same_thing), (strong, same_place), (strong, recognised), (weak, same_place)]


def widened(box: Boxes) -> Boxes:
    """The box, larger by WIDENED of its size on each side."""
    margin = np.tile((box[2:] - box[:2]) * WIDENED, 2)
    wide: Boxes = box + margin * np.array([-1.0, -1.0, 1.0, 1.0])
    return wide


def overlap(one: Boxes, other: Boxes) -> float:
    """Intersection over union of two (4,) boxes, [0, 1]."""
    sides = np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])
    if (sides <= 0).any():
        return 0.0
    shared = float(sides.prod())
    return shared / (float((one[2:] - one[:2]).prod()) + float((other[2:] - other[:2]).prod()) - shared)


def _assigned(rows: list[int], targets: list[Target], fits: Callable[[int, Target], float]) -> list[tuple[int, Target]]:
    """The one-to-one assignment of rows to targets with the greatest sum of fits."""
    if not rows or not targets:
        return []
    from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

    table = np.array([[fits(row, target) for target in targets] for row in rows])
    pairs = zip(*linear_sum_assignment(table, maximize=True), strict=True)
    return [(rows[row], targets[column]) for row, column in pairs if table[row, column] > 0]


def _centre(box: Boxes) -> npt.NDArray[np.float64]:
    centre: npt.NDArray[np.float64] = (box[:2] + box[2:]) / 2
    return centre
