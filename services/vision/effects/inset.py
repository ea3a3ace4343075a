"""Rectangles that stay on the screen while the picture behind them moves: inserted pictures and stuck-on graphics."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.vision.effects.bars import Pictures
from services.vision.effects.split import Greys

EDGE_STEP = 8.0
"""Of 255, across a side of the rectangle."""

SEEN_SHARE = 0.7
"""Of the samples in which a point of a side is seen: what moves behind it may have its colour for a while."""

SIDE_SHARE = 0.85
"""Of each side that is seen so often."""

LEAST_SIDE, MOST_SIDE = 0.15, 0.7
"""Of the picture's width or height."""

MOVING_STD = 5.0
"""Standard deviation over time, of 255, of a point that moves."""

BEHIND_SHARE = 0.5
"""Of the picture around the rectangle that moves; else nothing tells a thing on the screen from one in the scene."""

RING_SHARE = 0.5
"""Likewise right beside the rectangle."""

OWN_SHARE = 0.1
"""Of an inserted picture that moves."""

LINES_TRIED = 10
"""Columns and rows that stand out most: within texture every line is long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rectangle:
    """Columns [left, right) and rows [top, bottom)."""

    left: int
    top: int
    right: int
    bottom: int


def find_inset(pictures: Pictures, greys: Greys) -> Rectangle | None:
    """The picture in the picture, if all samples show one before a picture that moves as a whole."""
    if len(greys) < 4 or min(greys.shape[1:]) < 48:
        return None
    deviation = greys.std(axis=0)
    if (deviation >= MOVING_STD).mean() < BEHIND_SHARE:
        return None
    upright, level = _seen(steps_along(pictures, axis=2)), _seen(steps_along(pictures, axis=1))
    columns, rows = _long_lines(upright), _long_lines(level.T)
    best: tuple[float, Rectangle] | None = None
    for left, right in _pairs(columns, upright.shape[1] + 1):
        for top, bottom in _pairs(rows, level.shape[0] + 1):
            box = Rectangle(left=left, top=top, right=right, bottom=bottom)
            score = _sides(upright, level, box)
            if score >= SIDE_SHARE and (best is None or score > best[0]) and _stands_before(deviation, box):
                best = (score, box)
    return best[1] if best else None


def steps_along(pictures: Pictures, *, axis: int) -> npt.NDArray[np.int16]:
    """Change from pixel to pixel along an axis of (n, height, width, 3), of the channel that changes most."""
    steps = np.abs(np.diff(pictures.astype(np.int16), axis=axis))
    largest: npt.NDArray[np.int16] = np.maximum(np.maximum(steps[..., 0], steps[..., 1]), steps[..., 2])
    return largest


def _seen(steps: npt.NDArray[np.int16]) -> npt.NDArray[np.bool_]:
    """Where a step of EDGE_STEP is seen in SEEN_SHARE of the samples."""
    seen: npt.NDArray[np.bool_] = (steps >= EDGE_STEP).mean(axis=0) >= SEEN_SHARE
    return seen


def _long_lines(seen: npt.NDArray[np.bool_]) -> list[int]:
    """First columns behind the upright lines that are seen along LEAST_SIDE of the height and stand out."""
    lengths = seen.sum(axis=0).astype(np.float64)
    padded = np.pad(lengths, 3, mode="edge")
    around = (padded[:-6] + padded[1:-5] + padded[5:-1] + padded[6:]) / 4
    standing_out = lengths - around
    order = [int(column) for column in np.argsort(-standing_out)[:LINES_TRIED]]
    return sorted(column + 1 for column in order if lengths[column] >= LEAST_SIDE * seen.shape[0])


def _pairs(lines: list[int], count: int) -> list[tuple[int, int]]:
    return [(a, b) for a in lines for b in lines if LEAST_SIDE * count <= b - a <= MOST_SIDE * count]


def _sides(upright: npt.NDArray[np.bool_], level: npt.NDArray[np.bool_], box: Rectangle) -> float:
    """The share of the side that is seen least; of each, its outer pixels aside."""
    rows, columns = slice(box.top + 1, box.bottom - 1), slice(box.left + 1, box.right - 1)
    sides = [upright[rows, at - 1] for at in (box.left, box.right)] + [
        level[at - 1, columns] for at in (box.top, box.bottom)
    ]
    return min(float(side.mean()) for side in sides)


def _stands_before(deviation: Greys, box: Rectangle) -> bool:
    """The picture around moves, right up to the rectangle, and so does what is in it."""
    moving = deviation >= MOVING_STD
    inside = np.zeros(moving.shape, np.bool_)
    inside[box.top : box.bottom, box.left : box.right] = True
    ring = np.zeros(moving.shape, np.bool_)
    ring[max(box.top - 4, 0) : box.bottom + 4, max(box.left - 4, 0) : box.right + 4] = True
    ring[max(box.top - 1, 0) : box.bottom + 1, max(box.left - 1, 0) : box.right + 1] = False
    core = moving[box.top + 2 : box.bottom - 2, box.left + 2 : box.right - 2]
    return bool(
        moving[~inside].mean() >= BEHIND_SHARE and moving[ring].mean() >= RING_SHARE and core.mean() >= OWN_SHARE
    )
