"""Sentences put in a row at known times: each cut within its first and last loud vowel, silence or more between."""

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

LOUD_DB, PERIODIC = 10.0, 0.7
"""A sentence is cut where it is at most this far below the voice's own level (90th percentile), and repeats itself
with a voice's period: within a vowel.

A recording begins and ends in breath and the sounds of a room, as loud as speech in places, and where speech ends in it
is a matter of opinion; where a vowel was cut off is not.
"""

LOWEST_HZ, HIGHEST_HZ = 70, 400
"""Pitches looked for."""

FORMANTS_HZ = (300.0, 3000.0)
"""Where vowels are loud, and a bump against the microphone or a hum is not."""

STEP, LENGTH = 160, 640
"""Of the analysis, samples: 40 ms hold two periods of the lowest."""

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
    """(n,) from its first to its last loud vowel."""
    spectrum = np.fft.rfft(sentence.astype(np.float64))
    frequency_hz = np.fft.rfftfreq(len(sentence), 1 / RATE_HZ)
    spectrum[(frequency_hz < FORMANTS_HZ[0]) | (frequency_hz > FORMANTS_HZ[1])] = 0
    frames = np.lib.stride_tricks.sliding_window_view(np.fft.irfft(spectrum, len(sentence)), LENGTH)[::STEP]
    levels_db = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-12)
    loud = levels_db >= np.percentile(levels_db, 90) - LOUD_DB
    vowels = np.flatnonzero(loud & (_periodicity(frames) >= PERIODIC))
    return sentence[vowels[0] * STEP : vowels[-1] * STEP + LENGTH]


def _periodicity(frames: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(n, LENGTH) -> (n,): the highest normalised autocorrelation at a voice's period, about [0, 1]."""
    spectra = np.fft.rfft(frames - frames.mean(axis=1, keepdims=True), 2 * LENGTH, axis=1)
    correlation = np.fft.irfft(np.abs(spectra) ** 2, axis=1)[:, : RATE_HZ // LOWEST_HZ + 1]
    # A shift leaves fewer samples that overlap.
    overlap = 1 - np.arange(correlation.shape[1]) / LENGTH
    scaled = correlation / overlap / np.maximum(correlation[:, :1], 1e-9)
    highest: npt.NDArray[np.float64] = scaled[:, RATE_HZ // HIGHEST_HZ :].max(axis=1)
    return highest
