"""Where a picture has something that can be followed: at most one corner in each cell of a grid."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]
"""(height, width) grey values."""

Points = npt.NDArray[np.float32]
"""(n, 2) x and y in pixels."""

CELL_COUNT = 160
"""Cells of the grid, about: one corner each, so that a caption cannot outvote the picture by its contrast."""

MIN_CELL_PX = 6
"""Corners nearer than this see the same pixels."""

BLOCK_PX = 5
"""Side of the patch whose gradients are summed."""

MIN_STRENGTH = 4.5e-4
"""Least eigenvalue of a corner, as OpenCV scales it; noise of four grey levels on a plain field stays below."""

MARGIN_PX = 2
"""A patch at the very border is half outside."""


def grid_corners(grey: Grey) -> Points:
    """The strongest corner (Shi and Tomasi) of each cell that has one, in no order; (0, 2) of a plain picture."""
    import cv2

    height, width = grey.shape
    cell = max(round((height * width / CELL_COUNT) ** 0.5), MIN_CELL_PX)
    rows, columns = height // cell, width // cell
    if rows == 0 or columns == 0:
        return np.empty((0, 2), np.float32)
    strength = cv2.cornerMinEigenVal(grey, BLOCK_PX, ksize=3)
    _clear_margin(strength)
    top, left = (height - rows * cell) // 2, (width - columns * cell) // 2
    cells = strength[top : top + rows * cell, left : left + columns * cell]
    cells = cells.reshape(rows, cell, columns, cell).swapaxes(1, 2).reshape(rows * columns, cell * cell)
    best = cells.argmax(axis=1)
    strong = np.flatnonzero(cells[np.arange(len(cells)), best] >= MIN_STRENGTH)
    y = top + strong // columns * cell + best[strong] // cell
    x = left + strong % columns * cell + best[strong] % cell
    return np.stack([x, y], axis=1).astype(np.float32)


def _clear_margin(strength: npt.NDArray[np.float32]) -> None:
    strength[:MARGIN_PX], strength[-MARGIN_PX:] = 0, 0
    strength[:, :MARGIN_PX], strength[:, -MARGIN_PX:] = 0, 0
