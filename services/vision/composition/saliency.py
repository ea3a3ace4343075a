"""The one thing that stands out from a picture by its colour and brightness, where there is one.

Frequency-tuned saliency: Achanta, Hemami, Estrada and Susstrunk, "Frequency-tuned Salient Region Detection", CVPR 2009.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from services.vision.percepts.objects import Edges

LONG_SIDE_PX = 128
"""Of the frame it is looked for in: its edges are as coarse as a pixel of that."""

THRESHOLD = 2.0
"""Of the mean saliency, from which on a pixel belongs to a region; the paper's own."""

STANDS_OUT = 4.0
"""How much more salient than all else a region must be. The largest regions of noise, grass, gravel and brick, where
nothing is the subject, reach 2.9; a red disc on grey reaches 30."""

MAIN_SHARE = 2 / 3
"""Of the saliency of all regions, what it must hold: twice as much as all others. Two equal ones are no subject."""

LEAST_SHARE = 0.005
"""Of the picture: a smaller region is a glint or a letter."""


def standing_out(rgb: npt.NDArray[np.uint8]) -> Edges | None:
    """Box around the salient region of a (height, width, 3) picture; None where none stands out from the rest."""
    import cv2

    saliency = saliency_map(rgb)
    if not saliency.any():
        return None
    mask = (saliency >= THRESHOLD * saliency.mean()).astype(np.uint8)
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(mask)
    if count < 2:
        return None
    sums = np.bincount(labels.ravel(), weights=saliency.ravel(), minlength=count)
    main = 1 + int(sums[1:].argmax())
    inside, size = labels == main, int(statistics[main, cv2.CC_STAT_AREA])
    others = (sums.sum() - sums[main]) / max(saliency.size - size, 1)
    if size < LEAST_SHARE * saliency.size or sums[main] < MAIN_SHARE * sums[1:].sum():
        return None
    return _box(inside) if sums[main] / size >= STANDS_OUT * others else None


def saliency_map(rgb: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """(h, w) at LONG_SIDE_PX: distance in CIELAB of each slightly blurred pixel from the mean colour."""
    import cv2

    height, width = rgb.shape[:2]
    scale = min(1.0, LONG_SIDE_PX / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    lab = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2LAB), dtype=np.float64)
    offsets = cv2.GaussianBlur(lab, (5, 5), 0) - lab.reshape(-1, 3).mean(axis=0)
    return np.asarray(np.sqrt((offsets**2).sum(axis=2)))


def _box(inside: npt.NDArray[np.bool_]) -> Edges:
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    height, width = inside.shape
    return columns[0] / width, rows[0] / height, (columns[-1] + 1) / width, (rows[-1] + 1) / height
