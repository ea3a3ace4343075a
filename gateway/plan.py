"""Joins what all analyzers need of a video into the few renditions that one decoding pass lays down."""

from __future__ import annotations

from collections.abc import Iterable

from reelscribe.v1.media_pb2 import AudioStream, FrameFormat, Rendition, SampleFormat, Video
from services.common.window import Frames, Need, Samples

LONG_SIDES_PX = (256, 640, 1280)
"""Sizes that needs are rounded up to: analyzers that ask for 224 and 256 px share one rendition. Above: native size."""

STEREO_COUNT = 2
SURROUND_COUNT = 6
"""Channels of 5.1, in which every sound of more than two is laid down: each has a place there that is known."""


def plan(needs: Iterable[Need], video: Video) -> tuple[Rendition, ...]:
    """The renditions that serve every need of a video, smallest frames first, then samples.

    Frames of one size are laid down once, at the highest rate any reader asks for; slower readers take theirs
    from it. Nothing is enlarged, and sizes that a small video makes equal are one rendition. Needs for a stream
    the video does not have are left out. Raises ValueError for a need that makes no sense.
    """
    wanted = set(needs)
    for need in wanted:
        _check(need)
    frames = [need for need in wanted if isinstance(need, Frames)] if video.HasField("video_stream") else []
    samples = [need for need in wanted if isinstance(need, Samples)] if video.HasField("audio_stream") else []
    return (*_frame_renditions(frames, video), *_sample_renditions(samples, video))


def scaled_size(width_px: int, height_px: int, long_side_px: int | None) -> tuple[int, int]:
    """A size with the same aspect whose long side is at most long_side_px; never larger than it was.

    >>> scaled_size(1080, 1920, 640)
    (360, 640)
    """
    if long_side_px is None or max(width_px, height_px) <= long_side_px:
        return width_px, height_px
    scale = long_side_px / max(width_px, height_px)
    return max(1, round(width_px * scale)), max(1, round(height_px * scale))


def _frame_renditions(needs: list[Frames], video: Video) -> list[Rendition]:
    rates_by_side: dict[int | None, list[float | None]] = {}
    for need in needs:
        rates_by_side.setdefault(_long_side(need.long_side_px), []).append(need.rate_hz)
    sides_and_rates_by_size: dict[tuple[int, int], list[tuple[int | None, list[float | None]]]] = {}
    for side, rates in sorted(rates_by_side.items(), key=lambda entry: entry[0] or float("inf")):
        size = scaled_size(video.video_stream.width_px, video.video_stream.height_px, side)
        sides_and_rates_by_size.setdefault(size, []).append((side, rates))
    return [
        Rendition(
            rendition_id=f"frames-{entries[0][0] or 'native'}",
            frames=FrameFormat(
                width_px=width, height_px=height, rate_hz=_highest(rate for _, rates in entries for rate in rates)
            ),
        )
        for (width, height), entries in sides_and_rates_by_size.items()
    ]


def _sample_renditions(needs: list[Samples], video: Video) -> list[Rendition]:
    stream = video.audio_stream
    formats = {
        (need.native, *(native_form(need, stream) if need.native else (need.sample_rate_hz, need.channel_count)))
        for need in needs
    }
    return [
        Rendition(
            rendition_id=f"samples-{'native-' if native else ''}{rate}-{channels}",
            samples=SampleFormat(sample_rate_hz=rate, channel_count=channels, native=native),
        )
        for native, rate, channels in sorted(formats)
    ]


def native_form(need: Samples, stream: AudioStream) -> tuple[int, int]:
    """Rate and channel count in which a stream's own sound is laid down, at most the need's; surround is 5.1."""
    rate_hz = min(need.sample_rate_hz, stream.sample_rate_hz or need.sample_rate_hz)
    own_count = stream.channel_count or STEREO_COUNT
    return rate_hz, min(need.channel_count, own_count if own_count <= STEREO_COUNT else SURROUND_COUNT)


def _long_side(asked_px: int | None) -> int | None:
    if asked_px is None:
        return None
    return next((side for side in LONG_SIDES_PX if side >= asked_px), None)


def _highest(rates: Iterable[float | None]) -> float | None:
    """None, every frame, is above any number."""
    listed = list(rates)
    numbers = [rate for rate in listed if rate is not None]
    return None if len(numbers) < len(listed) else max(numbers)


def _check(need: Need) -> None:
    if isinstance(need, Samples):
        numbers: tuple[float | None, ...] = (need.sample_rate_hz, need.channel_count)
    else:
        numbers = (need.rate_hz, need.long_side_px)
    if any(number is not None and not number > 0 for number in numbers):
        raise ValueError(f"a need asks for more than nothing: {need}")
