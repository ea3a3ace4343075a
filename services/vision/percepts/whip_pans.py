"""Tells a camera that is flung around from a cut: the picture shifts as a whole, and goes on shifting."""

from __future__ import annotations

from itertools import product

import numpy as np
import numpy.typing as npt

SAME_PICTURE = 0.8
"""Correlation of what two frames share, [-1, 1], from which on one is the other shifted. Over made whip pans over
photos, blurred and not, it was 0.85 or more; at their best shift, two frames on either side of a cut reached 0.71."""

BETTER_BY = 0.1
"""More than without a shift by this, or the picture stands still."""

LEAST_SHIFT_PX = 2
"""Of 48 across: a slower camera deceives no shot detector."""

SHARED_SHARE = 0.35
"""Of the picture, that both frames must show."""

ASIDE_PX = 3
"""A whip pan goes along one axis, but for this."""

STEADY_FACTOR = 3.0
"""Between two steps of a whip pan speed changes less; a cut between two views of one scene is a single step."""

Small = npt.NDArray[np.uint8]
Shift = tuple[int, int]


def is_whip(small: Small, row: int) -> bool:
    """Whether the change to `row` of (n, 27, 48, 3) is a step of a whip pan.

    A transition in which one picture pushes the other out within a few frames looks the same, and is taken for one.
    """
    here = shift_between(small[row - 1], small[row])
    if here is None:
        return False
    around = [(row - 2, row - 1), (row, row + 1)]
    steps = [shift_between(small[one], small[other]) for one, other in around if one >= 0 and other < len(small)]
    return any(step is not None and _goes_on(here, step) for step in steps)


def shift_between(one: Small, other: Small) -> Shift | None:
    """Where the picture went, x to the right and y down, in pixels; None if it did not, or shows something else."""
    before, after = one.astype(np.float32), other.astype(np.float32)
    least = _likeness(before, after, (0, 0)) + BETTER_BY
    if least >= 1.0:
        return None
    likeness, shift = max((_likeness(before, after, shift), shift) for shift in _shifts(*one.shape[:2]))
    return shift if likeness >= max(SAME_PICTURE, least) else None


def _shifts(height: int, width: int) -> list[Shift]:
    """All that leave enough in common, along one axis."""
    return [
        (x, y)
        for x, y in product(range(-width + 1, width), range(-height + 1, height))
        if min(abs(x), abs(y)) <= ASIDE_PX
        and max(abs(x), abs(y)) >= LEAST_SHIFT_PX
        and (width - abs(x)) * (height - abs(y)) >= SHARED_SHARE * width * height
    ]


def _likeness(before: npt.NDArray[np.float32], after: npt.NDArray[np.float32], shift: Shift) -> float:
    """Correlation of what both frames show, [-1, 1], each channel about its own mean; 0 for flat pictures."""
    (x, y), (height, width) = shift, before.shape[:2]
    left = before[max(-y, 0) : height - max(y, 0), max(-x, 0) : width - max(x, 0)]
    right = after[max(y, 0) : height - max(-y, 0), max(x, 0) : width - max(-x, 0)]
    left, right = left - left.mean(axis=(0, 1)), right - right.mean(axis=(0, 1))
    lengths = float(np.vdot(left, left)) * float(np.vdot(right, right))
    return float(np.vdot(left, right)) / lengths**0.5 if lengths > 0 else 0.0


def _goes_on(one: Shift, other: Shift) -> bool:
    """Two steps in one direction, neither much longer."""
    lengths = sorted((max(map(abs, one)), max(map(abs, other))))
    return one[0] * other[0] + one[1] * other[1] > 0 and lengths[1] <= STEADY_FACTOR * lengths[0]
