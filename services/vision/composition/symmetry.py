"""How much a picture is like its own mirror image."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

SIDE_PX = 64
"""The picture is squeezed to this square: leaves and grain do not count, masses do."""

LEAST_CONTRAST = 0.01
"""Grey levels; a picture with less is plain but for rounding."""


def symmetry(grey: npt.NDArray[np.uint8]) -> float:
    """[-1, 1]: correlation of (height, width) grey values with their left-right mirror image; 1 for a plain picture."""
    import cv2

    small = cv2.resize(grey.astype(np.float64), (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
    offsets = np.asarray(small) - small.mean()
    energy = float((offsets * offsets).mean())
    return float((offsets * offsets[:, ::-1]).mean()) / energy if energy > LEAST_CONTRAST**2 else 1.0
