"""Similarities of the plane (moved, turned, resized) as 3x3 matrices in pixels, and which of them points agree on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from services.vision.motion.corners import Points

Matrix = npt.NDArray[np.float64]
"""(3, 3), last row 0 0 1."""

AGREES_PX = 0.6
"""A point follows the whole if it ends this near to where the whole puts it; twice what following errs by."""

STILL_PX = 0.35
"""What moved less may be fixed to the screen, or to a camera that stands still."""

MOVED_PX = 1.0
"""What moved more did move."""

OUTVOTES = 1.5
"""How many moving points it takes for each still one to say that the camera moves and something is laid over it.

The still ones are a caption, a logo, a frame; or else they are the background, and what moves is a large subject.
"""

LEAST_POINTS = 10
"""Fewer do not say how a picture moves."""

SPREAD = 0.45
"""Of the picture's width and of its height, over which points must lie that say how the picture moves.

A subject before a plain wall, the only thing with texture, does not reach over so much of it.
"""

BAND_WIDTH, BAND_HEIGHT = 0.8, 0.2
"""Likewise, of a wide picture set into a tall one over its own blurred image."""

STILL_SPREAD = 0.25
"""Likewise, of points that say that nothing moves; a single line of text is lower."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A similarity, and who follows it."""

    matrix: Matrix
    follows: npt.NDArray[np.bool_]
    """(n,) points that do."""
    on_screen: npt.NDArray[np.bool_]
    """(n,) points that stand still while the picture moves: laid over it."""


def agreed(
    before: Points, after: Points, picture_px: tuple[int, int], expected: Points | None = None
) -> Agreement | None:
    """The motion most points agree on, each speaking for its cell; None where too few do, or all in one place.

    `picture_px` is the width and height of what has texture at all, bars not counted. `expected` (n, 2) is where a move
    that was going on would take the points: in one place or not, they may say that it does go on.
    """
    whole = _consensus(before, after, np.ones(len(before), bool))
    if whole is None:
        return None
    moved_px = np.linalg.norm(after - before, axis=1)
    moves = _median_px(before[whole.follows], after[whole.follows]) >= MOVED_PX
    still = (moved_px < STILL_PX) & ~whole.follows if moves else np.zeros(len(before), bool)
    goes_on = expected is not None and _median_px(expected[whole.follows], after[whole.follows]) < MOVED_PX
    reaches = goes_on or _reach(whole, before, after, picture_px)
    if reaches and whole.follows.sum() >= OUTVOTES * still.sum():
        return replace(whole, on_screen=still)
    # A subject moves; is there a background that does not?
    background = _consensus(before, after, still)
    return background if background is not None and _reach(background, before, after, picture_px) else None


def moved(matrix: Matrix, points: Points) -> Points:
    """(n, 2) where the (n, 2) points go."""
    return (points @ matrix[:2, :2].T + matrix[:2, 2]).astype(np.float32)


def scale_of(matrix: Matrix) -> float:
    """Size after over size before."""
    return float(np.hypot(matrix[0, 0], matrix[1, 0]))


def clockwise_deg_of(matrix: Matrix) -> float:
    """How far it turns, as the viewer counts it (y points down)."""
    return float(np.degrees(np.arctan2(matrix[1, 0], matrix[0, 0])))


def _consensus(before: Points, after: Points, among: npt.NDArray[np.bool_]) -> Agreement | None:
    """The similarity most of `among` follow, and all points that follow it."""
    import cv2

    if among.sum() < LEAST_POINTS:
        return None
    found, _ = cv2.estimateAffinePartial2D(
        before[among], after[among], method=cv2.RANSAC, ransacReprojThreshold=AGREES_PX, maxIters=500, confidence=0.995
    )
    if found is None or not np.isfinite(found).all():
        return None
    matrix = np.vstack([found, [0.0, 0.0, 1.0]])
    follows = np.linalg.norm(after - moved(matrix, before), axis=1) < AGREES_PX
    if follows.sum() < LEAST_POINTS:
        return None
    return Agreement(matrix=matrix, follows=follows, on_screen=np.zeros(len(before), bool))


def _reach(agreement: Agreement, before: Points, after: Points, picture_px: tuple[int, int]) -> bool:
    """Whether the points that agree lie all over the picture."""
    before, after = before[agreement.follows], after[agreement.follows]
    low, high = np.percentile(after, [5, 95], axis=0)
    wide, tall = (float(length) for length in (high - low) / picture_px)
    least = STILL_SPREAD if _median_px(before, after) < STILL_PX else SPREAD
    return min(wide, tall) >= least or (wide >= BAND_WIDTH and tall >= BAND_HEIGHT)


def _median_px(some: Points, others: Points) -> float:
    """Median distance of points that belong together."""
    return float(np.median(np.linalg.norm(others - some, axis=1)))
