"""Voice: how surely somebody speaks, 31 times a second, and the spans of speech, by Silero VAD."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from services.audio.percepts.speech_spans import VOICE_STEP_S, SpeechGate, SpeechSpan, spans_of
from services.common.analyzer import Percept
from services.common.device import Device
from services.common.onnx import OnnxNetwork
from services.common.weights import locate
from services.common.window import PTS_TOLERANCE_S, Part, Samples, Window

SPEECH_SAMPLES = Samples(sample_rate_hz=16000, channel_count=1)
"""What every model of speech and sound here was trained on."""

FRAME_SAMPLES = 512
"""Silero's frame at 16 kHz: VOICE_STEP_S."""

CONTEXT_SAMPLES = 64
"""The end of the frame before, which Silero wants in front of each."""

Sound = npt.NDArray[np.float32]
Detect = Callable[[Sound, "_Memory"], Sound]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceActivity:
    """How much one window holds of speech: `window[Voice]`. Its frames are those that start in the window."""

    spans: tuple[SpeechSpan, ...]
    """Runs of frames that are speech. `speech_spans.joined` makes them whole over windows."""
    first_frame_s: float
    """Start of the first frame, seconds of the video."""
    probabilities: Sound
    """(n,) of speech, [0, 1], one for each frame of VOICE_STEP_S."""


class Voice(Percept):
    """Silero VAD over every sample once; the value of a window lags by at most one more window."""

    needs = SPEECH_SAMPLES
    weights = ("silero-vad",)

    def load(self, device: Device) -> None:
        self._network = OnnxNetwork(locate("silero-vad"), device, extra="audio")
        self.models = (self._network.model,)

    def perceive(self, part: Part, windows: Iterator[Window]) -> Iterator[VoiceActivity]:
        hearing = _Hearing(self._detect)
        waiting: deque[Window] = deque()
        for window in windows:
            batch = window[SPEECH_SAMPLES]
            hearing.hear(batch.mono, batch.start_s)
            waiting.append(window)
            while waiting and hearing.knows(waiting[0].end_s):
                yield hearing.activity_until(waiting.popleft().end_s)
        hearing.finish()
        while waiting:
            yield hearing.activity_until(waiting.popleft().end_s)

    def _detect(self, frames: Sound, memory: _Memory) -> Sound:
        found, memory.hidden, memory.cell = self._network({"input": frames, "h": memory.hidden, "c": memory.cell})
        return np.asarray(found, dtype=np.float32).reshape(-1)


class _Memory:
    """What Silero carries from one frame to the next."""

    def __init__(self) -> None:
        self.hidden: Any = np.zeros((1, 1, 128), np.float32)
        self.cell: Any = np.zeros((1, 1, 128), np.float32)
        self.context: Sound = np.zeros(CONTEXT_SAMPLES, np.float32)


class _Hearing:
    """One part, as far as it was heard: samples that fill no frame yet, and frames not given out yet."""

    def __init__(self, detect: Detect) -> None:
        self._detect = detect
        self._memory = _Memory()
        self._gate = SpeechGate()
        self._rest: Sound = np.empty(0, np.float32)
        self._start_s: float | None = None
        self._given = 0
        self._probabilities: list[float] = []
        self._labels: list[bool] = []

    def hear(self, samples: Sound, start_s: float) -> None:
        """Take the next samples (n,); whole frames are judged at once."""
        if self._start_s is None and len(samples):
            self._start_s = start_s
        heard = np.concatenate([self._rest, samples])
        whole = len(heard) - len(heard) % FRAME_SAMPLES
        self._rest = heard[whole:]
        self._judge(heard[:whole])

    def finish(self) -> None:
        """Judge what is left, filled up with silence."""
        if len(self._rest):
            self._judge(np.pad(self._rest, (0, FRAME_SAMPLES - len(self._rest))))
        self._labels += self._gate.finish()

    def knows(self, time_s: float) -> bool:
        """Whether it is certain who speaks in every frame that starts before."""
        return self._start_s is not None and self._given + len(self._labels) >= self._frame_at(time_s)

    def activity_until(self, time_s: float) -> VoiceActivity:
        """The frames that start before, from where the last call ended."""
        count = max(0, self._frame_at(time_s) - self._given)
        first_frame_s = (self._start_s or 0.0) + self._given * VOICE_STEP_S
        labels, self._labels = self._labels[:count], self._labels[count:]
        probabilities, self._probabilities = self._probabilities[:count], self._probabilities[count:]
        self._given += len(labels)
        return VoiceActivity(
            spans=tuple(spans_of(labels, first_frame_s)),
            first_frame_s=first_frame_s,
            probabilities=np.array(probabilities, np.float32),
        )

    def _frame_at(self, time_s: float) -> int:
        """Index of the first frame that does not start before."""
        return int(np.ceil((time_s - (self._start_s or 0.0) - PTS_TOLERANCE_S) / VOICE_STEP_S))

    def _judge(self, samples: Sound) -> None:
        if not len(samples):
            return
        frames = samples.reshape(-1, FRAME_SAMPLES)
        contexts = np.concatenate([self._memory.context[None], frames[:-1, -CONTEXT_SAMPLES:]])
        self._memory.context = frames[-1, -CONTEXT_SAMPLES:].copy()
        probabilities = self._detect(np.concatenate([contexts, frames], axis=1), self._memory)
        for probability in probabilities.tolist():
            self._probabilities.append(probability)
            self._labels += self._gate.push(probability)
