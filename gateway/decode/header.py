"""What a file says of itself: its header, and its first frame, which says it better."""

from __future__ import annotations

import struct
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.sidedata.sidedata import Type as SideDataType

from gateway.decode.color import TRANSFER_NAMES, is_hdr
from gateway.decode.damage import DamageLog
from gateway.decode.packets import frames_of, packets_of
from gateway.decode.picture import UPRIGHT, Orientation, displayed_size, orientation_of
from gateway.decode.source import DEFAULT_MAX_PIXEL_COUNT, Source, open_source
from reelscribe.v1.media_pb2 import AudioStream, Video, VideoStream
from services.common.errors import NothingToDecode, TooLarge
from services.common.time import duration


def probe(path: Path, *, audio_stream: int | None = None, max_pixel_count: int = DEFAULT_MAX_PIXEL_COUNT) -> Video:
    """What can be said of a video before it is decoded: all of `Video` but duration, frame count, gaps and sha256.

    Reads the header and the first frame. Raises what `open_source` raises; TooLarge for pictures of more than
    max_pixel_count pixels; NothingToDecode if no picture of a silent file can be decoded.
    """
    with open_source(path, audio_stream=audio_stream, max_pixel_count=max_pixel_count) as source:
        if source.video is not None:
            check_size(source.video.width, source.video.height, max_pixel_count)
        frame = _first_frame(source)
        if frame is None and source.video is not None:
            if source.audio is None:
                raise NothingToDecode(f"no picture of {path.name!r} can be decoded, and it has no sound")
            source.damages.note("video_undecodable", "No picture of the file can be decoded.")
        if frame is not None:
            check_size(frame.width, frame.height, max_pixel_count)
        return describe(path, source, frame)


def check_size(width_px: int, height_px: int, max_pixel_count: int) -> None:
    """Raises TooLarge for a picture of more pixels than allowed."""
    if width_px * height_px > max_pixel_count:
        raise TooLarge(
            f"pictures of {width_px} x {height_px} are over the limit of {max_pixel_count / 1e6:.1f} million pixels"
        )


def describe(path: Path, source: Source, first_frame: Any) -> Video:
    """The Video of an open source. first_frame None: no picture came out, so there is no video stream."""
    video = Video(
        name=path.name,
        size_bytes=path.stat().st_size,
        container=source.container.format.name,
        damages=source.damages.damages(),
    )
    if source.container.duration and source.container.duration > 0:
        video.duration_from_header.CopyFrom(duration(source.container.duration / av.time_base))
    if first_frame is not None:
        video.video_stream.CopyFrom(_video_stream(source.video, first_frame))
    if source.audio is not None:
        video.audio_stream.CopyFrom(_audio_stream(source, first_frame))
    return video


def orientation_in(frame: Any) -> Orientation:
    """The orientation by a decoded frame's display matrix."""
    data = frame.side_data.get(SideDataType.DISPLAYMATRIX)
    return UPRIGHT if data is None else orientation_of(struct.unpack("9i", bytes(data)[:36]))


def stamp_of(frame: Any) -> int | None:
    """A frame's PTS, or where it has none its DTS, in its stream's time base."""
    stamp: int | None = frame.dts if frame.pts is None else frame.pts
    return stamp


def _video_stream(stream: Any, frame: Any) -> VideoStream:
    orientation = orientation_in(frame)
    width_px, height_px = displayed_size(frame.width, frame.height, stream.sample_aspect_ratio, orientation)
    return VideoStream(
        codec=stream.codec_context.codec.canonical_name,
        width_px=width_px,
        height_px=height_px,
        rotation_deg=orientation.rotation_deg,
        frame_rate_from_header_hz=float(stream.average_rate) if stream.average_rate else None,
        color_transfer=TRANSFER_NAMES.get(frame.color_trc, ""),
        tone_mapped=is_hdr(frame.color_trc),
        mirrored=orientation.mirrored,
    )


def _audio_stream(source: Source, first_frame: Any) -> AudioStream:
    stream = source.audio
    described = AudioStream(
        codec=stream.codec_context.codec.canonical_name,
        sample_rate_hz=stream.sample_rate,
        channel_count=stream.channels,
        stream_index=stream.index,
        stream_count=source.audio_count,
    )
    if stream.start_time is not None:
        start = stream.start_time * stream.time_base
        stamp = None if first_frame is None else stamp_of(first_frame)
        origin = start if stamp is None else stamp * source.video.time_base
        described.start_offset.CopyFrom(duration(float(Fraction(start - origin))))
    return described


def _first_frame(source: Source) -> Any:
    if source.video is None:
        return None
    unsaid = DamageLog()  # what is met on the way to the first frame is counted when all is decoded
    for packet in packets_of(source, [source.video]):
        for frame in frames_of(packet, unsaid, reason="", what="", at_s=None):
            return frame
    return None
