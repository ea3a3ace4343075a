"""Cuts resampled sound into windows of equal length."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from gateway.decode.records import SampleWindow
from reelscribe.v1.media_pb2 import SampleFormat
from services.common.window import PTS_TOLERANCE_S, SampleBatch


class _Tape:
    """One rendition's samples that are in no window yet."""

    def __init__(self, samples: SampleFormat) -> None:
        self.rate_hz = samples.sample_rate_hz
        self.total_count = 0
        self._channel_count = samples.channel_count
        self._taken_count = 0
        self._blocks: list[npt.NDArray[np.float32]] = []

    def add(self, block: npt.NDArray[np.float32]) -> None:
        self._blocks.append(block)
        self.total_count += len(block)

    def align(self, count: int) -> None:
        """Make the tape end at sample number count of the video, with silence or by cutting what is not taken."""
        if self.total_count < count:
            self.add(np.zeros((count - self.total_count, self._channel_count), np.float32))
        elif self.total_count > count:
            kept = max(count, self._taken_count) - self._taken_count
            self._blocks = [np.concatenate(self._blocks)[:kept]] if self._blocks else []
            self.total_count = self._taken_count + kept

    def take(self, end_count: int) -> SampleBatch:
        """The samples from the last one taken to number end_count of the video, or to the last there is."""
        waiting = np.concatenate(self._blocks or [np.empty((0, self._channel_count), np.float32)])
        count = min(end_count, self.total_count) - self._taken_count
        # A copy: a view would keep all that waits in memory, and share it between windows.
        samples = waiting[:count].copy()
        samples.flags.writeable = False
        batch = SampleBatch(samples=samples, sample_rate_hz=self.rate_hz, start_s=self._taken_count / self.rate_hz)
        self._blocks = [waiting[count:]] if count < len(waiting) else []
        self._taken_count += count
        return batch


class SampleWindows:
    """Blocks of samples in, windows of window_s seconds out; the last is as long as the sound lasts."""

    def __init__(self, formats: Mapping[str, SampleFormat], *, window_s: float) -> None:
        self._tapes = {name: _Tape(samples) for name, samples in formats.items()}
        self._window_s = window_s
        self._index = 0

    def add(self, rendition_id: str, block: npt.NDArray[np.float32]) -> None:
        """The next samples (n, channel_count) of one rendition."""
        self._tapes[rendition_id].add(block)

    def align(self, end_s: float) -> None:
        """Makes all renditions end here: resamplers give a few milliseconds more, or less where one failed."""
        for tape in self._tapes.values():
            tape.align(round(end_s * tape.rate_hz))

    def complete(self) -> Iterator[SampleWindow]:
        """The windows that every rendition has all samples of."""
        while self._tapes and all(tape.total_count >= self._end_count(tape) for tape in self._tapes.values()):
            yield self._next((self._index + 1) * self._window_s)

    def finish(self, *, end_s: float) -> Iterator[SampleWindow]:
        """What is left, up to where the sound ends."""
        while self._index * self._window_s < end_s - PTS_TOLERANCE_S:
            yield self._next(min((self._index + 1) * self._window_s, end_s))

    def _next(self, end_s: float) -> SampleWindow:
        window = SampleWindow(
            index=self._index,
            start_s=self._index * self._window_s,
            end_s=end_s,
            renditions={name: tape.take(round(end_s * tape.rate_hz)) for name, tape in self._tapes.items()},
        )
        self._index += 1
        return window

    def _end_count(self, tape: _Tape) -> int:
        return round((self._index + 1) * self._window_s * tape.rate_hz)
