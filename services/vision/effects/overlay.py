"""Graphics stuck on the screen: solid, hard-edged pixels that stay exactly as they are while all around moves."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from services.vision.effects.inset import Rectangle
from services.vision.effects.split import Greys

FEWEST_SAMPLES = 5

FIXED_STD = 2.0
"""Standard deviation over time, of 255, of a pixel of a graphic; encoding next to moving things makes 1 to 2."""

MOVING_STD = 5.0

BEHIND_SHARE = 0.6
"""Of the picture that moves: only then does standing still mean being fixed to the screen."""

LEAST_AREA, MOST_AREA = 0.008, 0.3
"""Of the frame; smaller ones cannot be told from letters."""

LEAST_SOLIDITY = 0.8
"""Area over that of the convex hull: letters and their remains have gaps and arms."""

MOST_ASPECT = 3.0
"""Longer side of the box over the shorter: captions and their boxes are longer."""

EDGE_STEP = 12.0
"""Of 255, at the graphic's outline in the mean of all samples: things that move behind it are washed out there."""

EDGE_SHARE = 0.6
"""Of the outline with such a step: plain parts of moving photos reach 0.1, graphics 0.7 to 1."""

MOST_STROKES = 8
"""Changes between light and dark along a row, median over the rows: more is writing."""

TONE_SLACK = 12.0
"""Of 255, around the two tones that writing and its box consist of."""

LEAST_OTHER_TONES = 0.2
"""Of the graphic that has neither: flat signs and letters, which have two, cannot be told from each other; letters
and boxed captions, encoded, have up to 0.12."""


def find_overlays(greys: Greys) -> list[Rectangle]:
    """Boxes of graphics that all samples show. What looks like writing is left out: `text_overlay` reads it."""
    import cv2

    if len(greys) < FEWEST_SAMPLES or min(greys.shape[1:]) < 48:
        return []
    deviation = greys.std(axis=0)
    fixed = (deviation <= FIXED_STD).astype(np.uint8)
    if (deviation >= MOVING_STD).mean() < BEHIND_SHARE:
        return []
    fixed = cv2.morphologyEx(fixed, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(fixed, connectivity=4)
    mean = greys.mean(axis=0)
    found = []
    for label in range(1, count):
        left, top, width, height, area = (int(value) for value in stats[label])
        box = Rectangle(left=left, top=top, right=left + width, bottom=top + height)
        if _fits(box, area, mean.shape) and _is_graphic((labels == label).astype(np.uint8), mean, box):
            found.append(box)
    return found


def _fits(box: Rectangle, area: int, size: tuple[int, ...]) -> bool:
    height, width = size[0], size[1]
    inside = box.left > 1 and box.top > 1 and box.right < width - 1 and box.bottom < height - 1
    sides = sorted((box.right - box.left, box.bottom - box.top))
    return inside and LEAST_AREA <= area / (height * width) <= MOST_AREA and sides[1] <= MOST_ASPECT * sides[0]


def _is_graphic(mask: npt.NDArray[np.uint8], mean: Greys, box: Rectangle) -> bool:
    import cv2

    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = max(outlines, key=len)
    filled = cv2.drawContours(np.zeros_like(mask), [outline], -1, 1, thickness=cv2.FILLED)
    if filled.sum() < LEAST_SOLIDITY * cv2.contourArea(cv2.convexHull(outline)):
        return False
    return (
        _is_hard_edged(mean, outline)
        and _other_tones(mean[filled == 1]) >= LEAST_OTHER_TONES
        and _strokes(mean, filled, box) <= MOST_STROKES
    )


def _is_hard_edged(mean: Greys, outline: Any) -> bool:
    import cv2

    largest = cv2.dilate(mean, np.ones((5, 5), np.uint8)) - cv2.erode(mean, np.ones((5, 5), np.uint8))
    points = outline[:, 0]
    return bool((largest[points[:, 1], points[:, 0]] >= 2 * EDGE_STEP).mean() >= EDGE_SHARE)


def _other_tones(values: Greys) -> float:
    """Share of the values, (n,), that are not near the two most frequent tones."""
    counts = np.bincount(values.astype(np.intp), minlength=256).astype(np.float64)
    near = np.convolve(counts, np.ones(2 * int(TONE_SLACK) + 1), mode="same")
    first = int(np.argmax(near))
    tones = np.arange(256)
    counts[np.abs(tones - first) <= TONE_SLACK] = 0
    second = int(np.argmax(np.convolve(counts, np.ones(2 * int(TONE_SLACK) + 1), mode="same")))
    return float(counts[np.abs(tones - second) > TONE_SLACK].sum() / len(values))


def _strokes(mean: Greys, filled: npt.NDArray[np.uint8], box: Rectangle) -> float:
    """Changes between light and dark along a row within the graphic, median over its rows."""
    counts = []
    for row in range(box.top, box.bottom):
        line = mean[row][filled[row] == 1]
        if len(line) > 2 and np.ptp(line) >= 2 * EDGE_STEP:
            counts.append(int(np.abs(np.diff((line > (line.max() + line.min()) / 2).astype(np.int8))).sum()))
    return float(np.median(counts)) if counts else 0.0
