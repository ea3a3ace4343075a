"""Synthetic vowels of known pitch: glottal pulses through the resonances of a mouth, with noise if wanted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RATE_HZ = 16000

FORMANTS = {
    "a": ((730, 90), (1090, 110), (2440, 170)),
    "e": ((530, 60), (1840, 100), (2480, 150)),
    "i": ((270, 60), (2290, 100), (3010, 150)),
    "o": ((570, 70), (840, 90), (2410, 150)),
    "u": ((300, 60), (870, 90), (2240, 150)),
}
"""Centre and width in Hz: about those of Peterson and Barney (1952) for men."""

PITCHES_HZ = (80, 100, 130, 180, 250, 330, 400)

Samples = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vowel:
    """One second of it."""

    name: str
    pitch_hz: npt.NDArray[np.float64]
    """(n,) of each sample."""
    samples: Samples
    """(n,) at RATE_HZ."""


def vowels(noise_db: float | None = None) -> Iterator[Vowel]:
    """Five vowels at seven pitches, held, gliding over half an octave and with vibrato.

    `noise_db`: level of white noise in it, against the vowel's own; None: clean.
    """
    rng = np.random.default_rng(2)
    time_s = np.arange(RATE_HZ) / RATE_HZ
    shapes = (np.zeros(RATE_HZ), time_s / 2 - 0.25, 0.05 * np.sin(2 * np.pi * 5 * time_s))
    for letter in FORMANTS:
        for pitch_hz in PITCHES_HZ:
            for octaves in shapes:
                course_hz = pitch_hz * 2.0**octaves
                samples = spoken(course_hz, letter)
                if noise_db is not None:
                    level = np.sqrt(np.mean(samples**2)) * 10 ** (noise_db / 20)
                    samples = samples + rng.normal(0.0, level, len(samples))
                yield Vowel(name=f"{letter}{pitch_hz}", pitch_hz=course_hz, samples=samples.astype(np.float32))


def spoken(pitch_hz: npt.NDArray[np.float64], letter: str) -> npt.NDArray[np.float64]:
    """(n,) of pitch -> (n,) of sound, peak 0.3."""
    from scipy.signal import lfilter

    sound = np.diff(_glottal_flow(np.cumsum(pitch_hz / RATE_HZ) % 1.0), prepend=0.0)
    for centre_hz, width_hz in FORMANTS[letter]:
        radius = np.exp(-np.pi * width_hz / RATE_HZ)
        poles = [1.0, -2 * radius * np.cos(2 * np.pi * centre_hz / RATE_HZ), radius**2]
        sound = lfilter([sum(poles)], poles, sound)
    scaled: npt.NDArray[np.float64] = 0.3 * sound / np.abs(sound).max()
    return scaled


def _glottal_flow(phase: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Rosenberg's pulse: opens over 40 % of the period, closes over 16 %."""
    opening = 0.5 * (1 - np.cos(np.pi * phase / 0.4))
    closing = np.cos(np.pi * (phase - 0.4) / 0.32)
    return np.where(phase < 0.4, opening, np.where(phase < 0.56, closing, 0.0))
