"""Opens a file for decoding and chooses its streams; the only place where a path becomes a container."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
from av.stream import Discard, Disposition

from gateway.decode.damage import DamageLog
from services.common.errors import InvalidSetting, NotAVideo, NotFound, NothingToDecode, UnsupportedCodec

CONTAINERS: Final = (
    "mov", "matroska", "webm", "mpegts", "mpeg", "avi", "flv", "asf", "ogg", "mxf", "gif", "ivf", "nut", "rm", "dv",
    "wtv", "mpegvideo", "m4v", "h264", "hevc", "vvc", "obu",
    "wav", "w64", "mp3", "aac", "ac3", "eac3", "flac", "aiff", "caf", "amr",
)  # fmt: skip
"""The only formats opened. Playlists (HLS, DASH, concat), image patterns and text are not: they name other files."""

NO_PICTURES: Final = (
    Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image | Disposition.dependent
)
"""Cover art and the like: a video stream with one of these is not the video."""

DEFAULT_MAX_PIXEL_COUNT: Final = 4096 * 4096
"""Pictures of more pixels are refused: 4K (8.3 million) and 5K pass, 8K (33.2 million) does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An open file. `video` and `audio` have a decoder each, or are None."""

    container: Any
    video: Any
    audio: Any
    audio_count: int
    damages: DamageLog

    @property
    def end_from_header(self) -> Fraction | None:
        """Where the header says the file ends, on the line of its own time stamps."""
        if not self.container.duration:
            return None
        return Fraction((self.container.start_time or 0) + self.container.duration, av.time_base)


@contextmanager
def open_source(
    path: Path,
    *,
    audio_stream: int | None = None,
    max_pixel_count: int = DEFAULT_MAX_PIXEL_COUNT,
    thread_count: int = 1,
) -> Iterator[Source]:
    """An open file with its streams chosen: the default picture and sound, or the sound of index `audio_stream`.

    Raises NotFound, NotAVideo, NothingToDecode (neither picture nor sound), UnsupportedCodec (no decoder for any of
    them), InvalidSetting (audio_stream is not one).
    """
    with _container(path) as container:
        damages = DamageLog()
        video = _video_stream(container, damages)
        audio = _audio_stream(container, audio_stream, damages)
        if video is None and audio is None:
            raise _nothing_usable(container, path.name)
        for stream in container.streams:
            if stream not in (video, audio):
                stream.discard = Discard.all
        if video is not None:
            # Twice the limit, since decoders count the padding of what they store; it only keeps memory bounded.
            video.codec_context.options = {"max_pixels": str(2 * max_pixel_count)}
            video.thread_count = thread_count
            video.thread_type = "AUTO" if thread_count > 1 else "NONE"
        yield Source(
            container=container,
            video=video,
            audio=audio,
            audio_count=sum(stream.type == "audio" for stream in container.streams),
            damages=damages,
        )


def _container(path: Path) -> Any:
    name = path.name
    if not path.exists():
        raise NotFound(f"there is no file {name!r}")
    if not path.is_file():
        raise NotAVideo(f"{name!r} is not a file")
    if path.stat().st_size == 0:
        raise NotAVideo(f"{name!r} is empty")
    try:
        return av.open(
            # Without the prefix a name like "concat:a|b" would be read as a protocol.
            f"file:{path}",
            container_options={"format_whitelist": ",".join(CONTAINERS), "protocol_whitelist": "file"},
            metadata_errors="replace",
        )
    except (av.FFmpegError, ValueError) as error:
        raise NotAVideo(f"{name!r} is not a video, or its header is damaged: {_words(error)}") from error


def _video_stream(container: Any, damages: DamageLog) -> Any:
    pictured = [stream for stream in container.streams.video if not stream.disposition & NO_PICTURES]
    decodable = [stream for stream in pictured if stream.codec_context is not None]
    if pictured and not decodable:
        damages.note("video_undecodable", "The pictures are in a codec that cannot be decoded here.")
    # An empty track has no pixel format, since no packet of it could be looked at: it is the last choice.
    return min(
        decodable, key=lambda stream: (stream.pix_fmt is None, not _is_default(stream), stream.index), default=None
    )


def _audio_stream(container: Any, index: int | None, damages: DamageLog) -> Any:
    sounding = [stream for stream in container.streams if stream.type == "audio"]
    if index is not None and index not in [stream.index for stream in sounding]:
        indices = ", ".join(str(stream.index) for stream in sounding) or "none"
        raise InvalidSetting(f"stream {index} is not an audio stream of the file; its audio streams are {indices}")
    asked = [stream for stream in sounding if index in (None, stream.index)]
    decodable = [stream for stream in asked if stream.codec_context is not None]
    if asked and not decodable:
        damages.note("audio_undecodable", "The sound is in a codec that is unknown or cannot be decoded here.")
    return min(decodable, key=lambda stream: (not _is_default(stream), stream.index), default=None)


def _is_default(stream: Any) -> bool:
    return bool(stream.disposition & Disposition.default)


def _nothing_usable(container: Any, name: str) -> NothingToDecode | UnsupportedCodec:
    if any(
        stream.type == "audio" or (stream.type == "video" and not stream.disposition & NO_PICTURES)
        for stream in container.streams
    ):
        return UnsupportedCodec(f"{name!r} has no stream in a codec that can be decoded here")
    return NothingToDecode(f"{name!r} has neither pictures nor sound")


def _words(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
