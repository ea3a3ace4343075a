"""Zoom punches: from one frame to the next the same content stands there larger or smaller."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from services.vision.effects.grade import end_of_jump, stands_out
from services.vision.effects.steps import Steps

LEAST_SCALE, MOST_SCALE = 1.05, 2.2
"""Size after over size before, or its inverse for a jump back; of less, handheld motion cannot be told."""

LEAST_STEP = 2.0
"""Mean change from frame to frame, of 255, below which nobody sees a jump."""

ABRUPT_RATIO = 2.5
"""How many times the median change around it: a lens that zooms changes the picture all the time."""

FEWEST_POINTS = 12
"""Points of both pictures that agree with one similarity; chance rarely brings more than 5 together."""

LEAST_AGREEING = 0.5
"""Of the matched points, those that agree."""

LEAST_SPREAD = 0.15
"""Share of the frame's area that the box around the agreeing points covers: a logo that grows is no zoom."""

MOST_ROTATION_DEG = 2.0
"""A punch does not turn the picture."""

AGREEMENT_PX = 2.0
"""Distance from the similarity up to which a point agrees, on a picture of 256 px."""

RATIO_TEST = 0.75
"""Lowe's: a match counts if the second best is so much further away."""

STEADY_FRAMES = 3
"""Before and after a punch, frames so far apart have about the same scale; a lens takes longer than that."""

STEADY_SHARE = 0.2
"""Of the punch's own scale (of its logarithm), up to which they do."""

REMAINING_SHARE = 0.6
"""Of the change that is left when the old picture is enlarged accordingly."""

MOST_POINTS = 300

Picture = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Punch:
    """The picture jumps over frames [first, after): the last of them is the first at the new scale."""

    first: int
    after: int
    scale: float
    """Size after over size before."""


def jumps(steps: Steps, first: int, until: int) -> list[tuple[int, int]]:
    """(first row, first row after) of jumps of any kind that begin in rows [first, until), to look at more closely."""
    found: list[tuple[int, int]] = []
    for row in range(max(first, 1), until):
        if found and row < found[-1][1]:
            continue
        if stands_out(steps.difference, row, LEAST_STEP, ABRUPT_RATIO):
            found.append((row, end_of_jump(steps.difference, row)))
    return found


def punch_scale(before: Sequence[Picture], after: Sequence[Picture]) -> float | None:
    """Size of the content after over that before; None if it is not a punch.

    `before` and `after` are the frames on either side of the jump, STEADY_FRAMES + 1 of each where there are as many,
    (height, width, 3) RGB in order of time.
    """
    scale = scale_between(before[-1], after[0])
    if scale is None or not all(_is_steady(side[0], side[-1], scale) for side in (before, after)):
        return None
    return scale


def scale_between(one: Picture, other: Picture) -> float | None:
    """Size of the content of `other` over that in `one`; None if they do not show the same at another scale."""
    import cv2

    matrix = _similarity(one, other)
    if matrix is None:
        return None
    scale = math.hypot(matrix[0, 0], matrix[1, 0])
    turned_deg = math.degrees(math.atan2(matrix[1, 0], matrix[0, 0]))
    if not LEAST_SCALE <= max(scale, 1 / scale) <= MOST_SCALE or abs(turned_deg) > MOST_ROTATION_DEG:
        return None
    height, width = one.shape[:2]
    moved = cv2.warpAffine(one, matrix, (width, height), flags=cv2.INTER_LINEAR)
    inside = cv2.warpAffine(np.full((height, width), 255, np.uint8), matrix, (width, height)) == 255
    left = np.abs(moved.astype(np.int16) - other)[inside].mean()
    raw = np.abs(one.astype(np.int16) - other)[inside].mean()
    return scale if left <= REMAINING_SHARE * raw else None


def _is_steady(one: Picture, other: Picture, scale: float) -> bool:
    if one is other:
        return True
    matrix = _similarity(one, other)
    if matrix is None:
        return False
    return abs(math.log(math.hypot(matrix[0, 0], matrix[1, 0]))) <= STEADY_SHARE * abs(math.log(scale))


def _similarity(one: Picture, other: Picture) -> npt.NDArray[np.float64] | None:
    """(2, 3) from the points of `one` to those of `other`; None if too few agree."""
    import cv2

    finder = cv2.SIFT.create(nfeatures=MOST_POINTS)
    (from_points, from_texts), (to_points, to_texts) = (_described(finder, picture) for picture in (one, other))
    if min(len(from_points), len(to_points)) < FEWEST_POINTS:
        return None
    nearest = cv2.BFMatcher(cv2.NORM_L2).knnMatch(from_texts, to_texts, k=2)
    pairs = [best for best, second in nearest if best.distance < RATIO_TEST * second.distance]
    if len(pairs) < FEWEST_POINTS:
        return None
    sources = np.array([from_points[pair.queryIdx] for pair in pairs], np.float32)
    targets = np.array([to_points[pair.trainIdx] for pair in pairs], np.float32)
    cv2.setRNGSeed(0)
    matrix, agreeing = cv2.estimateAffinePartial2D(
        sources, targets, method=cv2.RANSAC, ransacReprojThreshold=AGREEMENT_PX
    )
    if matrix is None:
        return None
    chosen = targets[agreeing.ravel() == 1]
    if len(chosen) < max(FEWEST_POINTS, LEAST_AGREEING * len(pairs)):
        return None
    if float(np.prod(np.ptp(chosen, axis=0))) < LEAST_SPREAD * one.shape[0] * one.shape[1]:
        return None
    return np.asarray(matrix, np.float64)


def _described(finder: Any, picture: Picture) -> tuple[npt.NDArray[np.float32], Any]:
    import cv2

    points, descriptors = finder.detectAndCompute(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), None)
    return np.array([point.pt for point in points], np.float32).reshape(-1, 2), descriptors
