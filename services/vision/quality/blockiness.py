"""How visible the 8x8 blocks of a codec are: steps across their borders against steps within them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

BLOCK_PX = 8
"""Of JPEG, MPEG-2 and MPEG-4; H.264's and HEVC's borders of 4 and up to 64 px fall on the same lines, if smoothed."""

LEAST_STEP = 0.01
"""Mean step, grey levels, that blocks without anything inside are taken to have: a picture of plain tiles has a finite
blockiness."""


def blockiness(grey: npt.NDArray[np.uint8], *, first_column_px: int = 0, first_row_px: int = 0) -> float | None:
    """Mean absolute difference of neighbours across borders over that within blocks, both directions; 1 = no blocks.

    (height, width) grey values in the picture's native size. `first_column_px` and `first_row_px`, [0, 7], say where
    the first border lies, if the picture was turned. None for pictures without a border inside; 1 for plain ones.
    """
    across, within = np.zeros(2), np.zeros(2)
    for axis, first_px in ((1, first_column_px), (0, first_row_px)):
        steps = _steps(grey, axis)
        # Step k lies between lines k and k + 1 of the picture.
        on_border = (np.arange(1, len(steps) + 1) - first_px) % BLOCK_PX == 0
        across += steps[on_border].sum(), on_border.sum()
        within += steps[~on_border].sum(), (~on_border).sum()
    if not across[1] or not within[1]:
        return None
    return float(max(across[0] / across[1], LEAST_STEP) / max(within[0] / within[1], LEAST_STEP))


def _steps(grey: npt.NDArray[np.uint8], axis: int) -> npt.NDArray[np.float64]:
    """(lines - 1,): mean absolute difference between each row (axis 0) or column (axis 1) and the next."""
    import cv2

    if grey.shape[axis] < 2:
        return np.zeros(0)
    one, other = (grey[1:], grey[:-1]) if axis == 0 else (grey[:, 1:], grey[:, :-1])
    sums = cv2.reduce(cv2.absdiff(one, other), 1 - axis, cv2.REDUCE_SUM, dtype=cv2.CV_32S)
    means: npt.NDArray[np.float64] = np.asarray(sums, dtype=np.float64).ravel() / grey.shape[1 - axis]
    return means
