"""Whether the subject is in sharper focus than what is around it: a cue of depth."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from services.vision.percepts.objects import Edges

FINE_PX, COARSE_PX = 0.7, 2.8
"""Blurs, as standard deviations, at which gradients are compared: two octaves apart."""

EDGE_SHARE = 0.1
"""Of a region's pixels, those with the strongest coarse gradients are its edges."""

LEAST_SLOPE = 1.0
"""Grey levels per pixel that a region's edges must have at the coarse blur: a step by 7. Less is noise: a plain wall
says nothing of focus."""

LEAST_SHARE = 0.05
"""Of the frame, that subject and surroundings must fill each; less has too few edges."""


def subject_focus(grey: npt.NDArray[np.uint8], subject: Edges, others: Sequence[Edges] = ()) -> float | None:
    """log2 of the subject's edge sharpness over that of its surroundings; above 0 = the background is blurred.

    Sharpness of an edge is its gradient at a fine blur over that at a coarse one: how much there is to see, or how
    strong its contrast, cancels out. `others` are people beside the subject: they are no background. (height, width)
    grey values, about 640 px long. None where subject or surroundings are too small or too plain. Sharp letters laid
    over a blurred background are taken for a part of it.
    """
    inside, outside = _covered(grey.shape, [subject]), ~_covered(grey.shape, [subject, *others])
    if min(inside.mean(), outside.mean()) < LEAST_SHARE:
        return None
    fine, coarse = _gradient_energy(grey, FINE_PX), _gradient_energy(grey, COARSE_PX)
    own, other = _steepness(fine, coarse, inside), _steepness(fine, coarse, outside)
    return None if own is None or other is None else math.log2(own / other)


def _covered(shape: tuple[int, ...], boxes: Sequence[Edges]) -> npt.NDArray[np.bool_]:
    height, width = shape
    mask = np.zeros(shape, np.bool_)
    for left, top, right, bottom in boxes:
        rows = slice(max(0, round(top * height)), max(0, round(bottom * height)))
        mask[rows, max(0, round(left * width)) : max(0, round(right * width))] = True
    return mask


def _steepness(
    fine: npt.NDArray[np.float32], coarse: npt.NDArray[np.float32], region: npt.NDArray[np.bool_]
) -> float | None:
    strengths = coarse[region]
    count = max(1, round(EDGE_SHARE * len(strengths)))
    edges = np.argpartition(strengths, len(strengths) - count)[-count:]
    coarse_energy = float(strengths[edges].mean())
    if coarse_energy < LEAST_SLOPE**2:
        return None
    return math.sqrt(float(fine[region][edges].mean()) / coarse_energy)


def _gradient_energy(grey: npt.NDArray[np.uint8], blur_px: float) -> npt.NDArray[np.float32]:
    """Squared gradient after a blur, (grey levels per pixel)^2."""
    import cv2

    blurred = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), blur_px)
    to_the_right = cv2.Sobel(blurred, cv2.CV_32F, 1, 0, scale=1 / 8)
    down = cv2.Sobel(blurred, cv2.CV_32F, 0, 1, scale=1 / 8)
    return np.asarray(to_the_right * to_the_right + down * down, dtype=np.float32)
