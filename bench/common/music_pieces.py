"""Music made for tests: drums of a known tempo, chords of a known key."""

from __future__ import annotations

import numpy as np

RATE_HZ = 16000

TONICS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")

TRIADS = {
    "major": ((0, 4, 7), (5, 9, 12), (7, 11, 14), (0, 4, 7)),
    "minor": ((0, 3, 7), (5, 8, 12), (7, 11, 14), (0, 3, 7)),
}
"""I IV V I, in semitones above the tonic; the minor fifth has its leading tone."""


def drums(beats_per_minute: float, length_s: float, *, first_s: float = 0.25) -> np.ndarray:
    """(n,) a kick on each beat and a softer hat between two."""
    rng = np.random.default_rng(5)
    samples = np.zeros(round(length_s * RATE_HZ), np.float32)
    beat_s = 60 / beats_per_minute
    for beat in range(int((length_s - first_s) / beat_s)):
        _add(samples, first_s + beat * beat_s, 0.5 * _kick())
        _add(samples, first_s + (beat + 0.5) * beat_s, 0.08 * _hat(rng))
    return samples


def chords(tonic: int, mode: str, chord_s: float = 1.0) -> np.ndarray:
    """(n,) a cadence, `tonic` semitones above C, each tone with four partials."""
    times_s = np.arange(round(chord_s * RATE_HZ)) / RATE_HZ
    pieces = []
    for chord in TRIADS[mode]:
        tones = [440 * 2 ** ((60 + tonic + step - 69) / 12) for step in chord]
        pieces.append(sum(np.sin(2 * np.pi * tone * n * times_s) / n for tone in tones for n in (1, 2, 3, 4)))
    return (0.04 * np.concatenate(pieces)).astype(np.float32)


def _kick() -> np.ndarray:
    times_s = np.arange(round(0.12 * RATE_HZ)) / RATE_HZ
    return np.sin(2 * np.pi * 70 * times_s) * np.exp(-times_s / 0.03) + np.where(times_s < 0.004, 0.5, 0.0)


def _hat(rng: np.random.Generator) -> np.ndarray:
    times_s = np.arange(round(0.04 * RATE_HZ)) / RATE_HZ
    return rng.normal(0, 1, len(times_s)) * np.exp(-times_s / 0.008)


def _add(samples: np.ndarray, at_s: float, sound: np.ndarray) -> None:
    first = round(at_s * RATE_HZ)
    piece = sound[: max(0, len(samples) - first)]
    samples[first : first + len(piece)] += piece.astype(np.float32)
