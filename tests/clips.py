"""Makes small clips whose truth is known exactly: which picture is shown when, which way is up, when it clicks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

INDEX_BITS = 10
"""Pictures are numbered up to 1023."""

CORNERS = {"red": (220, 30, 30), "green": (30, 200, 30), "blue": (30, 30, 220), "white": (235, 235, 235)}
"""Top left, top right, bottom left, bottom right of an upright picture."""

CLICK_S = 0.004


def picture(index: int, width_px: int = 160, height_px: int = 96) -> np.ndarray:
    """(height, width, 3) uint8: its number as a row of black and white cells, and a colour in each corner."""
    rgb = np.full((height_px, width_px, 3), 128, dtype=np.uint8)
    third, quarter = height_px // 3, width_px // 4
    red, green, blue, white = CORNERS.values()
    rgb[:third, :quarter], rgb[:third, -quarter:] = red, green
    rgb[-third:, :quarter], rgb[-third:, -quarter:] = blue, white
    for bit in range(INDEX_BITS):
        left, right = bit * width_px // INDEX_BITS, (bit + 1) * width_px // INDEX_BITS
        rgb[third : height_px - third, left:right] = 235 if index >> bit & 1 else 16
    return rgb


def number_of(rgb: np.ndarray) -> int:
    """The number in an upright picture of any size."""
    height, width = rgb.shape[:2]
    band = rgb[int(height * 0.42) : int(height * 0.58) + 1].mean(axis=(0, 2))
    cells = [
        band[int((bit + 0.3) * width / INDEX_BITS) : int((bit + 0.7) * width / INDEX_BITS) + 1] for bit in range(10)
    ]
    return sum(int(cell.mean() > 126) << bit for bit, cell in enumerate(cells))


def corners_of(rgb: np.ndarray) -> tuple[str, ...]:
    """Names of the colours at top left, top right, bottom left, bottom right."""
    height, width = rgb.shape[:2]
    spots = [(y, x) for y in (0.15, 0.85) for x in (0.1, 0.9)]
    colors = [rgb[int(height * y), int(width * x)].astype(int) for y, x in spots]
    return tuple(min(CORNERS, key=lambda name: np.abs(color - CORNERS[name]).sum()) for color in colors)


def clicks(
    times_s: Sequence[float], length_s: float, *, sample_rate_hz: int = 48000, channel_count: int = 1
) -> np.ndarray:
    """(n, channels) float32: silence with a short 2 kHz burst starting at each time."""
    samples = np.zeros((round(length_s * sample_rate_hz), channel_count), dtype=np.float32)
    for time_s in times_s:
        first = round(time_s * sample_rate_hz)
        burst = 0.8 * np.sin(2 * np.pi * 2000 * np.arange(round(CLICK_S * sample_rate_hz)) / sample_rate_hz)
        samples[first : first + len(burst)] = burst[: len(samples) - first, None]
    return samples


def click_times_s(samples: np.ndarray, sample_rate_hz: int) -> list[float]:
    """Where bursts start in (n, channels) samples, to the millisecond."""
    loud = np.flatnonzero(np.abs(samples).max(axis=1) > 0.2)
    firsts = loud[np.flatnonzero(np.diff(loud, prepend=-(10**9)) > 0.05 * sample_rate_hz)]
    return [round(float(first) / sample_rate_hz, 3) for first in firsts]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """Blocks of samples, each at a time of its own: what lies between them is a gap of the file."""

    blocks: Sequence[tuple[float, np.ndarray]]
    """(start_s, (n, channels) float32)."""
    sample_rate_hz: int = 48000
    codec: str = "pcm_s16le"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """Pictures of a clip; picture k carries the number k."""

    times_s: Sequence[float]
    """Stated PTS of each."""
    width_px: int = 160
    height_px: int = 96
    codec: str = "libx264"
    pix_fmt: str = "yuv420p"
    options: Mapping[str, str] = field(default_factory=lambda: {"crf": "12", "preset": "ultrafast"})
    time_base: Fraction = Fraction(1, 90000)
    rate_hz: int = 25
    """Said in the header only."""
    pixel_aspect: Fraction | None = None
    rotation_deg: int = 0
    """Counter-clockwise, as FFmpeg counts it."""
    mirrored: bool = False
    colorspace: int | None = None
    color_range: int | None = None
    color_trc: int | None = None
    color_primaries: int | None = None
    rgb: np.ndarray | None = None
    """One picture (height, width, 3) instead of numbered ones."""


def every(rate_hz: float, length_s: float, start_s: float = 0.0) -> list[float]:
    """Times of a constant rate."""
    return [start_s + k / rate_hz for k in range(round(length_s * rate_hz))]


def write_clip(
    path: Path,
    pictures: Pictures | None = None,
    sound: Sound | None = None,
    *,
    options: Mapping[str, str] | None = None,
) -> Path:
    """Writes the clip; the container is the one of the path's suffix. Returns the path."""
    with av.open(str(path), "w", options=dict(options or {})) as container:
        streams: list[tuple[Any, list[Any]]] = []
        if pictures is not None:
            stream = _picture_stream(container, pictures)
            streams.append((stream, _picture_frames(pictures)))
        if sound is not None:
            stream = container.add_stream(sound.codec, rate=sound.sample_rate_hz)
            channels = sound.blocks[0][1].shape[1]
            stream.codec_context.layout = "mono" if channels == 1 else "stereo"
            streams.append((stream, _sound_frames(sound, stream)))
        packets = [packet for stream, frames in streams for packet in _packets(stream, frames)]
        for packet in sorted(packets, key=lambda packet: packet.dts * packet.time_base):
            container.mux(packet)
    return path


def _packets(stream: Any, frames: list[Any]) -> list[Any]:
    packets = [packet for frame in [*frames, None] for packet in stream.encode(frame)]
    return [packet for packet in packets if packet.size]


def _picture_stream(container: Any, pictures: Pictures) -> Any:
    stream = container.add_stream(pictures.codec, rate=pictures.rate_hz, options=dict(pictures.options))
    stream.width, stream.height, stream.pix_fmt = pictures.width_px, pictures.height_px, pictures.pix_fmt
    stream.codec_context.time_base = pictures.time_base
    if pictures.pixel_aspect is not None:
        stream.codec_context.sample_aspect_ratio = pictures.pixel_aspect
    if pictures.rotation_deg or pictures.mirrored:
        stream.set_display_rotation(pictures.rotation_deg, hflip=pictures.mirrored)
    for name in ("colorspace", "color_range", "color_trc", "color_primaries"):
        if getattr(pictures, name) is not None:
            setattr(stream.codec_context, name, getattr(pictures, name))
    return stream


def _picture_frames(pictures: Pictures) -> list[Any]:
    frames = []
    for index, time_s in enumerate(pictures.times_s):
        rgb = picture(index, pictures.width_px, pictures.height_px) if pictures.rgb is None else pictures.rgb
        frame = av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(
            format=pictures.pix_fmt,
            dst_colorspace=pictures.colorspace or 5,
            dst_color_range=pictures.color_range or 1,
        )
        frame.pts, frame.time_base = round(time_s / pictures.time_base), pictures.time_base
        for name in ("colorspace", "color_range", "color_trc", "color_primaries"):
            if getattr(pictures, name) is not None:
                setattr(frame, name, getattr(pictures, name))
        frames.append(frame)
    return frames


def _sound_frames(sound: Sound, stream: Any) -> list[Any]:
    frames = []
    step = sound.sample_rate_hz // 50
    for start_s, samples in sound.blocks:
        for first in range(0, len(samples), step):
            piece = np.clip(samples[first : first + step] * 32767, -32768, 32767).astype(np.int16)
            frame = av.AudioFrame.from_ndarray(piece.reshape(1, -1), format="s16", layout=stream.codec_context.layout)
            frame.sample_rate = sound.sample_rate_hz
            frame.pts, frame.time_base = (
                round(start_s * sound.sample_rate_hz) + first,
                Fraction(1, sound.sample_rate_hz),
            )
            frames.append(frame)
    return frames
