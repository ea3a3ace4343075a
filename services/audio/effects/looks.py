"""Short looks of the tagger: half a second at a time, ten times a second, so that a sound stands alone in some."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from services.audio.percepts.sounds import FRAME_SAMPLES

LOOK_SAMPLES = 8000
"""0.5 s at 16 kHz, the rest of the tagger's frame being silent: in a whole one a door is lost among words."""

HOP_SAMPLES = 1600

LEAST_WEIGHT = 0.05
"""Of a moment that the tagger does not speak for: only a rise twenty times as great may lie there."""

LOOK_S, HOP_S = LOOK_SAMPLES / 16000, HOP_SAMPLES / 16000

Sound = npt.NDArray[np.float32]


class Looks:
    """Takes one channel in pieces; what the tagger said of each look when all has come."""

    def __init__(self, judge: Callable[[Sound], Sound]) -> None:
        """`judge` gives the scores (classes,) of FRAME_SAMPLES."""
        self._judge = judge
        self._rest: Sound = np.empty(0, np.float32)
        self._scores: list[Sound] = []

    def push(self, samples: Sound) -> None:
        """Take the next samples (n,)."""
        heard = np.concatenate([self._rest, samples])
        first = 0
        while first + LOOK_SAMPLES <= len(heard):
            self._look(heard[first : first + LOOK_SAMPLES])
            first += HOP_SAMPLES
        self._rest = heard[first:].copy()

    def finish(self) -> Sound:
        """(n, classes), HOP_S apart; the last looks hold what is left."""
        overlap = LOOK_SAMPLES - HOP_SAMPLES if self._scores else 0
        while len(self._rest) > overlap:
            self._look(self._rest[:LOOK_SAMPLES])
            self._rest = self._rest[HOP_SAMPLES:]
        return np.array(self._scores, np.float32)

    def _look(self, samples: Sound) -> None:
        self._scores.append(self._judge(np.pad(samples, (0, FRAME_SAMPLES - len(samples)))))


def newly_heard(scores: Sound, times_s: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(n,) weights of moments at which a sound may begin: known in the look from then on, not in the one up to then.

    `scores` (looks,) of the sound. Before the first look and after the last nothing is heard.
    """
    return _weights(_score_at(scores, times_s) - _score_at(scores, times_s - LOOK_S))


def no_longer_heard(scores: Sound, times_s: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(n,) the same of moments at which it may end."""
    return _weights(_score_at(scores, times_s - LOOK_S) - _score_at(scores, times_s))


def _score_at(scores: Sound, starts_s: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.interp(starts_s, np.arange(len(scores)) * HOP_S, scores, left=0.0, right=0.0)


def _weights(differences: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.maximum(differences, LEAST_WEIGHT)
