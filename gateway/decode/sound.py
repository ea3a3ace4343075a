"""Puts decoded sound on the video's time line and resamples it: silence where there is none, nothing before 0."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

import av
import numpy as np
import numpy.typing as npt

from gateway.decode.clock import Timeline
from gateway.decode.damage import DamageLog
from gateway.decode.records import SampleWindow
from gateway.decode.samples import SampleWindows
from reelscribe.v1.media_pb2 import SampleFormat

JITTER_S: Final = Fraction(12, 1000)
"""Stated times this near to the samples' own count are rounding of the container; further off, a gap or an overlap.

Below the shortest frame that gets lost alone (Opus 20 ms, AAC 21 ms), above the 1 ms that Matroska and FLV round to."""

CORRUPT_WORDS: Final = "Packets of the sound that are corrupt"
"""How a damaged packet is counted in a report."""

SILENCE_S: Final = 1
"""Longest silence made at a time, so that a late start of an hour is not an hour in memory."""


class SoundTrack:
    """Decoded frames of sound in, windows of samples out. `origin` is the stated time that is 0 in the video.

    stated   -0.1 ----#####----- 1.5      ####### 2.0        ##### 2.9 .. (origin already taken off)
    samples     0 ....#####-----....silence....  #######......#####      sample k at k / rate
    """

    def __init__(
        self, formats: Mapping[str, SampleFormat], *, damages: DamageLog, timeline: Timeline, window_s: float
    ) -> None:
        self.origin: Fraction | None = None
        self.start: Fraction | None = None
        """Where the first sample lies, relative to the origin; negative if sound begins before the pictures."""
        self.gap = Fraction(0)
        """Silence put in between samples, seconds."""
        self._damages = damages
        self._formats = formats
        self._windows = SampleWindows(formats, window_s=window_s)
        self._timeline = timeline
        # PyAV reads past the planes of a frame with 8 or more planar channels. Packed frames have one plane.
        self._packer: Any = None
        self._resamplers: dict[str, Any] = {}
        self._source: tuple[str, str, int] | None = None
        self._position = 0
        """Where the next sample lies, in samples of the source; negative before the origin."""

    @property
    def end_s(self) -> float:
        """Where the sound received so far ends, seconds of the video."""
        return max(self._position, 0) / self._source[2] if self._source else 0.0

    def add(self, frame: Any, time_base: Fraction) -> Iterator[SampleWindow]:
        """Takes a decoded frame of sound. Without an origin the first frame is at 0."""
        try:
            self._follow(frame)
            stated = None if frame.pts is None else frame.pts * time_base
            for packed in self._packer.resample(frame):
                yield from self._place(packed, stated)
        except (av.FFmpegError, ValueError):
            # A damaged frame may claim a layout no resampler takes; the next frame gets new ones.
            self._damages.count("audio_packet_corrupt", CORRUPT_WORDS, self.end_s)
            self._resamplers = {}

    def finish(self) -> Iterator[SampleWindow]:
        """Gives what the resamplers still hold, and the last window."""
        self._flush()
        self._windows.align(self.end_s)
        yield from self._windows.complete()
        yield from self._windows.finish(end_s=self.end_s)

    def _place(self, frame: Any, stated: Fraction | None) -> Iterator[SampleWindow]:
        missing = self._missing(stated, frame.sample_rate)
        if missing > 0:
            first = max(self._position, 0)
            self._position += missing
            yield from self._silence(frame, self._position - first)
        overlap = min(max(-missing, 0), frame.samples)
        unheard = min(max(-self._position, 0), frame.samples - overlap)
        self._position += frame.samples - overlap
        if overlap + unheard < frame.samples:
            yield from self._feed(_without_first(frame, overlap + unheard))

    def _missing(self, stated: Fraction | None, rate_hz: int) -> int:
        """Samples missing before a frame (> 0), or of it that overlap what was (< 0)."""
        if self.start is None or self.origin is None:
            self.origin = self.origin if self.origin is not None else stated or Fraction(0)
            self.start = (stated if stated is not None else self.origin) - self.origin
            self._position = min(0, round(self.start * rate_hz))
            return max(0, round(self.start * rate_hz))
        expected = self.origin + Fraction(self._position, rate_hz)
        gap = self._timeline.place(stated, expected) - expected
        if abs(gap) < JITTER_S:
            return 0
        self.gap += max(gap, Fraction(0))
        return round(gap * rate_hz)

    def _silence(self, like: Any, count: int) -> Iterator[SampleWindow]:
        while count > 0:
            piece = min(count, SILENCE_S * like.sample_rate)
            yield from self._feed(_silent(like, piece))
            count -= piece

    def _feed(self, frame: Any) -> Iterator[SampleWindow]:
        frame.pts = None
        for name, resampler in self._resamplers.items():
            self._collect(name, resampler.resample(frame))
        yield from self._windows.complete()

    def _follow(self, frame: Any) -> None:
        """New resamplers at the start, after a frame they refused, and where the stream changes rate or channels."""
        source = (frame.format.name, frame.layout.name, frame.sample_rate)
        if source == self._source and self._resamplers:
            return
        if self._source is not None:
            self._flush()
            self._windows.align(self.end_s)
            self._position = round(Fraction(self._position * frame.sample_rate, self._source[2]))
        self._source = source
        self._packer = av.AudioResampler(format="flt")
        self._resamplers = {name: _resampler(samples) for name, samples in self._formats.items()}

    def _flush(self) -> None:
        for name, resampler in self._resamplers.items():
            self._collect(name, resampler.resample(None))
        self._resamplers = {}

    def _collect(self, name: str, frames: list[Any]) -> None:
        form = self._formats[name]
        for frame in frames:
            if frame is not None and frame.samples:
                samples = frame.to_ndarray().reshape(-1, form.channel_count)
                # Lossy codecs and resampling overshoot full scale. Players clip, and so do we, unless it is measured.
                self._windows.add(name, samples if form.native else samples.clip(-1.0, 1.0))


def _resampler(samples: SampleFormat) -> Any:
    return av.AudioResampler(
        format="flt",
        layout=f"{samples.channel_count}c",
        rate=samples.sample_rate_hz,
        # Otherwise float mono is 0.7 (left + right), over 1 for what both channels share; so it is their mean.
        # What is measured keeps its level instead: to fit 7.1 into 5.1, this limit would turn down all of it.
        options={"rematrix_maxval": "100.0" if samples.native else "1.0"},
    )


def _silent(like: Any, count: int) -> Any:
    return _frame(like, np.zeros((1, count * like.layout.nb_channels), np.float32))


def _without_first(frame: Any, count: int) -> Any:
    return _frame(frame, frame.to_ndarray()[:, count * frame.layout.nb_channels :]) if count else frame


def _frame(like: Any, array: npt.NDArray[np.float32]) -> Any:
    made = av.AudioFrame.from_ndarray(np.ascontiguousarray(array), format="flt", layout=like.layout.name)
    made.sample_rate = like.sample_rate
    return made
