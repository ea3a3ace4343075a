"""Layouts over time: which arrangement of pictures holds, from which frame to which."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from services.vision.effects.bars import Bars, Pictures, find_bars
from services.vision.effects.inset import Rectangle, find_inset
from services.vision.effects.overlay import find_overlays
from services.vision.effects.split import find_seams

BOX_SLACK = 0.012
"""Two boxes are one if no side is further apart, of the frame: a pixel or two at 256 px."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutFound:
    """An arrangement that all given pictures have."""

    label: str
    """ "letterbox", "pillarbox", "split_screen", "picture_in_picture" or "overlay_graphic"."""
    boxes: tuple[tuple[float, float, float, float], ...]
    """(left, top, right, bottom) of [0, 1], largest first."""
    surround: str = ""


def find_layouts(pictures: Pictures) -> list[LayoutFound]:
    """Everything arranged in samples (n, height, width, 3) of one layout, RGB.

    Bars are looked for within bars (a film with black edges between blurred ones), the rest within the picture that
    the bars leave.
    """
    height, width = pictures.shape[1:3]
    inner = Rectangle(left=0, top=0, right=width, bottom=height)
    found: list[LayoutFound] = []
    for _ in range(2):
        bars = find_bars(_cut(pictures, inner))
        label = "letterbox" if bars and bars.horizontal else "pillarbox"
        if bars is None or any(each.label == label for each in found):
            break
        inner = _within(inner, bars)
        found.append(LayoutFound(label=label, boxes=(_box(inner, width, height),), surround=bars.surround))
    return found + _pictures_within(_cut(pictures, inner), inner, (width, height))


def _pictures_within(pictures: Pictures, inner: Rectangle, size: tuple[int, int]) -> list[LayoutFound]:
    greys = grey(pictures)
    columns, rows = find_seams(greys)
    if columns or rows:
        boxes = [_box(_moved(piece, inner), *size) for piece in _pieces(columns, rows, greys.shape)]
        return [LayoutFound(label="split_screen", boxes=tuple(sorted(boxes, key=_minus_area)))]
    found = []
    inset = find_inset(pictures, greys)
    if inset is not None:
        found.append(LayoutFound(label="picture_in_picture", boxes=(_box(_moved(inset, inner), *size),)))
    graphics = [_box(_moved(graphic, inner), *size) for graphic in find_overlays(greys)]
    return found + [LayoutFound(label="overlay_graphic", boxes=(box,)) for box in graphics]


def same_layout(one: LayoutFound, other: LayoutFound) -> bool:
    """The same arrangement in the same place."""
    if (one.label, one.surround, len(one.boxes)) != (other.label, other.surround, len(other.boxes)):
        return False
    return bool(np.abs(np.array(sorted(one.boxes)) - np.array(sorted(other.boxes))).max() <= BOX_SLACK)


def grey(pictures: Pictures) -> npt.NDArray[np.float32]:
    """(n, height, width, 3) RGB -> (n, height, width), [0, 255]."""
    import cv2

    return np.stack([cv2.cvtColor(np.ascontiguousarray(each), cv2.COLOR_RGB2GRAY) for each in pictures]).astype(
        np.float32
    )


def _cut(pictures: Pictures, box: Rectangle) -> Pictures:
    return pictures[:, box.top : box.bottom, box.left : box.right]


def _within(outer: Rectangle, bars: Bars) -> Rectangle:
    if bars.horizontal:
        return Rectangle(left=outer.left, right=outer.right, top=outer.top + bars.first, bottom=outer.top + bars.after)
    return Rectangle(left=outer.left + bars.first, right=outer.left + bars.after, top=outer.top, bottom=outer.bottom)


def _pieces(columns: list[int], rows: list[int], shape: tuple[int, ...]) -> list[Rectangle]:
    across, down = [0, *columns, shape[2]], [0, *rows, shape[1]]
    return [
        Rectangle(left=left, top=top, right=right, bottom=bottom)
        for top, bottom in pairwise(down)
        for left, right in pairwise(across)
    ]


def _moved(box: Rectangle, outer: Rectangle) -> Rectangle:
    return Rectangle(
        left=outer.left + box.left,
        right=outer.left + box.right,
        top=outer.top + box.top,
        bottom=outer.top + box.bottom,
    )


def _box(box: Rectangle, width: int, height: int) -> tuple[float, float, float, float]:
    return box.left / width, box.top / height, box.right / width, box.bottom / height


def _minus_area(box: tuple[float, float, float, float]) -> float:
    return -(box[2] - box[0]) * (box[3] - box[1])
