"""Which words stand out by pitch, level and length among the words of the same speaker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.audio.delivery.spoken import MeasuredWord

FEWEST_WORDS = 8
"""With fewer a median says nothing."""

PROMINENT = 1.5
"""Mean of the robust z-scores from which a word stands out. Three independent normal measures have a mean that
exceeds it once in 200 words by chance, two once in 60."""

LARGEST_SCORE = 3.0
"""What one measure counts at most, to either side: of three it alone carries no word over PROMINENT. A word whose time
the transcript misses by half has a length five deviations off.
"""

MAD_TO_DEVIATION = 1.4826
"""Of a normal distribution."""

LEAST_PITCH_DEVIATION, LEAST_LEVEL_DEVIATION_DB, LEAST_LENGTH_DEVIATION = 0.5, 1.0, 0.1
"""Semitones, dB, and log of length: about what a listener just notices. A voice steadier than that does not stand out
by less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prominence:
    """How a word differs from the medians."""

    word: MeasuredWord
    pitch_semitones: float | None
    level_db: float
    length_ratio: float | None
    score: float
    """Mean of the robust z-scores of those that are there, each within LARGEST_SCORE."""


def prominent(words: Sequence[MeasuredWord]) -> list[Prominence]:
    """Of one speaker's words those that stand out, in their order; none where there are too few to compare with."""
    if len(words) < FEWEST_WORDS:
        return []
    return [one for one in prominences(words) if one.score >= PROMINENT]


def prominences(words: Sequence[MeasuredWord]) -> list[Prominence]:
    """Each word's; words with a level alone are left out: loud alone may be a noise."""
    pitch, pitch_scale = _middle([each.pitch for each in words], LEAST_PITCH_DEVIATION)
    level, level_scale = _middle([each.level_db for each in words], LEAST_LEVEL_DEVIATION_DB)
    length, length_scale = _middle([_log(each.syllable_s) for each in words], LEAST_LENGTH_DEVIATION)
    found = []
    for each in words:
        length_log = _log(each.syllable_s)
        scores = [(each.level_db - level) / level_scale]
        scores += [] if each.pitch is None else [(each.pitch - pitch) / pitch_scale]
        scores += [] if length_log is None else [(length_log - length) / length_scale]
        if len(scores) > 1:
            found.append(
                Prominence(
                    word=each,
                    pitch_semitones=None if each.pitch is None else each.pitch - pitch,
                    level_db=each.level_db - level,
                    length_ratio=None if length_log is None else float(np.exp(length_log - length)),
                    score=float(np.mean(np.clip(scores, -LARGEST_SCORE, LARGEST_SCORE))),
                )
            )
    return found


def _middle(values: Sequence[float | None], least: float) -> tuple[float, float]:
    """Median, and the robust deviation from it, at least `least`."""
    there = np.array([value for value in values if value is not None])
    if not len(there):
        return 0.0, least
    median = float(np.median(there))
    return median, max(least, MAD_TO_DEVIATION * float(np.median(np.abs(there - median))))


def _log(value: float | None) -> float | None:
    return None if value is None else float(np.log(value))
