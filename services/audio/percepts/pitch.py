"""Pitch: the voice's fundamental frequency, 62.5 times a second, and nothing where nobody speaks, by SwiftF0."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
import numpy.typing as npt

from services.audio.percepts.speech_spans import SpeechSpan, joined
from services.audio.percepts.voice import SPEECH_SAMPLES, Voice
from services.common.analyzer import Percept
from services.common.device import Device
from services.common.errors import LibraryNotInstalled
from services.common.weights import locate
from services.common.window import PTS_TOLERANCE_S, Part, Window

PITCH_STEP_S = 0.016
"""SwiftF0's hop: 256 samples at 16 kHz. A value speaks for the 32 ms around its moment."""

LOWEST_HZ, HIGHEST_HZ = 50.0, 800.0
"""From a creaking bass to a child that shouts; beyond lie instruments, which the network would follow as well."""

VOICED = 0.5
"""Confidence from which a frame is voiced: so the network was calibrated by its publisher."""

Curve = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class PitchFrames:
    """The values whose moments lie in one window: `window[Pitch]`."""

    first_frame_s: float
    """Moment of the first value, seconds of the video."""
    frequency_hz: Curve
    """(n,) in steps of PITCH_STEP_S; 0 where no voice is heard."""


class Pitch(Percept):
    """SwiftF0 over every sample once. A window's value lags by 0.16 s more than Voice does.

    Where two speak at a time, or music sounds below, it is the pitch of the stronger one.
    """

    needs = SPEECH_SAMPLES
    uses = (Voice,)
    weights = ("swift-f0",)

    def load(self, device: Device) -> None:
        installed = locate("swift-f0")
        try:
            from swift_f0 import SwiftF0
        except ImportError:
            raise LibraryNotInstalled("swift-f0", "audio") from None
        self._device = device
        self._detector = SwiftF0(threads=device.threads_per_call, spin=False)
        self.models = (installed.used_by(f"swift-f0 {version('swift-f0')}", device="cpu", precision="float32"),)

    def perceive(self, part: Part, windows: Iterator[Window]) -> Iterator[PitchFrames]:
        following = _Following(self._detector.stream(fmin=LOWEST_HZ, fmax=HIGHEST_HZ), self._device)
        waiting: deque[Window] = deque()
        for window in windows:
            batch = window[SPEECH_SAMPLES]
            following.hear(batch.mono, batch.start_s)
            waiting.append(window)
            while waiting and following.knows(waiting[0].end_s):
                yield following.until(waiting.popleft())
        following.finish()
        while waiting:
            yield following.until(waiting.popleft())


class _Following:
    """One part: the network's stream, and values not given out yet."""

    def __init__(self, stream: Any, device: Device) -> None:
        self._stream = stream
        self._device = device
        self._start_s: float | None = None
        self._given = 0
        self._spans: list[SpeechSpan] = []
        self._values: Curve = np.empty(0, np.float32)

    def hear(self, samples: npt.NDArray[np.float32], start_s: float) -> None:
        if not len(samples):
            return
        if self._start_s is None:
            self._start_s = start_s
        with self._device.call():
            self._take(self._stream.push(samples, SPEECH_SAMPLES.sample_rate_hz))

    def finish(self) -> None:
        with self._device.call():
            self._take(self._stream.flush())

    def knows(self, time_s: float) -> bool:
        """Whether every value before is there."""
        return self._start_s is not None and self._given + len(self._values) >= self._frame_at(time_s)

    def until(self, window: Window) -> PitchFrames:
        """The values of the next window; fewer at the end of the part."""
        count = min(max(0, self._frame_at(window.end_s) - self._given), len(self._values))
        first_frame_s = (self._start_s or 0.0) + self._given * PITCH_STEP_S
        # The frame of Voice in which the window begins was told by the window before.
        spans = joined([*self._spans[-1:], *window[Voice].spans])
        frames = PitchFrames(
            first_frame_s=first_frame_s, frequency_hz=_spoken(self._values[:count], first_frame_s, spans)
        )
        self._spans = spans
        self._values = self._values[count:]
        self._given += count
        return frames

    def _frame_at(self, time_s: float) -> int:
        return int(np.ceil((time_s - (self._start_s or 0.0) - PTS_TOLERANCE_S) / PITCH_STEP_S))

    def _take(self, found: Any) -> None:
        voiced = np.where(found.confidence >= VOICED, found.pitch_hz, 0.0).astype(np.float32)
        self._values = np.concatenate([self._values, voiced])


def _spoken(values: Curve, first_s: float, spans: Iterable[SpeechSpan]) -> Curve:
    """Without what is no speech: an instrument has a pitch as well."""
    times_s = first_s + np.arange(len(values)) * PITCH_STEP_S
    spoken = np.zeros(len(times_s), bool)
    for span in spans:
        spoken |= (times_s >= span.start_s) & (times_s < span.end_s)
    return np.where(spoken, values, 0.0).astype(np.float32)
