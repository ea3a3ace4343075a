"""Turns decoded pictures into windows of frames, each picture rendered once for every rendition that shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import floor
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gateway.decode.records import FrameWindow
from gateway.decode.render import Renderer
from reelscribe.v1.media_pb2 import FrameFormat
from services.common.window import PTS_TOLERANCE_S, FrameBatch, displayed_at

WINDOW_BYTES: Final = 128 * 2**20
"""A window that has grown so large ends early: two of them are all that decoding holds of the pictures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """The picture on screen: whether a rendition shows it is known when the next one comes."""

    frame: Any
    index: int
    start_s: float


class _Strip:
    """One rendition's share of the open window."""

    def __init__(self, frames: FrameFormat, renderer: Renderer) -> None:
        self._frames = frames
        self._renderer = renderer
        self._rgb: list[npt.NDArray[np.uint8]] = []
        self._pts_s: list[float] = []
        self._index: list[int] = []

    def add(self, held: _Held, end_s: float) -> int:
        """Renders the picture if it is on screen at one of the rendition's moments; the bytes it takes."""
        rate_hz = self._frames.rate_hz if self._frames.HasField("rate_hz") else None
        if not len(displayed_at(np.array([held.start_s]), end_s, rate_hz)):
            return 0
        rgb = self._renderer.render(held.frame)
        if rgb is None:
            return 0
        self._rgb.append(rgb)
        self._pts_s.append(held.start_s)
        self._index.append(held.index)
        return rgb.nbytes

    def batch(self) -> FrameBatch:
        """What was added, and a new start."""
        shape = (0, self._frames.height_px, self._frames.width_px, 3)
        rgb = np.stack(self._rgb) if self._rgb else np.empty(shape, dtype=np.uint8)
        rgb.flags.writeable = False
        batch = FrameBatch(rgb=rgb, pts_s=np.array(self._pts_s, np.float64), index=np.array(self._index, np.int64))
        self._rgb, self._pts_s, self._index = [], [], []
        return batch


class FrameWindows:
    """Pictures in, windows out. A window starts at the first picture of each stretch of window_s seconds.

    Pictures  0.0 0.4 0.8 | 1.2 1.6 | (still) 4.3      windows of 1 s
    Windows   [0.0, 1.2)    [1.2, 4.3)        [4.3, ...
    """

    def __init__(self, renderers: Mapping[str, tuple[FrameFormat, Renderer]], *, window_s: float) -> None:
        self._strips = {name: _Strip(frames, renderer) for name, (frames, renderer) in renderers.items()}
        self._window_s = window_s
        self._held: _Held | None = None
        self._start_s: float | None = None
        self._index = 0
        self._bytes = 0

    def add(self, frame: Any, *, index: int, start_s: float) -> Iterator[FrameWindow]:
        """Takes the next displayed picture; gives the window it closes, if any."""
        held = self._held
        if held is not None:
            self._lay_down(held, start_s)
            if self._stretch(start_s) != self._stretch(held.start_s) or self._bytes >= WINDOW_BYTES:
                yield self._close(start_s)
        self._held = _Held(frame=frame, index=index, start_s=start_s)

    def finish(self, end_s: float) -> Iterator[FrameWindow]:
        """Gives the last window; end_s is where the last picture ends."""
        if self._held is not None:
            self._lay_down(self._held, end_s)
            self._held = None
            yield self._close(end_s)

    def _lay_down(self, held: _Held, end_s: float) -> None:
        if self._start_s is None:
            self._start_s = held.start_s
        self._bytes += sum(strip.add(held, end_s) for strip in self._strips.values())

    def _close(self, end_s: float) -> FrameWindow:
        assert self._start_s is not None
        window = FrameWindow(
            index=self._index,
            start_s=self._start_s,
            end_s=end_s,
            renditions={name: strip.batch() for name, strip in self._strips.items()},
        )
        self._start_s = None
        self._index += 1
        self._bytes = 0
        return window

    def _stretch(self, time_s: float) -> int:
        return floor((time_s + PTS_TOLERANCE_S) / self._window_s)
