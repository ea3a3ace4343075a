"""One pass over a file: packets in the order of the file, out of them every rendition of pictures and sound."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from gateway.decode.clock import Timeline
from gateway.decode.header import describe
from gateway.decode.packets import frames_of, packets_of
from gateway.decode.pictures import PictureTrack
from gateway.decode.records import Decoded, FrameWindow, SampleWindow
from gateway.decode.sound import CORRUPT_WORDS, SoundTrack
from gateway.decode.source import DEFAULT_MAX_PIXEL_COUNT, Source, open_source
from reelscribe.v1.media_pb2 import Rendition, Video
from services.common.errors import Cancelled, NothingToDecode
from services.common.time import duration

Step = FrameWindow | SampleWindow | Decoded

TIMED_CONTAINERS: Final = ("mov", "matroska", "avi", "flv", "asf")
"""Their headers state how long the file is; others' durations are FFmpeg's estimates from the size."""

TRUNCATED_S: Final = 0.5
"""A file whose last picture or sound ends this much before the header's end was cut off."""


def decode(
    path: Path,
    renditions: Iterable[Rendition],
    *,
    cancelled: Callable[[], bool] = lambda: False,
    window_s: float = 1.0,
    audio_stream: int | None = None,
    thread_count: int = 1,
    max_pixel_count: int = DEFAULT_MAX_PIXEL_COUNT,
) -> Iterator[Step]:
    """Windows of frames and of samples, interleaved as in the file, and one `Decoded` at the end.

    Every picture is decoded, whatever renditions are asked for; sound only for sample renditions. Works in the
    calling thread, FFmpeg's part without the interpreter lock. Close the generator to stop early.

    Time 0 is the first displayed picture: sound before it is dropped, a late start and gaps are silence. What cannot
    be decoded is left out and named in `Decoded.damages`. Raises what `open_source` raises, TooLarge,
    NothingToDecode if nothing came out, and Cancelled between two packets once `cancelled()` is true.
    """
    cpu_s = 0.0
    with open_source(
        path, audio_stream=audio_stream, max_pixel_count=max_pixel_count, thread_count=thread_count
    ) as source:
        one_pass = _Pass(path, source, tuple(renditions), window_s, max_pixel_count)
        with closing(one_pass.windows(cancelled)) as windows:
            while True:
                started_s = time.thread_time()
                window = next(windows, None)
                cpu_s += time.thread_time() - started_s
                if window is None:
                    break
                yield window
        yield one_pass.result(cpu_s)


class _Pass:
    """The state of one pass."""

    def __init__(
        self, path: Path, source: Source, renditions: tuple[Rendition, ...], window_s: float, max_pixel_count: int
    ) -> None:
        self._path = path
        self._source = source
        self._pictures: PictureTrack | None = None
        self._sound: SoundTrack | None = None
        self._waiting: list[Any] = []
        frame_formats = {each.rendition_id: each.frames for each in renditions if each.HasField("frames")}
        sample_formats = {each.rendition_id: each.samples for each in renditions if each.HasField("samples")}
        end = source.end_from_header
        if source.video is not None:
            self._pictures = PictureTrack(
                source.video,
                frame_formats,
                damages=source.damages,
                timeline=Timeline(end_from_header=end),
                window_s=window_s,
                max_pixel_count=max_pixel_count,
            )
        if source.audio is not None and sample_formats:
            self._sound = SoundTrack(
                sample_formats,
                damages=source.damages,
                timeline=Timeline(end_from_header=end),
                window_s=window_s,
            )

    def windows(self, cancelled: Callable[[], bool]) -> Generator[FrameWindow | SampleWindow, None, None]:
        """All windows of the file."""
        streams = [self._source.video] if self._pictures else []
        streams += [self._source.audio] if self._sound else []
        for packet in packets_of(self._source, streams):
            if cancelled():
                raise Cancelled
            if packet.stream is self._source.video:
                yield from self._take_picture(packet)
            else:
                yield from self._take_sound(packet)
        # A picture stream without one picture leaves the sound to begin at 0.
        yield from self._release()
        if self._pictures is not None:
            yield from self._pictures.finish()
        if self._sound is not None:
            yield from self._sound.finish()
        self._judge()

    def result(self, cpu_s: float) -> Decoded:
        """What the pass found out; only after `windows` has ended."""
        pictures, sound, source = self._pictures, self._sound, self._source
        shown = pictures if pictures is not None and pictures.displayed_count else None
        video = describe(self._path, source, shown.first_frame if shown else None)
        if shown is not None:
            video.video_stream.frame_count = shown.displayed_count
            video.duration.CopyFrom(duration(shown.end_s))
        elif sound is not None:
            video.duration.CopyFrom(duration(sound.end_s))
        _tell_of_sound(video, sound)
        return Decoded(
            video=video,
            damages=source.damages.damages(),
            decoded_frame_count=pictures.decoded_count if pictures else 0,
            displayed_frame_count=pictures.displayed_count if pictures else 0,
            cpu_s=cpu_s,
        )

    def _take_picture(self, packet: Any) -> Iterator[FrameWindow | SampleWindow]:
        assert self._pictures is not None
        yield from self._pictures.take(packet)
        if self._waiting and self._pictures.origin is not None:
            yield from self._release()

    def _take_sound(self, packet: Any) -> Iterator[SampleWindow]:
        """Sound before the first picture waits, still encoded: only that picture says where 0 is."""
        if self._pictures is not None and self._pictures.origin is None:
            self._waiting.append(packet)
        else:
            yield from self._decode_sound(packet)

    def _release(self) -> Iterator[SampleWindow]:
        waiting, self._waiting = self._waiting, []
        for packet in waiting:
            yield from self._decode_sound(packet)

    def _decode_sound(self, packet: Any) -> Iterator[SampleWindow]:
        sound = self._sound
        assert sound is not None
        if sound.origin is None and self._pictures is not None:
            sound.origin = self._pictures.origin
        damages, at_s = self._source.damages, sound.end_s
        for frame in frames_of(packet, damages, reason="audio_packet_corrupt", what=CORRUPT_WORDS, at_s=at_s):
            yield from sound.add(frame, packet.stream.time_base)

    def _judge(self) -> None:
        """Notes what only the end can tell. Raises NothingToDecode if nothing came out."""
        pictures, sound, damages = self._pictures, self._sound, self._source.damages
        seen = pictures is not None and pictures.displayed_count > 0
        heard = sound is not None and sound.start is not None
        if not seen and not heard and (sound is not None or self._source.audio is None):
            raise NothingToDecode(f"neither a picture nor a sound of {self._path.name!r} can be decoded")
        if pictures is not None and not seen:
            damages.note("video_undecodable", "No picture of the file can be decoded.")
        if sound is not None and not heard:
            damages.note("audio_undecodable", "No sound of the file can be decoded.")
        missing_s, missing_count = self._missing_s(), self._missing_count()
        if missing_s >= TRUNCATED_S:
            damages.note("truncated", f"The file ends {missing_s:.1f} s before the end its header states.")
        elif missing_count > 0:
            damages.note("truncated", f"Pictures its header states that the file does not hold: {missing_count}.")

    def _missing_count(self) -> int:
        """Pictures the header counts (MP4, MOV, AVI) that never came; a difference of 1 % says nothing."""
        if self._pictures is None:
            return 0
        stated = self._source.video.frames
        missing = int(stated - self._pictures.packet_count)
        return missing if missing > 1 + stated // 100 else 0

    def _missing_s(self) -> float:
        """Seconds between what was reached and the header's end; 0 where that cannot be told."""
        source, pictures, sound = self._source, self._pictures, self._sound
        end = source.end_from_header
        timed = source.container.format.name.split(",")[0] in TIMED_CONTAINERS
        if end is None or not timed or (sound is None and source.audio is not None):
            return 0.0
        origin = pictures.origin if pictures is not None and pictures.origin is not None else None
        if origin is None:
            origin = sound.origin if sound is not None and sound.origin is not None else Fraction(0)
        reached_s = max(pictures.end_s if pictures else 0.0, sound.end_s if sound else 0.0)
        return float(end - origin) - reached_s


def _tell_of_sound(video: Video, sound: SoundTrack | None) -> None:
    if sound is None or sound.start is None or not video.HasField("audio_stream"):
        return
    video.audio_stream.start_offset.CopyFrom(duration(float(sound.start)))
    video.audio_stream.gap_duration.CopyFrom(duration(float(sound.gap)))
