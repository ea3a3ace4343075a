"""What every OCR library gives: the lines of text it reads in one picture, behind one small protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from reelscribe.v1.analyzer_pb2 import ModelUse


class Rect(NamedTuple):
    """An upright rectangle of the displayed frame: [0, 1], x to the right, y down."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Share of the frame's width, [0, 1]."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Share of the frame's height, [0, 1]."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One piece of text as a recogniser read it: a line, or a part of one."""

    content: str
    box: Rect
    confidence: float
    """The recogniser's own, [0, 1]."""


class Reader(Protocol):
    """An OCR library with its weights. `read` may be called from several threads; it takes one picture at a time."""

    @property
    def models(self) -> tuple[ModelUse, ...]:
        """What it runs on."""

    def read(self, rgb: npt.NDArray[np.uint8]) -> list[Line]:
        """All text in (height, width, 3) uint8 RGB, each piece with a printable character; empty for none."""


def line_of_corners(
    content: str, corners: Sequence[Sequence[float]], confidence: float, width_px: int, height_px: int
) -> Line:
    """A line from its four corners in pixels: upper left, upper right, lower right, lower left."""
    points = np.asarray(corners, dtype=np.float64)
    unit = points / (width_px, height_px)
    (left, top), (right, bottom) = unit.min(axis=0).clip(0.0, 1.0), unit.max(axis=0).clip(0.0, 1.0)
    return Line(
        content=" ".join(content.split()),
        box=Rect(float(left), float(top), float(right), float(bottom)),
        confidence=float(confidence),
    )
