"""Writes frames and samples to an MP4 file that starts playing before it is loaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np
from PIL import Image

from reelscribe.demo.scenario import FRAME_RATE_HZ, HEIGHT_PX, WIDTH_PX

if TYPE_CHECKING:
    from numpy.typing import NDArray

AUDIO_RATE_HZ = 48_000

VIDEO_CODECS: tuple[tuple[str, dict[str, str]], ...] = (
    ("libx264", {"preset": "veryfast", "crf": "20"}),
    ("mpeg4", {"qscale": "3"}),
)
"""The first one that this build of FFmpeg has is used."""

CODEC_THREADS = 2
"""Fixed, because the bytes x264 writes depend on it."""

BT709 = 1
"""FFmpeg's number for the colours of high-definition video."""


def write_mp4(path: Path, frames: Iterable[Image.Image], samples: NDArray[np.float32], samples_rate_hz: int) -> None:
    """Writes RGB frames at the demo's rate and mono float32 samples in [-1, 1]."""
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open(str(path), "w", format="mp4", options=options) as container:
        picture = _video_stream(container)
        sound = container.add_stream("aac", rate=AUDIO_RATE_HZ, layout="mono", bit_rate=96_000)
        sound_packets = _sound_packets(sound, samples, samples_rate_hz)
        for packets, end_s in _video_packets(picture, frames):
            container.mux(packets)
            for packet in sound_packets:
                container.mux(packet)
                if packet.pts is not None and packet.pts * packet.time_base >= end_s:
                    break
        for packet in sound_packets:
            container.mux(packet)


def _video_stream(container: Any) -> Any:
    name, options = next(choice for choice in VIDEO_CODECS if _can_encode(choice[0]))
    stream = container.add_stream(name, rate=FRAME_RATE_HZ, options=options)
    stream.width, stream.height, stream.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
    stream.time_base = Fraction(1, FRAME_RATE_HZ)
    context = stream.codec_context
    context.thread_count, context.gop_size = CODEC_THREADS, 2 * FRAME_RATE_HZ
    context.colorspace = context.color_primaries = context.color_trc = BT709
    context.color_range = 1
    return stream


def _can_encode(name: str) -> bool:
    try:
        return bool(av.codec.Codec(name, "w").is_encoder)
    except av.codec.codec.UnknownCodecError:
        return False


def _video_packets(stream: Any, frames: Iterable[Image.Image]) -> Iterator[tuple[list[Any], float]]:
    index = 0
    for index, image in enumerate(frames, start=1):
        rgb = av.VideoFrame.from_ndarray(np.asarray(image), format="rgb24")
        frame = rgb.reformat(format="yuv420p", dst_colorspace="ITU709")
        frame.pts, frame.time_base = index - 1, Fraction(1, FRAME_RATE_HZ)
        yield stream.encode(frame), index / FRAME_RATE_HZ
    yield stream.encode(None), index / FRAME_RATE_HZ


def _sound_packets(stream: Any, samples: NDArray[np.float32], rate_hz: int) -> Iterator[Any]:
    resampler = av.AudioResampler(format="fltp", layout="mono", rate=AUDIO_RATE_HZ)
    for start in range(0, samples.size, rate_hz):
        second = np.ascontiguousarray(samples[np.newaxis, start : start + rate_hz])
        frame = av.AudioFrame.from_ndarray(second, format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = rate_hz, start, Fraction(1, rate_hz)
        for resampled in resampler.resample(frame):
            yield from stream.encode(resampled)
    for resampled in resampler.resample(None):
        yield from stream.encode(resampled)
    yield from stream.encode(None)
