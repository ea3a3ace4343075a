"""The one pass over a video's file: its windows as they come, and what is known of the video as far as it came."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from pathlib import Path

import structlog

from gateway.decode import Decoded, FrameWindow, decode
from gateway.publish import DecodedWindow
from gateway.stepping import stepping
from gateway.streams import MISSING, damages_by_stream
from reelscribe.v1.analysis_pb2 import Decoding
from reelscribe.v1.media_pb2 import Damage, Rendition, StreamKind, Video
from services.common.errors import Cancelled, DecodingFailed, ReelscribeError
from services.common.settings import GatewaySettings
from services.common.time import duration, seconds

log = structlog.get_logger()


class Reading:
    """Reads a file once. `windows` gives what is decoded; what keeps it from the end is kept in `error`, not raised."""

    def __init__(
        self,
        path: Path,
        video: Video,
        renditions: Sequence[Rendition],
        settings: GatewaySettings,
        *,
        audio_stream: int | None = None,
    ) -> None:
        """`video`: as probed, with the same `audio_stream`: an index, or None for the file's default."""
        self.decoded_s = 0.0
        """How far it is."""
        self.error: ReelscribeError | None = None
        self.stopped = False
        """Set it to end the pass at the next packet."""
        self.cpu_s = 0.0
        """Processor time of the pass so far. With more than one decoder thread, theirs is not in it."""
        self._path = path
        self._probed = video
        self._renditions = renditions
        self._settings = settings
        self._audio_stream = audio_stream
        self._decoded: Decoded | None = None
        self._pass_count = 0
        self._shown_count = 0
        self._wall_s = 0.0

    def __repr__(self) -> str:
        return f"Reading({self._path.name}, {self.decoded_s:.1f} s)"

    async def windows(self) -> AsyncGenerator[DecodedWindow, None]:
        """Each window when it is asked for, made in a thread. To be closed."""
        started_s = time.monotonic()
        try:
            async with stepping(self._steps(), "decode") as steps:
                async for step in steps:
                    if isinstance(step, Decoded):
                        self._decoded = step
                    else:
                        self._note(step)
                        yield step
        finally:
            self._wall_s = time.monotonic() - started_s

    def damages(self) -> dict[StreamKind, Damage]:
        """The damage that ended each stream early, by what is known of it."""
        if self.error is not None:
            return dict.fromkeys(MISSING, _damage_by(self.error))
        return damages_by_stream(self._decoded.damages if self._decoded else self._probed.damages)

    def video(self) -> Video:
        """What decoding has shown, as far as it came, under the name and hash the file came with."""
        video = Video()
        video.CopyFrom(self._decoded.video if self._decoded else self._probed)
        video.name, video.sha256 = self._probed.name, self._probed.sha256
        if self._decoded is None:
            video.duration.CopyFrom(duration(self.decoded_s))
            if video.HasField("video_stream"):
                video.video_stream.frame_count = self._shown_count
        if self.error is not None:
            video.damages.append(_damage_by(self.error))
        return video

    def length_s(self) -> float:
        """How long the video is, or is said to be where decoding did not come to its end."""
        if self._decoded is not None:
            return seconds(self._decoded.video.duration)
        return max(self.decoded_s, seconds(self._probed.duration_from_header))

    def decoding(self, peak_media_bytes: int) -> Decoding:
        """What the pass did. Frames of one that was ended early: those known to have been shown."""
        decoded = self._decoded
        return Decoding(
            decoded_frame_count=decoded.decoded_frame_count if decoded else self._shown_count,
            displayed_frame_count=decoded.displayed_frame_count if decoded else self._shown_count,
            pass_count=self._pass_count,
            renditions=self._renditions,
            wall_duration=duration(self._wall_s),
            cpu_duration=duration(self.cpu_s),
            peak_media_bytes=peak_media_bytes,
        )

    def _note(self, window: DecodedWindow) -> None:
        self.decoded_s = max(self.decoded_s, window.end_s)
        if isinstance(window, FrameWindow):
            last = max((int(batch.index[-1]) + 1 for batch in window.renditions.values() if len(batch)), default=0)
            self._shown_count = max(self._shown_count, last)

    def _steps(self) -> Iterator[DecodedWindow | Decoded]:
        """In a thread that does nothing else, so that its processor time is the decoder's."""
        self._pass_count += 1
        started_s = time.thread_time()
        steps = decode(
            self._path,
            self._renditions,
            window_s=self._settings.window_s,
            audio_stream=self._audio_stream,
            cancelled=lambda: self.stopped,
            thread_count=self._settings.decode_threads,
            max_pixel_count=self._settings.max_pixel_count,
        )
        try:
            for step in steps:
                self.cpu_s = time.thread_time() - started_s
                yield step
        except Cancelled:
            return
        except ReelscribeError as error:
            self.error = error
        except Exception as problem:
            log.exception("decoder failed", file=self._path.name)
            self.error = DecodingFailed(f"the decoder failed: {type(problem).__name__}: {problem}")


def _damage_by(error: ReelscribeError) -> Damage:
    return Damage(reason=error.reason, message=str(error))
