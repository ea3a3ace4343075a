"""Split screens: straight seams across the whole picture, with something else going on at either side."""

from __future__ import annotations

from itertools import pairwise
from math import ceil, floor

import numpy as np
import numpy.typing as npt

from services.vision.effects.flash import correlation

Greys = npt.NDArray[np.float32]
"""(n, height, width) grey values of n samples, [0, 255]."""

PARTITIONS = ((1 / 2,), (1 / 3, 2 / 3))
"""Where editors put seams, of the picture's side: halves and thirds, all of them there. A straight line elsewhere is
taken for a thing of the scene."""

PLACE_SLACK = 0.006
"""Of the side: a pixel or two at 256 px."""

SEAM_STEP = 8.0
"""Of 255, across the seam."""

SEAM_SHARE = 0.85
"""Of the seam's length at which the step is seen in SEEN_SHARE of the samples: pictures may meet in a colour."""

SEEN_SHARE = 0.4

EACH_SHARE = 0.6
"""Of the seam's length at which it is seen in each single sample."""

SHARP_RATIO = 2.0
"""The mean step across a seam over that of any line NEAR_PX to either side, the next ones aside. Photos cut together
reach 2.5 and more, lines within a photo about 1."""

NEAR_PX = 9

MOST_CONTINUED = 0.45
"""Correlation, along the seam, of what lies on its two sides; a line within a scene has the same things on both."""

MOST_CROSSING = 0.4
"""Correlation, along the seam, of what changes from sample to sample on its two sides: nothing passes over a seam."""

TOGETHER_PX, PANNED_PX = 1.5, 2.0
"""Neighbours that shift by PANNED_PX and more from sample to sample, and by the same up to TOGETHER_PX, are one scene:
a horizon stays in its place while the camera pans along it."""

ALONG_PX = 15
"""Window whose mean is taken off before that: light and shade across the picture do not count."""

MOVING_STD = 3.0
"""Standard deviation over time, of 255, of a point that moves."""

MOVING_SHARE = 0.05
"""Of the points of each side that move."""

LEAST_TEXTURE = 3.0
"""Standard deviation, of 255, of either side's line beside the seam: of two plain faces nothing can be told."""

PASSING_SHARE = 0.25
"""Of the points beside the seam, on at least one side, that move while it stays: a wall's edge has a still wall beside
it, or moves with it."""

LONE_RATIO, LONE_SHARE = 6.0, 0.95
"""Before still cameras nothing may move beside a seam. There, the step is this many times that of any line near it, and
is seen along so much of the seam in every single sample: frames of doors and windows have two edges and more, and no
camera stands so straight that a wall's edge stays within a pixel from top to bottom, in the very middle."""


def find_seams(greys: Greys) -> tuple[list[int], list[int]]:
    """(columns, rows) at which a new picture begins; both empty if the screen is not split."""
    if len(greys) < 3 or min(greys.shape[1:]) < 32:
        return [], []
    moving = greys.std(axis=0) >= MOVING_STD
    columns = _seams(greys, moving)
    rows = _seams(greys.transpose(0, 2, 1), moving.T)
    return columns, rows


def _seams(greys: Greys, moving: npt.NDArray[np.bool_]) -> list[int]:
    """First columns of the pictures on the right of a seam."""
    for places in PARTITIONS:
        found = [column for place in places for column in _seam_near(greys, moving, place)]
        if len(found) == len(places) and _all_sides_move(moving, found) and not _move_together(greys, found):
            return found
    return []


def _seam_near(greys: Greys, moving: npt.NDArray[np.bool_], place: float) -> list[int]:
    """The seam there as a list of one, or empty."""
    width = greys.shape[2]
    near = range(ceil(width * (place - PLACE_SLACK)), floor(width * (place + PLACE_SLACK)) + 1)
    columns = [column for column in near if NEAR_PX <= column <= width - NEAR_PX and _is_sharp(greys, column)]
    if not columns:
        return []
    column = max(columns, key=lambda column: float(_step(greys, column).mean()))
    if not _parts(greys, column):
        return []
    passing = max(moving[:, column - 3].mean(), moving[:, column + 2].mean())
    return [column] if passing >= PASSING_SHARE or _is_alone(greys, column) else []


def _step(greys: Greys, column: int) -> Greys:
    """(n, height): change across the seam; one mixed column is skipped."""
    step: Greys = np.abs(greys[:, :, column] - greys[:, :, column - 1])
    return step


def _is_sharp(greys: Greys, column: int) -> bool:
    seen = _seen(greys, column)
    if (seen.mean(axis=0) >= SEEN_SHARE).mean() < SEAM_SHARE or seen.mean(axis=1).min() < EACH_SHARE:
        return False
    return _sharpness(greys, column) >= SHARP_RATIO


def _is_alone(greys: Greys, column: int) -> bool:
    return bool(_seen(greys, column).mean(axis=1).min() >= LONE_SHARE and _sharpness(greys, column) >= LONE_RATIO)


def _seen(greys: Greys, column: int) -> npt.NDArray[np.bool_]:
    """(n, height) where the two sides differ."""
    seen: npt.NDArray[np.bool_] = np.abs(greys[:, :, column + 1] - greys[:, :, column - 2]) >= SEAM_STEP
    return seen


def _sharpness(greys: Greys, column: int) -> float:
    """The mean step across the seam over the largest one near it, a line on either side of it left out."""
    near = greys[:, :, max(column - NEAR_PX, 0) : column + NEAR_PX]
    steps = np.abs(np.diff(near, axis=2)).mean(axis=(0, 1))
    seam = min(column, NEAR_PX) - 1
    others = np.concatenate([steps[: max(seam - 2, 0)], steps[seam + 3 :]])
    return float(steps[seam] / max(others.max(), np.finfo(np.float32).tiny))


def _parts(greys: Greys, column: int) -> bool:
    """What lies left and right of the seam has nothing to do with each other."""
    sides = [greys[:, :, at] for at in (column - 3, column + 2)]
    if correlation(*(np.abs(np.diff(side, axis=0)) for side in sides)) > MOST_CROSSING:
        return False
    left, right = (_without_shade(side) for side in sides)
    if min(left.std(), right.std()) < LEAST_TEXTURE:
        return False
    return bool(correlation(left, right) <= MOST_CONTINUED)


def _without_shade(profiles: Greys) -> Greys:
    """(n, length) minus a running mean along the length."""
    kernel = np.ones(ALONG_PX) / ALONG_PX
    padded = np.pad(profiles, ((0, 0), (ALONG_PX // 2, ALONG_PX // 2)), mode="edge")
    means = np.stack([np.convolve(line, kernel, mode="valid") for line in padded])
    plain: Greys = (profiles - means).astype(np.float32)
    return plain


def _all_sides_move(moving: npt.NDArray[np.bool_], seams: list[int]) -> bool:
    edges = [0, *sorted(seams), moving.shape[1]]
    return all(moving[:, a:b].mean() >= MOVING_SHARE for a, b in pairwise(edges))


def _move_together(greys: Greys, seams: list[int]) -> bool:
    """Some two neighbours are shifted alike by a camera that moves."""
    edges = [0, *sorted(seams), greys.shape[2]]
    shifts = [_shifts(greys[:, :, a:b]) for a, b in pairwise(edges)]
    return any(
        np.median(np.hypot(*one.T)) >= PANNED_PX and np.median(np.hypot(*(one - other).T)) <= TOGETHER_PX
        for one, other in pairwise(shifts)
    )


def _shifts(greys: Greys) -> npt.NDArray[np.float64]:
    """(n - 1, 2) pixels to the right and down from sample to sample."""
    import cv2

    window = cv2.createHanningWindow((greys.shape[2], greys.shape[1]), cv2.CV_32F)
    pairs = pairwise(np.ascontiguousarray(each) for each in greys)
    return np.array([cv2.phaseCorrelate(one, other, window)[0] for one, other in pairs])
