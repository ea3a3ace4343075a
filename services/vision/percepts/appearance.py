"""What a thing looks like, as far as colours go: enough to tell a like thing in the same place from another one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Appearance = npt.NDArray[np.float64]
"""(n,) square roots of the shares of the cells of colour histograms, one for each field; two of them have a cosine."""

HUE_CELLS, SATURATION_CELLS, VALUE_CELLS = 12, 4, 8
"""Fine enough to tell red from orange; coarse enough for a change of light."""

ROW_COUNT, COLUMN_COUNT = 4, 2
"""Fields of the box that are looked at apart: in black and white, places tell more than shades."""

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
    hsv = cv2.cvtColor(np.ascontiguousarray(frame[rows][:, columns]), cv2.COLOR_RGB2HSV)
    fields = [field for row in _split(hsv, ROW_COUNT, 0) for field in _split(row, COLUMN_COUNT, 1)]
    counts = np.stack([_histogram(field) for field in fields])
    shares: Appearance = np.sqrt(counts / counts.sum(axis=1, keepdims=True) / len(fields)).ravel()
    return shares


def likeness(one: Appearance, other: Appearance) -> float:
    """[0, 1]: 1 for the same colours in the same shares, 0 for none in common (the Bhattacharyya coefficient)."""
    return float(one @ other)


def _range(start: float, end: float, size_px: int) -> slice:
    first = min(int(start * size_px), size_px - 1)
    last = max(int(np.ceil(end * size_px)), first + 1)
    return slice(first, last, max(1, (last - first) // LONGEST_SIDE_PX))


def _split(pixels: npt.NDArray[np.uint8], count: int, axis: int) -> list[npt.NDArray[np.uint8]]:
    """`count` equal pieces along an axis; of fewer pixels than that, some come twice."""
    size = pixels.shape[axis]
    edges = [(size * k // count, max(size * (k + 1) // count, size * k // count + 1)) for k in range(count)]
    return [pixels.take(range(first, last), axis=axis) for first, last in edges]


def _histogram(hsv: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    hue, saturation, value = (hsv[..., channel].astype(np.intp).ravel() for channel in range(3))
    # The hue of a nearly grey pixel is noise.
    coloured = saturation >= 256 // SATURATION_CELLS
    cell = hue * HUE_CELLS // 180 * coloured
    cell = (cell * SATURATION_CELLS + saturation * SATURATION_CELLS // 256) * VALUE_CELLS + value * VALUE_CELLS // 256
    return np.bincount(cell, minlength=HUE_CELLS * SATURATION_CELLS * VALUE_CELLS).astype(np.float64)
