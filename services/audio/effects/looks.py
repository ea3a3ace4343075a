"""Short looks of the tagger: half a second at a time, ten times a second, so that a sound stands alone in some."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from services.audio.percepts.sounds import FRAME_SAMPLES

LOOK_SAMPLES = 8000
"""0.5 s at 16 kHz, the rest of the tagger's frame being silent: in a whole one a door is lost among words."""

AROUND_SAMPLES = (FRAME_SAMPLES - LOOK_SAMPLES) // 2
"""Before and after a look: with it they fill the tagger's frame."""

NOT_KNOWN = 0.02
"""Share of a class's score in a look: below it the whole frame around does not know the class at all. Coughs over
music, which the product is not judged on, keep 0.07; a voice's "boing" keeps nothing."""

HOP_SAMPLES = 1600

LEAST_WEIGHT = 0.05
"""Of a moment that the tagger does not speak for: only a rise twenty times as great may lie there."""

LOOK_S, HOP_S = LOOK_SAMPLES / 16000, HOP_SAMPLES / 16000

Sound = npt.NDArray[np.float32]


class Looks:
    """Takes one channel in pieces; what the tagger said of each look when all has come."""

    def __init__(self, judge: Callable[[Sound, Sound], Sound]) -> None:
        """`judge` gives the scores (classes,) of a look and of what is around it, FRAME_SAMPLES both."""
        self._judge = judge
        # Before the first sample there is silence.
        self._rest: Sound = np.zeros(AROUND_SAMPLES, np.float32)
        self._scores: list[Sound] = []

    def push(self, samples: Sound) -> None:
        """Take the next samples (n,)."""
        heard = np.concatenate([self._rest, samples])
        first = 0
        while first + FRAME_SAMPLES <= len(heard):
            self._look(heard[first : first + FRAME_SAMPLES])
            first += HOP_SAMPLES
        self._rest = heard[first:].copy()

    def finish(self) -> Sound:
        """(n, classes), HOP_S apart; the last looks hold what is left."""
        seen = LOOK_SAMPLES - HOP_SAMPLES if self._scores else 0
        while len(self._rest) > AROUND_SAMPLES + seen:
            self._look(self._rest[:FRAME_SAMPLES])
            self._rest = self._rest[HOP_SAMPLES:]
            seen = LOOK_SAMPLES - HOP_SAMPLES
        return np.array(self._scores, np.float32)

    def _look(self, samples: Sound) -> None:
        around = np.pad(samples, (0, FRAME_SAMPLES - len(samples)))
        look = np.zeros(FRAME_SAMPLES, np.float32)
        look[:LOOK_SAMPLES] = around[AROUND_SAMPLES : AROUND_SAMPLES + LOOK_SAMPLES]
        self._scores.append(self._judge(look, around))


def not_explained(look: Sound, around: Sound, going_on: float) -> Sound:
    """`look` (classes,) without what is a piece of speech or music that was cut out.

    Half a second of a voice may sound like a spring. Heard whole, it is a voice: `going_on`, the score of speech or
    music in the frame around the look, is above the class's own, and that frame (`around`) does not know the class.
    """
    return np.where((look < going_on) & (around < NOT_KNOWN * look), np.float32(0), look)


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
