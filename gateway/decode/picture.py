"""How a stored picture becomes the upright one: display matrix, pixel aspect, size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

MAX_PIXEL_ASPECT = 16
"""A pixel said to be wider or taller than this is a damaged header, and taken as square."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Orientation:
    """What a display matrix does, to the nearest quarter turn: swap the axes, then flip either."""

    swapped: bool = False
    flipped_x: bool = False
    flipped_y: bool = False

    @property
    def mirrored(self) -> bool:
        return self.swapped ^ self.flipped_x ^ self.flipped_y

    @property
    def rotation_deg(self) -> int:
        """Clockwise turn that, followed by a left-right flip if mirrored, makes the stored picture upright."""
        flipped_x = self.flipped_x ^ self.mirrored
        if self.swapped:
            return 90 if flipped_x else 270
        return 180 if flipped_x else 0

    def upright(self, picture: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """A view of (height, width, 3) as it is to be seen."""
        turned = picture.transpose(1, 0, 2) if self.swapped else picture
        return turned[:: -1 if self.flipped_y else 1, :: -1 if self.flipped_x else 1]


UPRIGHT = Orientation()


def orientation_of(matrix: Sequence[int] | None) -> Orientation:
    """The orientation of a display matrix of 9 integers [a b u  c d v  x y w]; None: upright.

    A stored point (x, y) is shown at (a x + c y, b x + d y), y down. Phone held upright: a = d = 0, b = 1, c = -1.
    """
    if matrix is None:
        return UPRIGHT
    a, b, c, d = matrix[0], matrix[1], matrix[3], matrix[4]
    swapped = abs(b) + abs(c) > abs(a) + abs(d)
    shown_x, shown_y = (c, b) if swapped else (a, d)
    return Orientation(swapped=swapped, flipped_x=shown_x < 0, flipped_y=shown_y < 0)


def displayed_size(
    width_px: int, height_px: int, pixel_aspect: Fraction | None, orientation: Orientation
) -> tuple[int, int]:
    """(width, height) of the upright picture with square pixels: the stored width is stretched, the height is kept."""
    if pixel_aspect is None or not Fraction(1, MAX_PIXEL_ASPECT) <= pixel_aspect <= MAX_PIXEL_ASPECT:
        pixel_aspect = Fraction(1)
    stretched = max(1, round(width_px * pixel_aspect))
    return (height_px, stretched) if orientation.swapped else (stretched, height_px)


def fitted_size(displayed: tuple[int, int], frame: tuple[int, int]) -> tuple[int, int]:
    """(width, height) at which a displayed picture fits into a frame of another size, aspect kept.

    A picture that fits but for rounding fills the frame: only one whose shape changed in mid-stream gets bars.
    """
    scale = min(frame[0] / displayed[0], frame[1] / displayed[1])
    fitted = (max(1, round(displayed[0] * scale)), max(1, round(displayed[1] * scale)))
    return frame if abs(fitted[0] - frame[0]) <= 1 and abs(fitted[1] - frame[1]) <= 1 else fitted


def centered(picture: npt.NDArray[np.uint8], width_px: int, height_px: int) -> npt.NDArray[np.uint8]:
    """The picture (h, w, 3) in the middle of a black one of (height_px, width_px, 3)."""
    if picture.shape[:2] == (height_px, width_px):
        return picture
    framed = np.zeros((height_px, width_px, 3), dtype=np.uint8)
    top, left = (height_px - picture.shape[0]) // 2, (width_px - picture.shape[1]) // 2
    framed[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
    return framed
