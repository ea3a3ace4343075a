"""When somebody speaks, decided from Silero's probabilities as they come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

VOICE_STEP_S = 0.032
"""Silero's frame: 512 samples at 16 kHz. No edge of speech is known finer than this."""

SPEECH_ON = 0.5
"""Probability at which speech begins: Silero's published default."""

SPEECH_OFF = 0.35
"""Probability below which it may end: Silero's default, 0.15 under the other, so that a soft vowel does not end it."""

SHORTEST_SPEECH_S = 0.25
"""Silero's default. Shorter sounds (a click, a plucked string) are not speech."""

SHORTEST_PAUSE_S = 0.1
"""Silero's default. The closure before a plosive is shorter and belongs to its word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechSpan:
    """A stretch in which somebody speaks, half-open, seconds of the video."""

    start_s: float
    end_s: float


class SpeechGate:
    """Turns probabilities into speech or not, frame by frame, each as soon as it is certain.

    It lags while a sound is too short to be speech or a silence too short to be a pause: at most about 0.35 s.
    """

    def __init__(self) -> None:
        self._speaking = False
        self._length = 0
        self._held = 0
        self._quiet = 0

    def __repr__(self) -> str:
        state = "speech" if self._speaking else "silence"
        return f"SpeechGate({state}, {self.undecided_count} undecided)"

    @property
    def undecided_count(self) -> int:
        """Frames taken that were not decided yet."""
        return self._held + self._quiet

    def push(self, probability: float) -> list[bool]:
        """Take the next frame; the frames now decided, in order: True for speech."""
        if not self._speaking:
            if probability < SPEECH_ON:
                return [False]
            self._speaking = True
        if probability >= SPEECH_ON:
            self._voice(self._quiet + 1)
            self._quiet = 0
        elif self._quiet or probability < SPEECH_OFF:
            self._quiet += 1
        else:
            self._voice(1)
        if probability < SPEECH_OFF and (self._quiet - 1) * VOICE_STEP_S >= SHORTEST_PAUSE_S:
            return self.finish()
        return self._release() if self._is_speech() else []

    def finish(self) -> list[bool]:
        """The frames not decided yet, when no more come (or the speech has ended)."""
        kept = [self._is_speech()] * self._held + [False] * self._quiet
        self._speaking = False
        self._length = self._held = self._quiet = 0
        return kept

    def _voice(self, count: int) -> None:
        self._length += count
        self._held += count

    def _is_speech(self) -> bool:
        return self._length * VOICE_STEP_S > SHORTEST_SPEECH_S

    def _release(self) -> list[bool]:
        released, self._held = [True] * self._held, 0
        return released


def spans_of(labels: Sequence[bool], first_s: float) -> list[SpeechSpan]:
    """The runs of True in frames of VOICE_STEP_S, of which the first starts at first_s.

    >>> spans_of([False, True, True, False], 1.0)
    [SpeechSpan(start_s=1.032, end_s=1.096)]
    """
    spans: list[SpeechSpan] = []
    begin: int | None = None
    for position, spoken in enumerate([*labels, False]):
        if spoken and begin is None:
            begin = position
        elif not spoken and begin is not None:
            start_s, end_s = first_s + begin * VOICE_STEP_S, first_s + position * VOICE_STEP_S
            spans.append(SpeechSpan(start_s=start_s, end_s=end_s))
            begin = None
    return spans


def joined(spans: Iterable[SpeechSpan], tolerance_s: float = 1e-6) -> list[SpeechSpan]:
    """Spans in order of their starts, those that touch made one: what windows cut apart, whole again."""
    whole: list[SpeechSpan] = []
    for span in spans:
        if whole and span.start_s <= whole[-1].end_s + tolerance_s:
            last = whole.pop()
            span = SpeechSpan(start_s=last.start_s, end_s=max(last.end_s, span.end_s))
        whole.append(span)
    return whole


def speech_s(spans: Iterable[SpeechSpan]) -> float:
    """Seconds of speech in all of them."""
    return sum(span.end_s - span.start_s for span in spans)
