"""Which kind of sound is heard when: speech, music and silence, with how sure and how loud."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.audio.music.stretches import MusicListener
from services.audio.percepts.sounds import FRAME_S, HOP_S, SoundScores
from services.audio.percepts.speech_spans import VOICE_STEP_S, SpeechSpan, joined
from services.audio.percepts.voice import VoiceActivity
from services.audio.recording.levels import STEP_S as LEVEL_STEP_S
from services.audio.recording.levels import LevelMeter, SpeechLevels, mean_power, silences, speech_levels

SPOKEN = frozenset({"speech", "child_speech_kid_speaking", "conversation", "narration_monologue"})
"""The tagger's classes of somebody speaking."""

SPEECH_ON = 0.3
"""Their score from which the tagger hears it too; as audio_environment's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindSpan:
    """A stretch of one kind; speech and music may overlap."""

    kind: str
    """ "speech", "music" or "silence"."""
    start_s: float
    end_s: float
    power: float
    """Mean, full scale = 1."""
    score: float | None
    """Mean of the detector's, [0, 1]; None for silence, which is measured."""


class KindsOfSound:
    """Takes the windows of one part in order. Ask it when the last has come, once."""

    def __init__(self, *, start_s: float, rate_hz: int) -> None:
        self._start_s = start_s
        self._rate_hz = rate_hz
        self._sample_count = 0
        self._meter = LevelMeter(rate_hz)
        self._listener = MusicListener()
        self._spoken: list[SpeechSpan] = []
        self._probabilities: list[npt.NDArray[np.float32]] = []
        self._said: list[npt.NDArray[np.float32]] = []

    def push(self, samples: npt.NDArray[np.float32], voice: VoiceActivity, sounds: SoundScores) -> None:
        """Take a window's samples (n,), and what the percepts say of it."""
        self._sample_count += len(samples)
        self._meter.push(samples)
        self._spoken += voice.spans
        self._probabilities.append(voice.probabilities)
        self._listener.push(sounds)
        columns = [index for index, label in enumerate(sounds.labels) if label in SPOKEN]
        self._said.append(sounds.scores[:, columns].max(axis=1))

    @property
    def end_s(self) -> float:
        """Where the sound taken so far ends."""
        return self._start_s + self._sample_count / self._rate_hz

    def spans(self) -> list[KindSpan]:
        """Speech, music, silence; each in order."""
        powers = self._meter.powers()
        probabilities = np.concatenate([np.empty(0, np.float32), *self._probabilities])
        found: list[tuple[str, float, float, float | None]] = [
            ("speech", each.start_s, each.end_s, _mean_between(probabilities, each, self._start_s))
            for each in self._speech()
        ]
        found += [("music", *each) for each in self._listener.finish(self.end_s)]
        found += [
            ("silence", self._start_s + first_s, self._start_s + last_s, None) for first_s, last_s in silences(powers)
        ]
        return [
            KindSpan(
                kind=kind,
                start_s=start_s,
                end_s=max(start_s, min(end_s, self.end_s)),
                power=mean_power(powers, start_s - self._start_s, end_s - self._start_s),
                score=score,
            )
            for kind, start_s, end_s, score in found
        ]

    def speech_levels(self, own_start_s: float) -> SpeechLevels | None:
        """What stands above what, from `own_start_s` on."""
        lead_in_s = max(0.0, own_start_s - self._start_s)
        powers = self._meter.powers()[round(lead_in_s / LEVEL_STEP_S) :]
        return speech_levels(powers, _shifted(self._speech(), -self._start_s - lead_in_s))

    def _speech(self) -> list[SpeechSpan]:
        """Where the detector hears a voice and the tagger speech: the one takes instruments for voices."""
        said = np.concatenate([np.empty(0, np.float32), *self._said])
        return [each for each in joined(self._spoken) if _most_between(said, each, self._start_s) >= SPEECH_ON]


def _most_between(said: npt.NDArray[np.float32], spoken: SpeechSpan, start_s: float) -> float:
    """The highest of the tagger's scores of the frames that hold any of a span."""
    first = max(0, math.ceil((spoken.start_s - start_s - FRAME_S) / HOP_S))
    return float(said[first : math.ceil((spoken.end_s - start_s) / HOP_S)].max(initial=0.0))


def _mean_between(probabilities: npt.NDArray[np.float32], spoken: SpeechSpan, start_s: float) -> float:
    """Silero's mean probability of the frames of a span."""
    first = round((spoken.start_s - start_s) / VOICE_STEP_S)
    return float(probabilities[first : max(first + 1, round((spoken.end_s - start_s) / VOICE_STEP_S))].mean())


def _shifted(spans: Sequence[SpeechSpan], by_s: float) -> list[SpeechSpan]:
    return [SpeechSpan(start_s=each.start_s + by_s, end_s=each.end_s + by_s) for each in spans]
