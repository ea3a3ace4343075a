"""Which of a part's renditions serves a need."""

from __future__ import annotations

from collections.abc import Iterable

from reelscribe.v1.media_pb2 import FrameFormat, Rendition, SampleFormat
from services.common.window import PTS_TOLERANCE_S, Frames, Need, Samples


def serve(need: Need, renditions: Iterable[Rendition]) -> str:
    """The id of the smallest rendition that is large and fast enough for the need.

    A video smaller than asked for is not enlarged, so where none is large enough the largest serves. Sound must
    match exactly; for a native need, the largest native rendition serves that stays within it.
    Raises LookupError if nothing serves: no such stream, or a plan made for other needs.
    """
    offered = list(renditions)
    chosen = _frames_for(need, offered) if isinstance(need, Frames) else _samples_for(need, offered)
    if chosen is None:
        raise LookupError(f"no rendition serves {need}; there are {[each.rendition_id for each in offered] or 'none'}")
    return chosen.rendition_id


def long_side_px(frames: FrameFormat) -> int:
    """The longer of a format's two sides."""
    return max(frames.width_px, frames.height_px)


def _frames_for(need: Frames, offered: list[Rendition]) -> Rendition | None:
    fast_enough = [each for each in offered if each.HasField("frames") and _fast_enough(each.frames, need.rate_hz)]
    by_size = sorted(fast_enough, key=lambda each: long_side_px(each.frames))
    if need.long_side_px is not None:
        for each in by_size:
            if long_side_px(each.frames) >= need.long_side_px:
                return each
    return by_size[-1] if by_size else None


def _fast_enough(frames: FrameFormat, rate_hz: float | None) -> bool:
    if not frames.HasField("rate_hz"):
        return True
    return rate_hz is not None and frames.rate_hz >= rate_hz - PTS_TOLERANCE_S


def _samples_for(need: Samples, offered: list[Rendition]) -> Rendition | None:
    sounding = [each for each in offered if each.HasField("samples") and each.samples.native == need.native]
    fitting = [each for each in sounding if _fits(each.samples, need)]
    return max(fitting, key=lambda each: (each.samples.sample_rate_hz, each.samples.channel_count), default=None)


def _fits(samples: SampleFormat, need: Samples) -> bool:
    if need.native:
        return samples.sample_rate_hz <= need.sample_rate_hz and samples.channel_count <= need.channel_count
    return samples.sample_rate_hz == need.sample_rate_hz and samples.channel_count == need.channel_count
