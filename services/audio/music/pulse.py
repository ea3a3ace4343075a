"""The pulse of music: beats as librosa tracks them, the tempo they make, and other readings of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.audio.music.blocks import RATE_HZ, Sound, blocks

FRAME_SAMPLES = 1024
HOP_SAMPLES = 160
FRAMES_HZ = RATE_HZ / HOP_SAMPLES
"""100: a beat is placed to 10 ms."""

SLOWEST_BPM, FASTEST_BPM = 30.0, 300.0
"""Between these people hear a pulse."""

LEAST_BEATS = 5
"""Four distances: fewer have no median worth the name."""

LEAST_CLARITY = 0.66
"""Autocorrelation of the onsets at the tempo, times the root of the seconds, from which there is a pulse. Onsets at
random times (Poisson, 2 to 6 a second, 5 to 40 s, 60 trials each) stay below in 99 %; at 20 s a click track has 4."""

TOLERANCE = 0.04
"""Two tempi this near, as a share, are one: the reading of MIREX's tempo task."""

CANDIDATE_COUNT = 4

COMB_BEATS = 4
"""Beats in a row that a tempo must meet: a bar of most music."""

RAISED = 1.5
"""librosa's preference for 120 a minute takes fast drums for two thirds: then every other beat of its choice meets a
beat of theirs, and of this many times its choice every one."""


Envelope = npt.NDArray[np.float64]
Spectrum = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A tempo, and the autocorrelation of the onsets at it, [0, 1]."""

    beats_per_minute: float
    clarity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """What was tracked."""

    tracked: Reading
    candidates: tuple[Reading, ...]
    """The strongest first, the tracked one among them."""
    beats_s: npt.NDArray[np.float64]
    """(n,) increasing, seconds from the music's beginning."""
    deviation: float
    """Median absolute deviation of the distances between beats, over their median."""


def pulse_of(samples: Sound) -> Pulse | None:
    """Of music (n,) at RATE_HZ; None where no pulse is clear enough to be counted."""
    mel = mel_spectrum(samples)
    envelope = onset_envelope(mel)
    if not envelope.any():
        return None
    beats_s = beats_at(envelope)
    if len(beats_s) >= LEAST_BEATS and (raised := _raised(60 / _period_s(beats_s), stress_envelope(mel))):
        beats_s = beats_at(envelope, raised)
    if len(beats_s) < LEAST_BEATS:
        return None
    clarities = clarity_by_lag(envelope)
    tracked = _reading(60 / _period_s(beats_s), clarities)
    if tracked.clarity < LEAST_CLARITY / math.sqrt(len(samples) / RATE_HZ):
        return None
    distances_s = np.diff(beats_s)
    median_s = float(np.median(distances_s))
    return Pulse(
        tracked=tracked,
        candidates=_candidates(tracked, clarities),
        beats_s=beats_s,
        deviation=float(np.median(np.abs(distances_s - median_s))) / median_s,
    )


def mel_spectrum(samples: Sound) -> Spectrum:
    """(bands, n) power, FRAMES_HZ a second."""
    import librosa

    pieces = [
        librosa.feature.melspectrogram(y=block, sr=RATE_HZ, n_fft=FRAME_SAMPLES, hop_length=HOP_SAMPLES, center=False)
        for block in blocks(samples, frame_samples=FRAME_SAMPLES, hop_samples=HOP_SAMPLES)
    ]
    return np.asarray(np.concatenate(pieces, axis=1), np.float32)


def onset_envelope(mel: Spectrum) -> Envelope:
    """(n,) how much begins in each frame: the mean rise of a mel spectrum in decibels, a hat as much as a drum."""
    import librosa

    decibels = librosa.power_to_db(mel, ref=np.max) if mel.any() else np.zeros_like(mel)
    # Rises over 20 ms: neighbouring frames share most of their samples.
    rises = librosa.onset.onset_strength(S=decibels, sr=RATE_HZ, lag=2, center=False)
    return np.asarray(rises, np.float64)


def stress_envelope(mel: Spectrum) -> Envelope:
    """(n,) how hard it begins in each frame: rises of the amplitude over 20 ms, a drum before a hat."""
    amplitudes = np.sqrt(mel.sum(axis=0, dtype=np.float64))
    rises = np.zeros(len(amplitudes), np.float64)
    rises[2:] = np.maximum(0.0, amplitudes[2:] - amplitudes[:-2])
    return rises


def beats_at(envelope: Envelope, beats_per_minute: float | None = None) -> npt.NDArray[np.float64]:
    """(n,) increasing, seconds: beats as librosa tracks them, at its own choice of tempo or at this one."""
    import librosa

    _, frames = librosa.beat.beat_track(
        onset_envelope=envelope, sr=RATE_HZ, hop_length=HOP_SAMPLES, trim=True, bpm=beats_per_minute
    )
    return np.asarray(frames, np.float64) / FRAMES_HZ


def _raised(beats_per_minute: float, stress: Envelope) -> float | None:
    """RAISED times a tempo, where successive stresses lie that far apart rather than as far as the tempo says."""
    clarities = clarity_by_lag(stress)
    raised = beats_per_minute * RAISED
    if raised > FASTEST_BPM or _comb(raised, clarities) <= _comb(beats_per_minute, clarities):
        return None
    return raised


def _comb(beats_per_minute: float, clarities: npt.NDArray[np.float64]) -> float:
    """Mean autocorrelation at one to COMB_BEATS beats, give or take a frame, as far as it is known."""
    lags = 60 / beats_per_minute * FRAMES_HZ * np.arange(1, COMB_BEATS + 1)
    teeth = [clarities[math.floor(lag) - 1 : math.ceil(lag) + 2] for lag in lags]
    return float(np.mean([tooth.max() for tooth in teeth if len(tooth)]))


def clarity_by_lag(envelope: Envelope) -> npt.NDArray[np.float64]:
    """(lags,) autocorrelation by lag in frames, 1 at none, up to twice the slowest tempo's."""
    import librosa

    count = min(len(envelope), round(2 * 60 / SLOWEST_BPM * FRAMES_HZ))
    # Over a second the loudness of music changes: only what stands out of that is an onset.
    flattened = envelope - envelope.mean()
    raw = librosa.autocorrelate(flattened, max_size=count)
    overlaps = len(envelope) - np.arange(count)
    return np.asarray(raw / max(raw[0], 1e-12) * len(envelope) / overlaps, np.float64)


def _period_s(beats_s: npt.NDArray[np.float64]) -> float:
    """The mean distance of those near the median: finer than the frames, and blind to beats left out."""
    distances_s = np.diff(beats_s)
    median_s = np.median(distances_s)
    return float(distances_s[np.abs(distances_s - median_s) <= 0.2 * median_s].mean())


def _candidates(tracked: Reading, clarities: npt.NDArray[np.float64]) -> tuple[Reading, ...]:
    readings = [tracked]
    readings += [_reading(tracked.beats_per_minute * ratio, clarities) for ratio in (0.5, 2.0)]
    inner = clarities[1:-1]
    peaks = 1 + np.flatnonzero((inner > clarities[:-2]) & (inner >= clarities[2:]))
    for lag in sorted(peaks.tolist(), key=lambda lag: -clarities[lag]):
        readings.append(Reading(beats_per_minute=60 * FRAMES_HZ / lag, clarity=float(clarities[lag])))
    kept: list[Reading] = []
    for reading in readings:
        counted = SLOWEST_BPM <= reading.beats_per_minute <= FASTEST_BPM and reading.clarity > 0
        if counted and not any(same(reading.beats_per_minute / other.beats_per_minute, 1.0) for other in kept):
            kept.append(reading)
    others = sorted(kept[1:], key=lambda reading: -reading.clarity)[: CANDIDATE_COUNT - 1]
    return tuple(sorted([tracked, *others], key=lambda reading: -reading.clarity))


def same(ratio: float, wanted: float) -> bool:
    """Whether a ratio of tempi is the wanted one."""
    return abs(ratio / wanted - 1) <= TOLERANCE


def _reading(beats_per_minute: float, clarities: npt.NDArray[np.float64]) -> Reading:
    """The highest autocorrelation at lags that are this tempo, give or take TOLERANCE."""
    lag = 60 * FRAMES_HZ / beats_per_minute
    near = clarities[int(np.floor(lag * (1 - TOLERANCE))) : int(np.ceil(lag * (1 + TOLERANCE))) + 1]
    return Reading(beats_per_minute=beats_per_minute, clarity=float(min(1.0, max(0.0, near.max(initial=0.0)))))
