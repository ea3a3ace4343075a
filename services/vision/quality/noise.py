"""How much noise is in a picture, measured where it shows nothing else: in its flattest fields."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt

SECOND_DIFFERENCE = np.array([1.0, -2.0, 1.0], np.float32)
"""Applied along both axes it is Immerkaer's mask ("Fast Noise Variance Estimation", CVIU 64(2), 1996), which leaves
nothing of planes and ramps; white noise comes out of it with six times its deviation."""

MASK_GAIN = 6.0

FIELD_PX = 16
"""Side of a field: 256 values give its variance within about 15 %."""

FLAT_SHARE = 0.1
"""Of all fields, those with the weakest gradients are looked at. They are ranked by smoothed gradients and measured by
what smoothing removes, so that choosing the flattest does not choose the least noisy. Their median counts: up to half
of them may have texture after all."""

CLIPPED_LOW, CLIPPED_HIGH = 4, 251
"""Grey values at or beyond which noise is cut off, as in black bars: such fields count only if there are no others."""

WHOLLY_INSIDE = 255
"""Mean of a field's mask, rounded, if no pixel of it is clipped: a single one of 256 makes it 254."""

RELIEF_STEPS = 64.0
"""Parts of a grey level in which changes are averaged over a field, in 16 bits."""


MOST_SIGMA = 127.5
"""Half of the pixels black, half white."""

Number = TypeVar("Number", np.uint8, np.uint16, np.float32)


def noise_sigma(grey: npt.NDArray[np.uint8]) -> float:
    """Standard deviation, [0, 127.5] grey levels, of (height, width) grey values; 0 for pictures under FIELD_PX.

    Noise without memory from pixel to pixel, that is: what compression or scaling has smeared is measured as less. In
    a picture without a flat field (grass from edge to edge), fine texture counts as noise.
    """
    import cv2

    if min(grey.shape) < FIELD_PX:
        return 0.0
    fine = cv2.sepFilter2D(grey, cv2.CV_16S, SECOND_DIFFERENCE, SECOND_DIFFERENCE)
    energy = np.asarray(cv2.multiply(fine, fine, dtype=cv2.CV_32F), dtype=np.float32)
    variance = _by_field(energy).ravel() / MASK_GAIN**2
    relief = _by_field(_relief(cv2.blur(grey, (3, 3)))).ravel()
    inside = np.asarray(cv2.inRange(grey, CLIPPED_LOW + 1, CLIPPED_HIGH - 1), dtype=np.uint8)
    clipped = _by_field(inside).ravel() < WHOLLY_INSIDE
    if not clipped.all():
        variance, relief = variance[~clipped], relief[~clipped]
    count = max(1, round(FLAT_SHARE * len(relief)))
    flattest = np.argpartition(relief, count - 1)[:count]
    # A pattern that changes sign from pixel to pixel would pass for more noise than a picture can hold.
    return min(float(np.sqrt(np.median(variance[flattest]))), MOST_SIGMA)


def _relief(smooth: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint16]:
    """Of each pixel but the last two of its row and column: how much values change to the right and down."""
    import cv2

    to_the_right = cv2.absdiff(smooth[:-2, 2:], smooth[:-2, :-2])
    down = cv2.absdiff(smooth[2:, :-2], smooth[:-2, :-2])
    changes = cv2.addWeighted(to_the_right, RELIEF_STEPS, down, RELIEF_STEPS, 0.0, dtype=cv2.CV_16U)
    return np.asarray(cv2.copyMakeBorder(changes, 0, 2, 0, 2, cv2.BORDER_REPLICATE), dtype=np.uint16)


def _by_field(values: npt.NDArray[Number]) -> npt.NDArray[Number]:
    """The mean of each whole field, in the type of the values; the rest at the right and bottom is not looked at."""
    import cv2

    rows, columns = values.shape[0] // FIELD_PX, values.shape[1] // FIELD_PX
    whole = values[: rows * FIELD_PX, : columns * FIELD_PX]
    return np.asarray(cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA), dtype=values.dtype)
