"""What a part sounds like from moment to moment, as far as it was heard: voice, level and pitch, no samples."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from services.audio.delivery.levels import FLOOR_DB, LEVEL_STEP_S, LevelMeter
from services.audio.delivery.pauses import AROUND_S, quiet_spans
from services.audio.percepts.pitch import PITCH_STEP_S, Pitch
from services.audio.percepts.speech_spans import SpeechSpan, joined
from services.audio.percepts.spoken_words import Utterance, utterances_from
from services.audio.percepts.transcript import Transcript
from services.audio.percepts.voice import SPEECH_SAMPLES, Voice
from services.common.window import Window

Curve = npt.NDArray[np.float32]


class VoiceTrace:
    """Takes windows in order. Keeps about 650 bytes for each second: ten minutes are 0.4 MB, their samples 38 MB."""

    def __init__(self) -> None:
        self._meter = LevelMeter()
        self._levels = _Series(LEVEL_STEP_S)
        self._pitch = _Series(PITCH_STEP_S)
        self._voices: list[SpeechSpan] = []
        self.start_s = 0.0
        """First moment heard."""
        self.heard_s = float("-inf")
        """First moment not heard yet."""

    def __repr__(self) -> str:
        return f"VoiceTrace(to {self.heard_s:.2f} s, {len(self._voices)} voices)"

    def push(self, window: Window) -> None:
        """Take the next window: its samples, Voice and Pitch."""
        batch = window[SPEECH_SAMPLES]
        if self.heard_s == float("-inf"):
            self.start_s = batch.start_s if len(batch) else window.start_s
        self._levels.add(self._meter.push(batch.mono), self.start_s)
        self._pitch.add(window[Pitch].frequency_hz, window[Pitch].first_frame_s)
        self._voices = _extended(self._voices, window[Voice].spans)
        self.heard_s = window.end_s

    def finish(self) -> None:
        """No more windows."""
        self._levels.add(self._meter.finish(), self.start_s)

    def pitch_hz(self, start_s: float, end_s: float) -> Curve:
        """(n,) in steps of PITCH_STEP_S; 0 where there is no voice."""
        return self._pitch.between(start_s, end_s)

    def levels_db(self, start_s: float, end_s: float) -> Curve:
        """(n,) in steps of LEVEL_STEP_S."""
        return self._levels.between(start_s, end_s)

    def quiet(self, start_s: float, end_s: float, *, shortest_s: float) -> list[SpeechSpan]:
        """Where nobody speaks within [start_s, end_s), each at least shortest_s long, in order.

        The part's beginning and, after `finish`, its end bound a silence as speech does.
        """
        near = [
            voice for voice in self._voices if voice.end_s > start_s - AROUND_S and voice.start_s < end_s + AROUND_S
        ]
        edges = [SpeechSpan(start_s=time_s, end_s=time_s) for time_s in (self.start_s, self.heard_s)]
        spans = quiet_spans(sorted([*near, *edges], key=lambda span: span.start_s), self._levels.whole(), self.start_s)
        return [
            span
            for span in spans
            if span.end_s - span.start_s >= shortest_s - 1e-6 and span.start_s < end_s and span.end_s > start_s
        ]


def finished_utterances(windows: Iterable[Window], trace: VoiceTrace, own_start_s: float) -> Iterator[Utterance]:
    """Each utterance, its words from own_start_s on, once all of its sound and a second more lie in the trace."""
    waiting: deque[Utterance] = deque()
    for window in windows:
        trace.push(window)
        waiting.extend(utterances_from(window[Transcript], own_start_s))
        while waiting and waiting[0].end_s + AROUND_S <= trace.heard_s:
            yield waiting.popleft()
    trace.finish()
    yield from waiting


def mean_level_db(levels: Curve) -> float:
    """That of their mean power; FLOOR_DB for none."""
    if not len(levels):
        return FLOOR_DB
    return float(10 * np.log10(np.mean(10 ** (levels.astype(np.float64) / 10))))


class _Series:
    """Values at equal steps, the first at its own moment."""

    def __init__(self, step_s: float) -> None:
        self._step_s = step_s
        self._start_s: float | None = None
        self._pieces: list[Curve] = []

    def add(self, values: Curve, start_s: float) -> None:
        """Only the first call's start counts."""
        if self._start_s is None:
            self._start_s = start_s
        self._pieces.append(values)

    def whole(self) -> Curve:
        if len(self._pieces) != 1:
            self._pieces = [np.concatenate([np.empty(0, np.float32), *self._pieces])]
        return self._pieces[0]

    def between(self, start_s: float, end_s: float) -> Curve:
        values = self.whole()
        first, last = (round((time_s - (self._start_s or 0.0)) / self._step_s) for time_s in (start_s, end_s))
        return values[max(0, first) : max(0, last)]


def _extended(voices: list[SpeechSpan], spans: Iterable[SpeechSpan]) -> list[SpeechSpan]:
    return [*voices[:-1], *joined([*voices[-1:], *spans])]
