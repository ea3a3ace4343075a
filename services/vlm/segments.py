"""Which frames a language model is shown of which stretch of the video, and what showing them costs in tokens."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from services.common.errors import InvalidInput
from services.common.window import PTS_TOLERANCE_S, Frames, Window

Pixels = npt.NDArray[np.uint8]
"""One frame: (height, width, 3), RGB, upright."""

PATCH_PX = 14
"""Side of the square that the vision tower of Qwen2-VL reads as one patch."""

MERGED_PX = 2 * PATCH_PX
"""Side of the square that costs one token: 2 x 2 patches are merged. Pictures are resized to multiples of it."""

TEMPORAL_PATCH_COUNT = 2
"""Frames read as one: an odd last frame is doubled by the processor, so it costs as much as two."""

MIN_PIXELS = 4 * MERGED_PX**2
"""Smaller pictures are enlarged to about this, the least the published processor takes."""

MAX_ASPECT_RATIO = 200.0
"""The processor refuses pictures that are more elongated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Segments of `length_s`, each starting `length_s - overlap_s` after the last, of up to `frame_count` frames."""

    length_s: float
    overlap_s: float = 0.0
    frame_count: int = 4

    @property
    def stride_s(self) -> float:
        return self.length_s - self.overlap_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch [start_s, end_s) and the different frames on screen in it, in order, all of one size."""

    start_s: float
    end_s: float
    frames: tuple[Pixels, ...]
    pts_s: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    pts_s: float
    pixels: Pixels


def segments_of(windows: Iterable[Window], need: Frames, placement: Placement, first_s: float) -> Iterator[Segment]:
    """Segments from `first_s` to the end of the windows, each as soon as its last frame is known.

    A segment shows what is on screen at `frame_count` equally spaced moments from its start; a picture that
    stands still is shown once. The last segment is what remains, however short; with an overlap it is left
    out where the one before already reached the end. Stretches before the first frame have no segment.
    """
    shown: deque[_Shown] = deque()
    covered_s = end_s = first_s
    index = 0
    for window in windows:
        batch = window[need]
        shown.extend(_Shown(pts_s=float(t), pixels=rgb) for t, rgb in zip(batch.pts_s, batch.rgb, strict=True))
        end_s = window.end_s
        while (start_s := first_s + index * placement.stride_s) + placement.length_s <= end_s + PTS_TOLERANCE_S:
            covered_s = start_s + placement.length_s
            _forget_before(shown, start_s)
            yield from _segment(shown, placement, start_s, covered_s)
            index += 1
    if end_s > covered_s + PTS_TOLERANCE_S:
        start_s = first_s + index * placement.stride_s
        _forget_before(shown, start_s)
        yield from _segment(shown, placement, start_s, end_s)


def video_token_count(frame_count: int, height_px: int, width_px: int, max_pixels: int) -> int:
    """Tokens that `frame_count` frames of one size become, exactly as the model's own processor cuts them.

    >>> video_token_count(4, 640, 360, 200704)  # 2 pairs of 588 x 336 px
    504
    """
    height, width = resized(height_px, width_px, max_pixels)
    return math.ceil(frame_count / TEMPORAL_PATCH_COUNT) * (height // MERGED_PX) * (width // MERGED_PX)


def resized(height_px: int, width_px: int, max_pixels: int) -> tuple[int, int]:
    """(height, width) to which the processor resizes: multiples of 28 px, aspect kept as nearly as they allow.

    Raises InvalidInput for a picture more elongated than the processor takes.
    """
    if max(height_px, width_px) > MAX_ASPECT_RATIO * min(height_px, width_px):
        raise InvalidInput(f"a picture of {width_px} x {height_px} px is too elongated for the model")
    height, width = (round(side / MERGED_PX) * MERGED_PX for side in (height_px, width_px))
    if height * width > max_pixels:
        scale = math.sqrt(height_px * width_px / max_pixels)
        height, width = (
            max(MERGED_PX, math.floor(side / scale / MERGED_PX) * MERGED_PX) for side in (height_px, width_px)
        )
    elif height * width < MIN_PIXELS:
        scale = math.sqrt(MIN_PIXELS / (height_px * width_px))
        height, width = (math.ceil(side * scale / MERGED_PX) * MERGED_PX for side in (height_px, width_px))
    return height, width


def _forget_before(shown: deque[_Shown], start_s: float) -> None:
    """Drop what was replaced on screen before `start_s`."""
    while len(shown) > 1 and shown[1].pts_s <= start_s + PTS_TOLERANCE_S:
        shown.popleft()


def _segment(shown: Sequence[_Shown], placement: Placement, start_s: float, end_s: float) -> Iterator[Segment]:
    """The segment, or nothing if no frame is on screen in it."""
    step_s = placement.length_s / placement.frame_count
    moments_s = [start_s + i * step_s for i in range(placement.frame_count)]
    pts_s = [frame.pts_s for frame in shown]
    rows = {bisect_right(pts_s, moment_s + PTS_TOLERANCE_S) - 1 for moment_s in moments_s if moment_s < end_s}
    chosen = [shown[row] for row in sorted(rows - {-1})]
    if not chosen:  # the first frame of the video comes after the last of the moments
        chosen = [frame for frame in shown if start_s <= frame.pts_s < end_s][:1]
    if chosen:
        frames = _one_size([frame.pixels for frame in chosen])
        yield Segment(start_s=start_s, end_s=end_s, frames=frames, pts_s=tuple(frame.pts_s for frame in chosen))


def _one_size(frames: Sequence[Pixels]) -> tuple[Pixels, ...]:
    """The frames as they are; where the video changes its size inside a segment, all as large as the first."""
    height, width = frames[0].shape[:2]
    return tuple(
        frame
        if frame.shape[:2] == (height, width)
        else np.asarray(Image.fromarray(frame).resize((width, height), Image.Resampling.BICUBIC))
        for frame in frames
    )
