"""What a thing looks like, as far as colours go: enough to tell a like thing in the same place from another one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Appearance = npt.NDArray[np.float64]
"""(n,) square roots of the shares of the cells of a colour histogram; two of them have a cosine."""

HUE_CELLS, SATURATION_CELLS, VALUE_CELLS = 12, 4, 6
"""Fine enough to tell red from orange; coarse enough for a change of light."""

INSET = 0.1
"""Share of the box left out on each side: what lies there is mostly background."""

LONGEST_SIDE_PX = 64
"""Larger boxes are thinned out: a histogram needs no more pixels."""


def appearance_of(frame: npt.NDArray[np.uint8], box: npt.NDArray[np.float64]) -> Appearance:
    """Of a box (left, top, right, bottom in [0, 1]) in an RGB frame (height, width, 3)."""
    import cv2

    height, width = frame.shape[:2]
    left, top, right, bottom = box
    inset_x, inset_y = (right - left) * INSET, (bottom - top) * INSET
    columns = _range(left + inset_x, right - inset_x, width)
    rows = _range(top + inset_y, bottom - inset_y, height)
    crop = np.ascontiguousarray(frame[rows][:, columns])
    hsv = cv2.cvtColor(crop, cv2.COLOR_RGB2HSV)
    counts = cv2.calcHist(
        [hsv], [0, 1, 2], None, [HUE_CELLS, SATURATION_CELLS, VALUE_CELLS], [0, 180, 0, 256, 0, 256]
    ).ravel()
    shares: Appearance = np.sqrt(counts.astype(np.float64) / counts.sum())
    return shares


def likeness(one: Appearance, other: Appearance) -> float:
    """[0, 1]: 1 for the same colours in the same shares, 0 for none in common (the Bhattacharyya coefficient)."""
    return float(one @ other)


def _range(start: float, end: float, size_px: int) -> slice:
    first = min(int(start * size_px), size_px - 1)
    last = max(int(np.ceil(end * size_px)), first + 1)
    return slice(first, last, max(1, (last - first) // LONGEST_SIDE_PX))
