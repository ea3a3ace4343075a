"""Freeze frames: a picture that stands still though its shot moves right before or after."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

from services.vision.effects.flash import correlation
from services.vision.effects.steps import MOVED_DIFFERENCE, Steps, block_change, luma

SHORTEST_S = 0.25
"""A picture that stands for less is a repeated frame."""

FEWEST_FRAMES = 4
"""One frame that is displayed for long says nothing: files of variable rate leave out what repeats."""

NOISE_SHARE = 0.06
"""A standing picture changes by at most this share of what it changes by when the shot moves, the median of both the
mean and the largest change of a block: what encoders make of copies of one frame (x264, CRF 18-28) is below."""

LEAST_LARGEST, MOST_LARGEST = 2.0, 3.0
"""Change of one block, of 255: below lies the rounding of thumbnails, above what an eye can see in a flat field."""

LEAST_MEAN = 0.15
"""Mean change, of 255: noise of a live picture is above 0.2 unless the encoder took all of it away."""

SETTLING_SHARE, SETTLING_FRAMES = 0.25, 2
"""So much of the shot's motion, at most, is left in the first and last few steps of a freeze: encoders sharpen a
picture after it has stopped, and let a coming one shine through."""

AROUND_S = 0.5
"""Motion is judged over so much before and after."""

FEWEST_MOVING_FRAMES = 4
"""Around a freeze, on the side that moves."""

ABRUPT_SHARE = 0.4
"""The step next to a freeze is at least this share of the median one: what comes to rest by itself slows down."""

WHOLE_SHARE = 0.3
"""Blocks that move when the camera does; the rest is sky and walls."""

PARTIAL_SHARE = 0.03
"""Blocks that move when a person does; less may be a blink."""

ONLY_LIGHT = 0.999
"""Correlation of grey values, from which on two frames differ in brightness alone: a fade is no motion. Photos before
a drifting camera stay below 0.998."""

LEAST_CONTRAST = 8.0
"""Standard deviation of grey values, of 255: a plain picture is a pause between pictures."""

SAME_PLACE = 0.4
"""Overlap of what moved before and after, over what moved at either time: who stood still goes on in his place."""

USUAL_REPEATS = 3.0
"""Times the usual display of a frame of this shot: below, it is a slow cadence."""

MOST_COMPARED = 90
"""Frames compared with each other for the largest difference; of longer freezes every second, third ... one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeFrame:
    """Frames [first, after) show one picture."""

    first: int
    after: int
    largest_difference: float
    """Mean absolute difference between the two that differ most, [0, 255]."""


class _Side(Enum):
    MOVES = "moves"  # the whole picture
    PARTLY = "partly"
    NOTHING = "nothing"  # the shot begins or ends here
    OTHER = "other"


def find_freezes(steps: Steps, start: int, end: int, *, is_over: bool) -> list[FreezeFrame]:
    """Freezes within the shot of rows [start, end) that nothing to come can change; `is_over`: no row will follow."""
    still = _still(steps, start, end)
    found = []
    for first, after in _runs(still[start:end]):
        freeze = (start + first - 1, start + after)
        known_s = steps.end_s[end - 1] - steps.end_s[freeze[1] - 1]
        if (is_over or known_s >= AROUND_S) and _is_freeze(steps, start, end, freeze, still):
            rows = range(*freeze)
            found.append(FreezeFrame(first=rows[0], after=rows[-1] + 1, largest_difference=_furthest(steps, rows)))
    return found


def _still(steps: Steps, start: int, end: int) -> npt.NDArray[np.bool_]:
    """(n,) True for rows of [start + 1, end) that show the picture of the row before, up to this shot's own noise."""
    still = np.zeros(len(steps), np.bool_)
    settling = np.zeros(len(steps), np.bool_)
    largest, mean = steps.largest[start + 1 : end], steps.difference[start + 1 : end]
    moves = largest > MOST_LARGEST
    if moves.sum() >= FEWEST_MOVING_FRAMES:
        largest_noise = np.clip(NOISE_SHARE * np.median(largest[moves]), LEAST_LARGEST, MOST_LARGEST)
        mean_noise = max(NOISE_SHARE * float(np.median(mean[moves])), LEAST_MEAN)
        still[start + 1 : end] = (largest <= largest_noise) & (mean <= mean_noise)
        bounds = (SETTLING_SHARE * np.median(values[moves]) for values in (largest, mean))
        settling[start + 1 : end] = (largest <= next(bounds)) & (mean <= next(bounds))
    for first, after in _runs(still):
        for row in range(first - 1, max(first - 1 - SETTLING_FRAMES, start), -1):
            if not settling[row]:
                break
            still[row] = True
        for row in range(after, min(after + SETTLING_FRAMES, end)):
            if not settling[row]:
                break
            still[row] = True
    return still


def _is_freeze(steps: Steps, start: int, end: int, freeze: tuple[int, int], still: npt.NDArray[np.bool_]) -> bool:
    first, after = freeze
    length_s = steps.end_s[after - 1] - steps.pts_s[first]
    if after - first < FEWEST_FRAMES or length_s < SHORTEST_S - 1e-6:
        return False
    middle = steps.thumbnail[(first + after) // 2]
    if luma(middle).std() < LEAST_CONTRAST:
        return False
    settled = (min(first + SETTLING_FRAMES, after - 1), max(after - 1 - SETTLING_FRAMES, first))
    if max(block_change(steps.thumbnail[row], middle).max() for row in settled) > 2 * MOST_LARGEST:
        return False  # it creeps
    before_rows = _moving_rows(steps, start + 1, first + 1, still, backwards=True)
    after_rows = _moving_rows(steps, after, end, still, backwards=False)
    for rows in (before_rows, after_rows):
        if len(rows) >= 2 and length_s < USUAL_REPEATS * float(np.median(np.abs(np.diff(steps.pts_s[rows])))):
            return False
    sides = (
        _side(steps, before_rows, first, is_edge=first == start),
        _side(steps, after_rows, after, is_edge=after == end),
    )
    if _Side.MOVES in sides:
        return all(side in (_Side.MOVES, _Side.NOTHING, _Side.PARTLY) for side in sides)
    return sides == (_Side.PARTLY, _Side.PARTLY) and _same_place(steps, before_rows, after_rows)


def _moving_rows(steps: Steps, first: int, after: int, still: npt.NDArray[np.bool_], *, backwards: bool) -> list[int]:
    """Rows of [first, after) that changed, nearest to the freeze first, up to AROUND_S from it."""
    rows = range(after - 1, first - 1, -1) if backwards else range(first, after)
    if not rows:
        return []
    near = [row for row in rows if abs(steps.pts_s[row] - steps.pts_s[rows[0]]) <= AROUND_S]
    return [row for row in near if not still[row]]


def _side(steps: Steps, rows: list[int], border: int, *, is_edge: bool) -> _Side:
    if is_edge:
        return _Side.NOTHING
    if len(rows) < FEWEST_MOVING_FRAMES or rows[0] != border:
        return _Side.OTHER
    if steps.difference[rows[0]] < ABRUPT_SHARE * np.median(steps.difference[rows]):
        return _Side.OTHER
    share = min(float(np.median(steps.moved_share[rows])), float(steps.moved_share[rows[0]]) / ABRUPT_SHARE)
    if share >= WHOLE_SHARE:
        near, far = (luma(steps.thumbnail[row]) for row in (border, rows[FEWEST_MOVING_FRAMES - 1]))
        return _Side.MOVES if correlation(near, far) < ONLY_LIGHT else _Side.OTHER
    return _Side.PARTLY if share >= PARTIAL_SHARE else _Side.OTHER


def _same_place(steps: Steps, before_rows: list[int], after_rows: list[int]) -> bool:
    before, after = (_moved(steps, rows[:FEWEST_MOVING_FRAMES]) for rows in (before_rows, after_rows))
    return bool((before & after).sum() >= SAME_PLACE * (before | after).sum())


def _moved(steps: Steps, rows: list[int]) -> npt.NDArray[np.bool_]:
    changes = [block_change(steps.thumbnail[row - 1], steps.thumbnail[row]) >= MOVED_DIFFERENCE for row in rows]
    moved: npt.NDArray[np.bool_] = np.any(changes, axis=0)
    return moved


def _furthest(steps: Steps, rows: range) -> float:
    step = -(-len(rows) // MOST_COMPARED)
    pictures = steps.thumbnail[rows.start : rows.stop : step].astype(np.int16)
    return max(
        float(np.abs(pictures[k + 1 :] - pictures[k]).mean(axis=(1, 2, 3)).max()) for k in range(len(pictures) - 1)
    )


def _runs(flags: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Half-open runs of True.

    >>> _runs(np.array([0, 1, 1, 0, 1], bool))
    [(1, 3), (4, 5)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(first), int(after)) for first, after in edges.reshape(-1, 2)]
