"""What an analyzer is given: a part, and its windows of frames or samples."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel

from reelscribe.v1.media_pb2 import Video

PTS_TOLERANCE_S = 1e-6
"""Two times closer than this are the same moment; finer than any container's time base that matters here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frames:
    """A need for pictures: at most `rate_hz` a second (None: every frame), at least `long_side_px` long (None: native).

    A video smaller than asked for is not enlarged; a rendition larger than asked for may be handed out.
    """

    rate_hz: float | None
    long_side_px: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """A need for sound, resampled to `sample_rate_hz` and mixed to `channel_count`.

    `native`, for measurements: those two are the most that is taken. A file with less keeps what it has, one with
    more than two channels comes as six (5.1), and samples beyond [-1, 1] are not cut off.
    """

    sample_rate_hz: int
    channel_count: int = 1
    native: bool = False


Need = Frames | Samples


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameBatch:
    """The frames of one window, in display order."""

    rgb: npt.NDArray[np.uint8]
    """(n, height, width, 3), RGB, upright, read-only."""
    pts_s: npt.NDArray[np.float64]
    """(n,) presentation times, seconds from the video's first displayed frame, increasing."""
    index: npt.NDArray[np.int64]
    """(n,) index of each frame in the video's display order, increasing."""

    def __len__(self) -> int:
        return len(self.pts_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleBatch:
    """The sound of one window."""

    samples: npt.NDArray[np.float32]
    """(n, channel_count) in [-1, 1], or beyond where the need is native; read-only."""
    sample_rate_hz: int
    start_s: float
    """Time of the first sample, seconds from the video's first displayed frame."""

    def __len__(self) -> int:
        return len(self.samples)

    @property
    def mono(self) -> npt.NDArray[np.float32]:
        """(n,): the only channel, or the mean of all."""
        return self.samples[:, 0] if self.samples.shape[1] == 1 else self.samples.mean(axis=1, dtype=np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The stretch of one stream an analyzer works on, and the settings of this request."""

    analysis_id: str
    part_id: str
    index: int
    start_s: float
    """Where its media starts, lead-in included."""
    own_start_s: float
    """Where its own stretch starts; what ends before is already reported by the part before."""
    video: Video
    """What is known of the video when the part starts."""
    settings: BaseModel
    """An instance of the analyzer's `Settings`."""
    count_processed: Callable[[int], None] = field(default=lambda count: None)
    """Call with the number of frames or samples the method worked on; never called: all that were received.

    Raises Cancelled once the part is: an analyzer that waits for something else than its windows calls it with 0
    now and then.
    """


class Window:
    """About a second of a part: `window[NEED]` is a FrameBatch or SampleBatch, `window[Percept]` its value.

    `span` is half-open; for frames, `end_s` is the presentation time of the next window's first frame, so
    that each frame is displayed from its own PTS to the next one's or to `end_s`.
    """

    __slots__ = ("_contents", "end_s", "index", "start_s")

    def __init__(self, *, index: int, start_s: float, end_s: float, contents: Mapping[Hashable, Any]) -> None:
        self.index = index
        self.start_s = start_s
        self.end_s = end_s
        self._contents = contents

    def __repr__(self) -> str:
        return f"Window({self.index}, [{self.start_s:.3f}, {self.end_s:.3f}) s)"

    def __getitem__(self, key: Hashable) -> Any:
        """The batch of a need or the value of a percept; KeyError for one the analyzer did not declare."""
        return self._contents[key]

    def get(self, key: Hashable) -> Any:
        """The same; None for a percept of the analyzer's `also_uses` that could not be loaded."""
        return self._contents.get(key)


def displayed_at(pts_s: npt.NDArray[np.float64], end_s: float, rate_hz: float | None) -> npt.NDArray[np.intp]:
    """Rows of the frames on screen at the moments k / rate_hz, each once, in order.

    `pts_s` (n,) increasing; the last frame is on screen until `end_s`. rate_hz None: all rows.

    >>> displayed_at(np.array([0.0, 0.033, 0.066, 0.1]), 0.133, 15.0).tolist()  # on screen at 0 and 0.0667
    [0, 2]
    """
    if rate_hz is None or len(pts_s) == 0:
        return np.arange(len(pts_s))
    ends_s = np.append(pts_s[1:], end_s)
    first_tick = np.ceil((pts_s - PTS_TOLERANCE_S) * rate_hz)
    return np.flatnonzero(first_tick / rate_hz < ends_s - PTS_TOLERANCE_S)
