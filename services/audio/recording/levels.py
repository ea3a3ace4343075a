"""The level of a sound, a hundred times a second, and what follows from it: silence, and speech over background."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.audio.percepts.speech_spans import SpeechSpan

STEP_S = 0.01

SILENCE_DBFS = -60.0
"""Below it is silence: the default of FFmpeg's silencedetect."""

SHORTEST_SILENCE_S = 0.5
"""Shorter ones are pauses between words and beats."""

GUARD_S = 0.2
"""Left out on either side of speech: its first and last sounds are too soft for the detector, and rooms ring on."""

LEAST_SPEECH_S = 1.0
LEAST_BACKGROUND_S = 0.5
"""Of less than this no level is said: a syllable, or the gap between two, is no measure of a recording."""

Powers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechLevels:
    """Powers, full scale = 1, and the seconds they rest on."""

    speech: float
    """Mean."""
    background: float
    """Median of the steps: what sounds all the time, not the one bark among it."""
    speech_s: float
    background_s: float

    @property
    def snr_db(self) -> float | None:
        """Of the speech alone over the background; None where one of them is nothing."""
        alone = self.speech - self.background
        return decibel(alone / self.background) if self.background > 0 and alone > 0 else None


class LevelMeter:
    """Mean power of each STEP_S of one channel; the last step may be shorter."""

    def __init__(self, rate_hz: int) -> None:
        self._step = round(STEP_S * rate_hz)
        self._rest = np.empty(0, np.float32)
        self._blocks: list[Powers] = []

    def push(self, samples: npt.NDArray[np.float32]) -> None:
        """Take the next samples (n,)."""
        heard = np.concatenate([self._rest, samples])
        whole = len(heard) - len(heard) % self._step
        self._blocks.append(np.mean(heard[:whole].reshape(-1, self._step).astype(np.float64) ** 2, axis=1))
        self._rest = heard[whole:]

    def powers(self) -> Powers:
        """(n,) of all that was taken, full scale = 1."""
        last = [np.array([np.mean(self._rest.astype(np.float64) ** 2)])] if len(self._rest) else []
        return np.concatenate([*self._blocks, *last]) if self._blocks or last else np.empty(0)


def decibel(power: float) -> float | None:
    """Of a power, full scale = 1; None for digital silence."""
    return 10 * math.log10(power) if power > 0 else None


def mean_power(powers: Powers, start_s: float, end_s: float) -> float:
    """Over [start_s, end_s), seconds from the first step; 0 over nothing."""
    first = round(start_s / STEP_S)
    piece = powers[first : max(first + 1, round(end_s / STEP_S))]
    return float(piece.mean()) if len(piece) else 0.0


def silences(powers: Powers) -> list[tuple[float, float]]:
    """Stretches [start_s, end_s) of silence, seconds from the first step."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], powers < 10 ** (SILENCE_DBFS / 10), [False]])))
    spans = (edges.reshape(-1, 2) * STEP_S).tolist()
    return [(start_s, end_s) for start_s, end_s in spans if end_s - start_s >= SHORTEST_SILENCE_S - STEP_S / 2]


def speech_levels(powers: Powers, spans: Sequence[SpeechSpan]) -> SpeechLevels | None:
    """What speech in `spans` (seconds from the first step) and the rest have of power; None where too short."""
    speech, background = np.zeros(len(powers), bool), np.ones(len(powers), bool)
    for span in spans:
        speech[_index(span.start_s) : _index(span.end_s)] = True
        background[_index(span.start_s - GUARD_S) : _index(span.end_s + GUARD_S)] = False
    speech_s, background_s = float(speech.sum() * STEP_S), float(background.sum() * STEP_S)
    if speech_s < LEAST_SPEECH_S or background_s < LEAST_BACKGROUND_S:
        return None
    return SpeechLevels(
        speech=float(powers[speech].mean()),
        background=float(np.median(powers[background])),
        speech_s=speech_s,
        background_s=background_s,
    )


def _index(time_s: float) -> int:
    return max(0, round(time_s / STEP_S))
