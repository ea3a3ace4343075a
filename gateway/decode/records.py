"""What decoding hands out: windows of frames, windows of samples, and at the end what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reelscribe.v1.media_pb2 import Damage, Video
from services.common.window import FrameBatch, SampleBatch


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameWindow:
    """About a second of pictures: the frames first shown in [start_s, end_s), in every frame rendition."""

    index: int
    """0 for the video's first window of frames."""
    start_s: float
    """PTS of its first frame, seconds from the video's first displayed frame."""
    end_s: float
    """PTS of the next window's first frame, or the end of the video's last frame."""
    renditions: Mapping[str, FrameBatch]
    """By rendition id. A slow rendition may have no frame in a window."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleWindow:
    """About a second of sound: the samples of [start_s, end_s), in every sample rendition."""

    index: int
    """0 for the video's first window of samples."""
    start_s: float
    end_s: float
    renditions: Mapping[str, SampleBatch]
    """By rendition id. Sample k of a rendition lies at k / sample_rate_hz seconds of the video."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The end of a pass over a video."""

    video: Video
    """With what only decoding can tell: duration, counts, gaps, damages."""
    damages: tuple[Damage, ...]
    """The same as in `video`."""
    decoded_frame_count: int
    """Frames that came out of the decoder. Frames outside the edit list stay inside it and are not counted."""
    displayed_frame_count: int
    """Of those, the ones shown at a time of their own."""
    cpu_s: float
    """CPU time of the pass on the calling thread, without what its reader did between the windows.

    With more than one decoder thread, theirs is not in it."""
