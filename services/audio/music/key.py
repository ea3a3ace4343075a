"""The key of music: how its pitch classes correlate with what major and minor keys are made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.audio.music.blocks import RATE_HZ, Sound

TONICS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")

MAJOR = (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081)
MINOR = (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052)
"""Share of each pitch class above the tonic, counted in scores by Albrecht and Shanahan (2013)."""

HOP_SAMPLES = 512
BLOCK_S = 30.0
"""Of music is looked at a time, so that memory does not grow with it."""

SHORTEST_BLOCK_S = 2.0
"""A rest shorter than this goes with the block before: the lowest tones need a second to be told apart."""

LEAST_CORRELATION = 0.75
"""From which a key is said: noise of any colour, drums and tones at random stay below 0.73 (60 trials made for it,
5 to 20 s each), a cadence reaches 0.98."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """The best of 24."""

    tonic: str
    minor: bool
    correlation: float
    """With its own profile, [-1, 1]."""
    margin: float
    """Above the next best key's."""


def key_of(samples: Sound) -> Key | None:
    """Of music (n,) at RATE_HZ; None where its pitch classes fit no key."""
    key = best_key(pitch_classes(samples))
    return key if key is not None and key.correlation >= LEAST_CORRELATION else None


def pitch_classes(samples: Sound) -> npt.NDArray[np.float64]:
    """(12,) mean magnitude of each pitch class from C on, in the music's own tuning."""
    import librosa

    tuning = float(librosa.estimate_tuning(y=samples[: round(BLOCK_S * RATE_HZ)], sr=RATE_HZ))
    total = np.zeros(12)
    for block in _blocks(samples):
        total += librosa.feature.chroma_cqt(
            y=block, sr=RATE_HZ, hop_length=HOP_SAMPLES, norm=None, tuning=tuning, n_octaves=7
        ).sum(axis=1)
    return total


def best_key(classes: npt.NDArray[np.float64]) -> Key | None:
    """The key whose profile correlates best with (12,) pitch classes; None where all are alike."""
    if not np.ptp(classes) > 0:
        return None
    found = [
        (float(np.corrcoef(np.roll(profile, tonic), classes)[0, 1]), tonic, minor)
        for tonic in range(12)
        for minor, profile in ((False, MAJOR), (True, MINOR))
    ]
    (first, tonic, minor), (second, *_) = sorted(found, reverse=True)[:2]
    return Key(tonic=TONICS[tonic], minor=minor, correlation=first, margin=first - second)


def _blocks(samples: Sound) -> list[Sound]:
    step, shortest = round(BLOCK_S * RATE_HZ), round(SHORTEST_BLOCK_S * RATE_HZ)
    starts = [first for first in range(0, len(samples), step) if first == 0 or len(samples) - first >= shortest]
    return [samples[first:last] for first, last in zip(starts, [*starts[1:], len(samples)], strict=True)]
