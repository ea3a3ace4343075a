"""Where a point stands in the frame: near its centre, near a crossing of its thirds, or off both."""

from __future__ import annotations

import math

REACH = 1 / 12
"""Of the diagonal, up to which a point stands at a place: half the way from the centre to each crossing of thirds, so
that no point is at both."""

Shape = tuple[int, int]
"""height, width of the frame, px."""


def thirds_distance(point: tuple[float, float], shape: Shape) -> float:
    """From the nearest crossing of thirds, of the diagonal; the point in [0, 1] of the frame."""
    return min(_distance(point, (x, y), shape) for x in (1 / 3, 2 / 3) for y in (1 / 3, 2 / 3))


def centre_distance(point: tuple[float, float], shape: Shape) -> float:
    """From the centre, of the diagonal."""
    return _distance(point, (0.5, 0.5), shape)


def placement(from_thirds: float, from_centre: float) -> str:
    """`centred`, `on_thirds` or `off_grid`, by distances in diagonals."""
    if min(from_thirds, from_centre) > REACH:
        return "off_grid"
    return "centred" if from_centre <= from_thirds else "on_thirds"


def _distance(one: tuple[float, float], other: tuple[float, float], shape: Shape) -> float:
    height, width = shape
    return math.hypot((one[0] - other[0]) * width, (one[1] - other[1]) * height) / math.hypot(height, width)
