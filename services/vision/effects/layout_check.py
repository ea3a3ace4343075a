"""Whether one frame still has a layout that is known from others: where exactly it begins and ends."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from services.vision.effects.bars import BLURRED_DETAIL, PLAIN_SHARE, PLAIN_TOLERANCE, detail
from services.vision.effects.inset import Rectangle, steps_along
from services.vision.effects.layout import LayoutFound

AROUND_LINES = 8
"""Lines on either side of a border with whose steps its own is compared."""

STEP_FLOOR = 1.0
"""Added to every mean step, of 255: between black and black there is no border."""

GRAPHIC_CHANGE = 8.0
"""Median change of a graphic's pixels, of 255, up to which it is there."""

SINGLE_SLACK = 1.5
"""A single frame's blurred bars may have so much more of the picture's detail than several together."""

Picture = npt.NDArray[np.uint8]
"""(height, width, 3) RGB."""


def holds(layout: LayoutFound, known: Picture, frame: Picture) -> bool:
    """The frame has the layout; `known` is one of those in which it was found, of the same size."""
    if frame.shape != known.shape:
        return False
    height, width = frame.shape[:2]
    boxes = [_pixels(box, width, height) for box in layout.boxes]
    if layout.label == "overlay_graphic":
        change = np.abs(_part(frame, boxes[0]).astype(np.int16) - _part(known, boxes[0])).max(axis=2)
        return bool(np.median(change) <= GRAPHIC_CHANGE)
    # Half way, in proportions, between no border at all and the border as it was when the layout was found.
    if border_strength(layout, frame) < border_strength(layout, known) / 2:
        return False
    if layout.surround == "":
        return True
    beside = _beside(frame, layout.label, boxes[0])
    if layout.surround == "blurred":
        picture = _part(frame, boxes[0])
        if layout.label == "pillarbox":  # along the bars, as they were found
            beside, picture = beside.transpose(1, 0, 2), picture.transpose(1, 0, 2)
        return detail(beside[None]) <= SINGLE_SLACK * BLURRED_DETAIL * detail(picture[None])
    color = np.median(_beside(known, layout.label, boxes[0]), axis=(0, 1))
    near = (np.abs(beside.astype(np.int16) - color) <= PLAIN_TOLERANCE).all(axis=2)
    return bool(near.mean() >= PLAIN_SHARE)


def border_strength(layout: LayoutFound, frame: Picture) -> float:
    """How clearly the frame shows the layout's borders; 0 and below if it has none there."""
    height, width = frame.shape[:2]
    return sum(_border_strengths(frame, [_pixels(box, width, height) for box in layout.boxes]))


def _pixels(box: tuple[float, float, float, float], width: int, height: int) -> Rectangle:
    left, top, right, bottom = box
    return Rectangle(
        left=round(left * width), right=round(right * width), top=round(top * height), bottom=round(bottom * height)
    )


def _part(picture: Picture, box: Rectangle) -> Picture:
    return picture[box.top : box.bottom, box.left : box.right]


def _border_strengths(frame: Picture, boxes: list[Rectangle]) -> list[float]:
    """Of each side of each box that lies within the frame."""
    height, width = frame.shape[:2]
    strengths = []
    for box in boxes:
        across, down = frame[box.top : box.bottom], frame[:, box.left : box.right].transpose(1, 0, 2)
        strengths += [_border_strength(across, at) for at in (box.left, box.right) if 0 < at < width]
        strengths += [_border_strength(down, at) for at in (box.top, box.bottom) if 0 < at < height]
    return strengths


def _border_strength(part: Picture, at: int) -> float:
    """Logarithm of the step between columns at - 1 and at, a pixel off at most, over the steps around it."""
    near = part[:, max(at - AROUND_LINES, 0) : at + AROUND_LINES]
    steps = steps_along(near[None], axis=2)[0].mean(axis=0) + STEP_FLOOR
    middle = min(at, AROUND_LINES) - 1
    return float(np.log(steps[max(middle - 1, 0) : middle + 2].max() / np.median(steps)))


def _beside(picture: Picture, label: str, box: Rectangle) -> Picture:
    """The bars, put together, without the line next to the picture."""
    if label == "pillarbox":
        rows = picture[box.top : box.bottom]
        return np.concatenate([rows[:, : max(box.left - 1, 0)], rows[:, box.right + 1 :]], axis=1)
    columns = picture[:, box.left : box.right]
    return np.concatenate([columns[: max(box.top - 1, 0)], columns[box.bottom + 1 :]])
