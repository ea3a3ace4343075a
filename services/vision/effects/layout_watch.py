"""Follows layouts through the frames: each from the first frame that has it to the last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from services.common.window import FrameBatch
from services.vision.effects.layout import LayoutFound, find_layouts, same_layout
from services.vision.effects.layout_check import border_strength, holds

SAMPLE_INTERVAL_S = 0.2
"""Layouts are found in frames so far apart: near enough for five in a second, far enough for things to move."""

BLOCK_S = 1.0
"""Samples of so much time are looked at together."""

FEWEST_SAMPLES = 3
"""At the end of the video, too, unless it is no longer than that."""

KEPT_S = 2.5
"""Frames are kept so long, to look for the exact beginning and end among them."""

SHORTEST_S = {
    "letterbox": 0.3,
    "pillarbox": 0.3,
    "split_screen": 1.5,
    "picture_in_picture": 1.5,
    "overlay_graphic": 1.5,
}
"""Bars that are shorter are a transition; a seam or frame of the scene may stand for one second."""

MERGED_GAP_S = 1.0
"""A layout that is found again in the same place so soon has been there all the time: it was dark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutStretch:
    """A layout over [start_s, end_s)."""

    layout: LayoutFound
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    rgb: npt.NDArray[np.uint8]
    pts_s: float
    end_s: float


@dataclass(slots=True, kw_only=True)
class _Open:
    """A layout that may go on."""

    layout: LayoutFound
    known: npt.NDArray[np.uint8]
    start_s: float
    end_s: float
    boxes: list[npt.NDArray[np.float64]] = field(default_factory=list)
    is_over: bool = False

    def stretch(self) -> LayoutStretch:
        middle = np.median(np.stack(self.boxes), axis=0)
        boxes = tuple((float(a), float(b), float(c), float(d)) for a, b, c, d in middle)
        return LayoutStretch(layout=replace(self.layout, boxes=boxes), start_s=self.start_s, end_s=self.end_s)


class LayoutWatch:
    """Frames in, stretches out, each once it is over."""

    def __init__(self) -> None:
        self._frames: list[_Frame] = []
        self._samples: list[_Frame] = []
        self._open: list[_Open] = []
        self._has_looked = False

    def take(self, batch: FrameBatch, end_s: float) -> Iterator[LayoutStretch]:
        """The frames of a window, whose last one is displayed until `end_s`."""
        if len(batch) == 0:
            return
        ends_s = np.append(batch.pts_s[1:], end_s)
        for rgb, pts_s, frame_end_s in zip(batch.rgb, batch.pts_s, ends_s, strict=True):
            frame = _Frame(rgb=rgb, pts_s=float(pts_s), end_s=float(frame_end_s))
            if self._frames and self._frames[-1].rgb.shape != rgb.shape:
                yield from self.finish()
            if self._samples and frame.pts_s - self._samples[0].pts_s >= BLOCK_S - 1e-6:
                yield from self._look()
            if not self._samples or frame.pts_s - self._samples[-1].pts_s >= SAMPLE_INTERVAL_S - 1e-6:
                self._samples.append(frame)
            self._frames.append(frame)
        self._frames = [each for each in self._frames if each.end_s > end_s - KEPT_S]

    def finish(self) -> Iterator[LayoutStretch]:
        """No frame will follow."""
        if len(self._samples) >= FEWEST_SAMPLES or (self._samples and not self._has_looked):
            yield from self._look()
        elif self._samples:
            self._follow_to_the_end()
        for each in self._open:
            yield from _reported(each)
        self._frames, self._samples, self._open, self._has_looked = [], [], [], False

    def _look(self) -> Iterator[LayoutStretch]:
        """Find what the samples have in common, and go on from there."""
        samples, self._samples = self._samples, []
        self._has_looked = True
        for layout in find_layouts(np.stack([each.rgb for each in samples])):
            self._confirm(layout, samples)
        self._follow_to_the_end()
        now_s = self._frames[-1].end_s
        over = [each for each in self._open if each.is_over and now_s - each.end_s > MERGED_GAP_S]
        self._open = [each for each in self._open if each not in over]
        for each in over:
            yield from _reported(each)

    def _confirm(self, layout: LayoutFound, samples: list[_Frame]) -> None:
        last = _last_with(layout, samples)
        known = next((each for each in self._open if same_layout(each.layout, layout)), None)
        if known is None:
            start_s = self._first_with(layout, last)
            known = _Open(layout=layout, known=last.rgb, start_s=start_s, end_s=last.end_s)
            self._open.append(known)
        known.boxes.append(np.array(layout.boxes))
        known.known, known.end_s, known.is_over = last.rgb, last.end_s, False

    def _first_with(self, layout: LayoutFound, sample: _Frame) -> float:
        """When the first frame of an unbroken row up to the sample is displayed."""
        start_s = sample.pts_s
        for frame in reversed([each for each in self._frames if each.pts_s < sample.pts_s]):
            if not holds(layout, sample.rgb, frame.rgb):
                break
            start_s = frame.pts_s
        return start_s

    def _follow_to_the_end(self) -> None:
        """Each open layout goes on through the frames that have it."""
        for each in self._open:
            for frame in self._frames:
                if each.is_over or frame.pts_s < each.end_s - 1e-6:
                    continue
                if holds(each.layout, each.known, frame.rgb):
                    each.end_s = frame.end_s
                else:
                    each.is_over = True


def _last_with(layout: LayoutFound, samples: list[_Frame]) -> _Frame:
    """The last sample that has it, as most do: a few may already show another."""
    clearest = max(samples, key=lambda each: border_strength(layout, each.rgb))
    # What all samples have together, the blur of a bar for one, none of them may have alone.
    return ([each for each in samples if holds(layout, clearest.rgb, each.rgb)] or [clearest])[-1]


def _reported(each: _Open) -> Iterator[LayoutStretch]:
    if each.end_s - each.start_s >= SHORTEST_S[each.layout.label] - 1e-6:
        yield each.stretch()
