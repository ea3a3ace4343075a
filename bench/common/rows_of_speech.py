"""Sentences put in a row at known times: each cut within its first and last loud syllable, silence or more between."""

from __future__ import annotations

import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

RATE_HZ = 16000

LEVEL = 0.08
"""RMS every sentence is brought to."""

LOUD_DB = 10.0
"""Below the voice's own level (90th percentile of 20 ms): a sentence is cut where it is still louder than this.

A recording ends in breath and the sound of a room, and where speech ends in it is a matter of opinion; where a vowel
was cut off is not.
"""

STEP = 160

Sound = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowOfSpeech:
    """Samples at RATE_HZ, and when nobody speaks between two sentences, in seconds."""

    samples: Sound
    gaps_s: tuple[tuple[float, float], ...]

    def write(self, path: Path) -> Path:
        """As a WAV file."""
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE_HZ)
            file.writeframes((np.clip(self.samples, -1, 1) * 32767).astype("<i2").tobytes())
        return path


def row_of_speech(sentences: Sequence[Sound], gaps_s: Sequence[float], below: Sound | None = None) -> RowOfSpeech:
    """One more sentence than gaps; `below` is added to all of it, as it is."""
    pieces: list[Sound] = []
    gaps: list[tuple[float, float]] = []
    at_s = 0.0
    for sentence, gap_s in zip(sentences, [*gaps_s, 0.0], strict=True):
        cut = cut_within(sentence)
        pieces += [LEVEL * cut / np.sqrt(np.mean(cut**2)), np.zeros(round(gap_s * RATE_HZ), np.float32)]
        at_s += len(cut) / RATE_HZ
        gaps.append((at_s, at_s + gap_s))
        at_s += gap_s
    samples = np.concatenate(pieces)
    if below is not None:
        samples = samples + np.resize(below, len(samples))
    return RowOfSpeech(samples=samples.astype(np.float32), gaps_s=tuple(gaps[:-1]))


def cut_within(sentence: Sound) -> Sound:
    """(n,) from its first to its last loud 20 ms."""
    whole = sentence[: len(sentence) // STEP * STEP].astype(np.float64)
    power = (whole**2).reshape(-1, STEP).sum(axis=1)
    levels_db = 10 * np.log10((power[:-1] + power[1:]) / (2 * STEP) + 1e-12)
    loud = np.flatnonzero(levels_db >= np.percentile(levels_db, 90) - LOUD_DB)
    return sentence[loud[0] * STEP : (loud[-1] + 2) * STEP]
