"""The last seconds of every frame as small grey pictures, with what the gate and the tracks measure on them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.vision.texts.readers import Rect

LONG_SIDE_PX = 256
"""Pictures more than half as large again are made smaller: the gate's cost and its constants rest on this size."""

HISTORY_S = 8.0
"""How far back a text's first frame is looked for; 9 MB at 30 frames/s."""

Grey = npt.NDArray[np.uint8]
Field = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class GreyFrame:
    """One frame: when it is first displayed, and (height, width) uint8 brightness."""

    pts_s: float
    grey: Grey


class FrameHistory:
    """Frames by number, counted from the part's first; the oldest are forgotten."""

    def __init__(self) -> None:
        self._frames: deque[GreyFrame] = deque()
        self._first = 0

    def __repr__(self) -> str:
        return f"FrameHistory({self.first}..{self.last})"

    @property
    def first(self) -> int:
        """Number of the oldest frame kept."""
        return self._first

    @property
    def last(self) -> int:
        """Number of the newest frame; first - 1 if there is none."""
        return self._first + len(self._frames) - 1

    def __getitem__(self, number: int) -> GreyFrame:
        return self._frames[number - self._first]

    def append(self, frame: GreyFrame) -> None:
        """Add the next frame; one of another size is brought to that of those before."""
        if self._frames and frame.grey.shape != self._frames[-1].grey.shape:
            height, width = self._frames[-1].grey.shape
            frame = GreyFrame(pts_s=frame.pts_s, grey=_resized(frame.grey, width, height))
        self._frames.append(frame)
        while frame.pts_s - self._frames[0].pts_s > HISTORY_S:
            self._frames.popleft()
            self._first += 1


def grey_of(rgb: npt.NDArray[np.uint8]) -> Grey:
    """(height, width, 3) RGB as (height, width) brightness with at most about LONG_SIDE_PX on the longer side."""
    import cv2

    grey = np.asarray(cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    height, width = grey.shape
    scale = LONG_SIDE_PX / max(height, width)
    if scale > 1 / 1.5:
        return grey
    return _resized(grey, max(round(width * scale), 1), max(round(height * scale), 1))


def gradients(grey: Grey) -> tuple[Field, Field]:
    """Brightness steps across x and y, each (height, width) float32, in grey levels of an ideal step edge."""
    import cv2

    across = cv2.Sobel(grey, cv2.CV_32F, 1, 0, ksize=3, scale=0.25)
    down = cv2.Sobel(grey, cv2.CV_32F, 0, 1, ksize=3, scale=0.25)
    return np.asarray(across, dtype=np.float32), np.asarray(down, dtype=np.float32)


def pixels_of(box: Rect, shape: tuple[int, int], margin_px: int = 0) -> tuple[slice, slice]:
    """Rows and columns of a (height, width) picture that a box covers, at least one each."""
    height, width = shape
    top = min(max(int(box.top * height) - margin_px, 0), height - 1)
    left = min(max(int(box.left * width) - margin_px, 0), width - 1)
    bottom = max(min(int(np.ceil(box.bottom * height)) + margin_px, height), top + 1)
    right = max(min(int(np.ceil(box.right * width)) + margin_px, width), left + 1)
    return slice(top, bottom), slice(left, right)


def _resized(grey: Grey, width: int, height: int) -> Grey:
    import cv2

    return np.asarray(cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)
