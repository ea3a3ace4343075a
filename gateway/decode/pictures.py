"""Follows the picture stream: each picture counted, timed, and handed to the windows of its renditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from gateway.decode.clock import FrameClock, Timeline
from gateway.decode.damage import DamageLog
from gateway.decode.frames import FrameWindows
from gateway.decode.header import check_size, orientation_in
from gateway.decode.packets import frames_of
from gateway.decode.records import FrameWindow
from gateway.decode.render import Renderer
from reelscribe.v1.media_pb2 import FrameFormat


class PictureTrack:
    """Packets of pictures in, windows of frames out."""

    def __init__(
        self,
        stream: Any,
        formats: Mapping[str, FrameFormat],
        *,
        damages: DamageLog,
        timeline: Timeline,
        window_s: float,
        max_pixel_count: int,
    ) -> None:
        self.first_frame: Any = None
        """The first picture that came out of the decoder, or None."""
        self.packet_count = 0
        self.decoded_count = 0
        self.displayed_count = 0
        self._stream = stream
        self._formats = formats
        self._damages = damages
        self._timeline = timeline
        self._clock = FrameClock(time_base=stream.time_base, rate_from_header=stream.average_rate, timeline=timeline)
        self._window_s = window_s
        self._max_pixel_count = max_pixel_count
        self._renderers: list[Renderer] = []
        self._windows: FrameWindows | None = None
        self._orphan_count: int | None = 0

    @property
    def origin(self) -> Fraction | None:
        """Stated time of the first displayed picture: the 0 of the video."""
        return self._clock.origin

    @property
    def end_s(self) -> float:
        """Where the last picture so far ends, seconds from the first."""
        return float(self._clock.end)

    def take(self, packet: Any) -> Iterator[FrameWindow]:
        """Decodes a packet; gives the windows it closes."""
        self.packet_count += bool(packet.size)
        self._look_for_key(packet)
        at_s = self.end_s if self.decoded_count else None
        what = "Packets of the pictures that are corrupt"
        for frame in frames_of(packet, self._damages, reason="video_packet_corrupt", what=what, at_s=at_s):
            if frame.is_corrupt:
                self._damages.count("video_picture_corrupt", "Pictures that came out damaged", self.end_s)
            yield from self._show(frame)

    def finish(self) -> Iterator[FrameWindow]:
        """Gives the last window and notes what was wrong with the times."""
        if self._windows is not None:
            yield from self._windows.finish(self.end_s)
        refused_count = sum(renderer.refused_count for renderer in self._renderers)
        if refused_count:
            self._damages.note(
                "video_picture_refused", f"Pictures in a form that cannot be turned to RGB: {refused_count}."
            )
        if self._clock.unseen_count:
            self._damages.note(
                "video_times_not_increasing",
                f"Pictures that are not later than the one before, and never seen: {self._clock.unseen_count}.",
            )
        if self._timeline.restart_count:
            self._damages.note(
                "video_times_discontinuous",
                f"Jumps in the times of the pictures, which were joined: {self._timeline.restart_count}.",
            )

    def _show(self, frame: Any) -> Iterator[FrameWindow]:
        self.decoded_count += 1
        if self.first_frame is None:
            self._begin(frame)
        start = self._clock.place(pts=frame.pts, dts=frame.dts, duration=frame.duration)
        if start is None:
            return
        index = self.displayed_count
        self.displayed_count += 1
        if self._windows is not None:
            yield from self._windows.add(frame, index=index, start_s=float(start))

    def _begin(self, frame: Any) -> None:
        check_size(frame.width, frame.height, self._max_pixel_count)
        self.first_frame = frame
        if not self._formats:
            return
        orientation, pixel_aspect = orientation_in(frame), self._stream.sample_aspect_ratio
        self._renderers = [
            Renderer(frames, orientation=orientation, pixel_aspect=pixel_aspect) for frames in self._formats.values()
        ]
        self._windows = FrameWindows(
            {name: (self._formats[name], made) for name, made in zip(self._formats, self._renderers, strict=True)},
            window_s=self._window_s,
        )

    def _look_for_key(self, packet: Any) -> None:
        if self._orphan_count is None or not packet.size:
            return
        if not packet.is_keyframe:
            self._orphan_count += 1
            return
        if self._orphan_count:
            self._damages.note(
                "video_no_initial_keyframe",
                f"Packets of the pictures that build on a key frame missing at the start: {self._orphan_count}.",
            )
        self._orphan_count = None
