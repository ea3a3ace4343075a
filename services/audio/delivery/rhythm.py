"""How speech and silence alternate over what was said in a part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from services.audio.delivery.spoken import MeasuredWord
from services.audio.percepts.speech_spans import SpeechSpan, speech_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """From the first word to the last."""

    start_s: float
    end_s: float
    speaking_share: float
    """[0, 1]."""
    pause_count: int
    mean_pause_s: float | None
    mean_run_s: float
    """Of the stretches between pauses."""
    variability: float | None
    """Normalised pairwise variability index of the lengths for each syllable, [0, 200]."""


def rhythm(words: Sequence[MeasuredWord], pauses: Sequence[SpeechSpan]) -> Rhythm:
    """Of at least one word; `pauses` between them, in order."""
    start_s, end_s = words[0].word.start_s, max(each.word.end_s for each in words)
    silent_s = speech_s(pauses)
    spoken_s = max(0.0, end_s - start_s - silent_s)
    return Rhythm(
        start_s=start_s,
        end_s=end_s,
        speaking_share=spoken_s / (end_s - start_s) if end_s > start_s else 1.0,
        pause_count=len(pauses),
        mean_pause_s=silent_s / len(pauses) if pauses else None,
        mean_run_s=spoken_s / (len(pauses) + 1),
        variability=variability(words),
    )


def variability(words: Sequence[MeasuredWord]) -> float | None:
    """100 x mean of |difference| / mean of two neighbours' lengths; None without two neighbours that have one.

    Grabe and Low's index (2002), which they take of vowels; here of a word's mean syllable.
    """
    ratios = [
        abs(before.syllable_s - after.syllable_s) / ((before.syllable_s + after.syllable_s) / 2)
        for before, after in pairwise(words)
        if before.utterance == after.utterance and before.syllable_s and after.syllable_s
    ]
    return 100 * float(np.mean(ratios)) if ratios else None
