"""Crops: the part of a frame where persons stand, at the size a pose network works best with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.vision.percepts.objects import Edges

MARGIN = 0.15
"""Of a person's longer side, kept around each box: the detector cuts off hands and feet by less than that."""

LONG_SIDE_PX = 320
"""Of a crop. Keypoints then lie as near to those of the whole frame at 640 as with larger crops, at 2/5 of the time."""

CROWD_LONG_SIDE_PX = 640
"""Of a crop in which somebody would be too small otherwise."""

LEAST_PERSON_PX = 80
"""Longer side of a person in the network's input, below which limbs are a pixel or two thick."""

BACKGROUND_SHARE = 0.25
"""Of the longest side of the largest person: who is smaller is background, and nothing is enlarged for his sake."""

MULTIPLE_PX = 32
PADDING = 114
"""The grey around the pictures the networks of ultralytics were trained with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crop:
    """A part of a frame, enlarged or reduced and padded."""

    picture: npt.NDArray[np.uint8]
    """(height, width, 3) RGB; sides are multiples of 32."""
    origin: npt.NDArray[np.float64]
    """(2,) where the frame's top left corner lies, x and y in pixels of the picture; mostly negative."""
    frame_px: npt.NDArray[np.float64]
    """(2,) width and height of the whole frame in pixels of the picture."""

    def in_frame(self, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """(..., 2) pixels of the picture -> [0, 1] of the frame."""
        return (points - self.origin) / self.frame_px


def crop_around(frame: npt.NDArray[np.uint8], boxes: Sequence[Edges]) -> Crop:
    """The smallest crop of a (height, width, 3) frame that holds the boxes (at least one) and a margin.

    Persons far smaller than the largest are in it only by chance.
    """
    import cv2

    height, width = frame.shape[:2]
    pixels = np.array(boxes) * (width, height, width, height)
    sides = np.maximum(pixels[:, 2:] - pixels[:, :2], 1.0).max(axis=1)
    near = sides >= BACKGROUND_SHARE * sides.max()
    pixels, sides = pixels[near], sides[near]
    left, top, right, bottom = _region(pixels, sides, width, height)
    scale = _scale(max(right - left, bottom - top), float(sides.min()))
    size = (max(1, round((right - left) * scale)), max(1, round((bottom - top) * scale)))
    shrinks = scale < 1.0
    part = cv2.resize(
        frame[top:bottom, left:right], size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    )
    picture, padding = _padded(part)
    stretch = np.array([size[0] / (right - left), size[1] / (bottom - top)])
    return Crop(
        picture=picture,
        origin=padding - np.array([left, top]) * stretch,
        frame_px=np.array([width, height]) * stretch,
    )


def _region(
    pixels: npt.NDArray[np.float64], sides: npt.NDArray[np.float64], width: int, height: int
) -> tuple[int, int, int, int]:
    margin = MARGIN * sides[:, None]
    left, top = np.floor((pixels[:, :2] - margin).min(axis=0)).clip(0, (width - 1, height - 1)).astype(int)
    right, bottom = np.ceil((pixels[:, 2:] + margin).max(axis=0)).clip((left + 1, top + 1), (width, height)).astype(int)
    return int(left), int(top), int(right), int(bottom)


def _scale(long_side: float, smallest_person: float) -> float:
    scale = LONG_SIDE_PX / long_side
    if smallest_person * scale >= LEAST_PERSON_PX:
        return scale
    return min(CROWD_LONG_SIDE_PX / long_side, LEAST_PERSON_PX / smallest_person)


def _padded(part: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float64]]:
    """The part in the middle of grey, and how far it was moved: (2,) x and y."""
    height, width = part.shape[:2]
    padded_height, padded_width = (-(-side // MULTIPLE_PX) * MULTIPLE_PX for side in (height, width))
    top, left = (padded_height - height) // 2, (padded_width - width) // 2
    picture = np.full((padded_height, padded_width, 3), PADDING, np.uint8)
    picture[top : top + height, left : left + width] = part
    return picture, np.array([left, top], dtype=np.float64)
