"""What is said of a stretch of music: its tempo and its key, each only where there is one."""

from __future__ import annotations

import numpy as np

from reelscribe.v1.sound_pb2 import KeyMode, MusicalKey, Tempo, TempoCandidate, TempoRelation
from services.audio.music.blocks import RATE_HZ
from services.audio.music.key import Key, key_of
from services.audio.music.pulse import Pulse, pulse_of, same
from services.common.time import duration

SHORTEST_MUSIC_S = 4.0
"""Of less nothing musical is said: at 120 beats a minute these are two bars."""

LIBRARIES = ("librosa", "numba", "soxr")
"""What music is measured with. Imported where there is some: seconds for which a clip without need not wait."""

RELATIONS = ((1.0, TempoRelation.TEMPO_RELATION_SAME), (0.5, TempoRelation.TEMPO_RELATION_HALF),
             (2.0, TempoRelation.TEMPO_RELATION_DOUBLE))  # fmt: skip


def warm_up() -> None:
    """Load librosa and let it compile what is used here: seconds that no video should wait for."""
    clicks = np.random.default_rng(0).normal(0, 0.1, (8, RATE_HZ // 2)).astype(np.float32)
    clicks[:, RATE_HZ // 8 :] = 0.0
    pulse_of(clicks.reshape(-1))
    key_of(clicks.reshape(-1))


def tempo(pulse: Pulse, start_s: float) -> Tempo:
    """As a message; the music begins at `start_s` of the video."""
    total = sum(reading.clarity for reading in pulse.candidates) or 1.0
    return Tempo(
        beats_per_minute=pulse.tracked.beats_per_minute,
        candidates=[
            TempoCandidate(
                beats_per_minute=reading.beats_per_minute,
                strength=reading.clarity / total,
                relation=relation(reading.beats_per_minute / pulse.tracked.beats_per_minute),
            )
            for reading in pulse.candidates
        ],
        beat_offsets=[duration(start_s + beat_s) for beat_s in pulse.beats_s.tolist()],
        beat_deviation=pulse.deviation,
        pulse_clarity=pulse.tracked.clarity,
    )


def relation(ratio: float) -> TempoRelation:
    """How a tempo lies to the tracked one, by their ratio."""
    near = (known for wanted, known in RELATIONS if same(ratio, wanted))
    return next(near, TempoRelation.TEMPO_RELATION_OTHER)


def key(found: Key) -> MusicalKey:
    """As a message."""
    return MusicalKey(
        tonic=found.tonic,
        mode=KeyMode.KEY_MODE_MINOR if found.minor else KeyMode.KEY_MODE_MAJOR,
        correlation=found.correlation,
        margin=found.margin,
    )
