"""Ten seconds as the segmentation network sees them: up to three voices, each heard or not, moment by moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.audio.percepts.speech_spans import SpeechSpan

SEGMENT_S = 10.0
"""What the network was trained on and judges at a time."""

HOP_S = SEGMENT_S / 2
"""Every moment lies in the middle half of one segment, where the network sees what comes before and after."""

FRAME_STEP_S = 270 / 16000
"""Between two of the network's answers: the product of its strides."""

FIRST_FRAME_S = 991 / 2 / 16000
"""Middle of what the first answer has seen: half its receptive field."""

VOICES_OF_CLASS = ((), (0,), (1,), (2,), (0, 1), (0, 2), (1, 2))
"""The network's classes: which of its three voices are heard. More than two at a time it does not tell."""

VOICE_COUNT = 3

Activity = npt.NDArray[np.bool_]
"""(frames,) or (frames, VOICE_COUNT)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One stretch that was judged. Its voices are numbered for itself alone."""

    start_s: float
    """Seconds of the video."""
    own_start_s: float
    own_end_s: float
    """What it speaks for: its middle half, and the sound's start or end where no other segment does."""
    active: Activity
    """(frames, VOICE_COUNT)"""

    def own_spans(self, voice: int) -> list[SpeechSpan]:
        """When a voice is heard, as far as the segment speaks for it."""
        return [
            SpeechSpan(start_s=max(span.start_s, self.own_start_s), end_s=min(span.end_s, self.own_end_s))
            for span in self.spans(self.active[:, voice])
            if span.start_s < self.own_end_s and span.end_s > self.own_start_s
        ]

    def spans(self, chosen: Activity) -> Iterator[SpeechSpan]:
        """The runs of chosen answers (frames,) in seconds of the video."""
        edges = np.flatnonzero(np.diff(np.concatenate([[False], chosen, [False]]).astype(np.int8)))
        for begin, end in edges.reshape(-1, 2).tolist():
            yield SpeechSpan(start_s=self._edge_s(begin), end_s=self._edge_s(end))

    def alone(self, voice: int) -> Activity:
        """(frames,) where this voice is heard and no other."""
        only: Activity = self.active[:, voice] & (self.active.sum(axis=1) == 1)
        return only

    def _edge_s(self, frame: int) -> float:
        """Half way between two answers; the first speaks for what is before it, the last for what comes after."""
        if frame in (0, len(self.active)):
            return self.start_s + (SEGMENT_S if frame else 0.0)
        return self.start_s + FIRST_FRAME_S + (frame - 0.5) * FRAME_STEP_S


def activity_of(scores: npt.NDArray[np.float32]) -> Activity:
    """(frames, 7) scores of the classes -> (frames, VOICE_COUNT): the likeliest class decides."""
    table = np.zeros((len(VOICES_OF_CLASS), VOICE_COUNT), np.bool_)
    for number, voices in enumerate(VOICES_OF_CLASS):
        table[number, list(voices)] = True
    active: Activity = table[scores.argmax(axis=1)]
    return active
