"""Words as they were spoken: what was measured of each in the trace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from services.audio.delivery.levels import FLOOR_DB
from services.audio.delivery.syllables import syllables
from services.audio.delivery.trace import Curve, VoiceTrace
from services.audio.percepts.speech_spans import SpeechSpan
from services.audio.percepts.spoken_words import SpokenWord, Utterance

LEAST_VOICED_FRAMES = 3
"""48 ms of pitch; fewer may be the tail of a neighbour."""

REFERENCE_HZ = 100.0
"""What semitones are counted from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredWord:
    """One word of an utterance."""

    word: SpokenWord
    utterance: int
    """Number of its utterance within the part."""
    language_code: str
    pitch: float | None
    """95th percentile of its voiced frames, semitones over REFERENCE_HZ; None without enough of them."""
    level_db: float
    """90th percentile of its levels: that of its vowel."""
    syllable_s: float | None
    """Its length for each syllable; None where they cannot be counted, or where a pause follows."""


def measured(utterance: Utterance, number: int, trace: VoiceTrace, pauses: Sequence[SpeechSpan]) -> list[MeasuredWord]:
    """The utterance's words; `pauses` are those within it."""
    words = utterance.words
    # Before a pause every word is drawn out, and the last one ends in one.
    drawn = {before for before, after in pairwise(words) if _parted(before, after, pauses)} | set(words[-1:])
    return [
        MeasuredWord(
            word=word,
            utterance=number,
            language_code=utterance.language_code,
            pitch=_pitch(trace, word),
            level_db=_level_db(trace, word),
            syllable_s=None if word in drawn else _syllable_s(word, utterance.language_code),
        )
        for word in words
    ]


def semitones(frequency_hz: float) -> float:
    """Over REFERENCE_HZ."""
    return float(12 * np.log2(frequency_hz / REFERENCE_HZ))


def median_pitch(frequencies: Curve) -> float | None:
    """Of the voiced ones, semitones over REFERENCE_HZ; None with fewer than LEAST_VOICED_FRAMES."""
    voiced = frequencies[frequencies > 0]
    return semitones(float(np.median(voiced))) if len(voiced) >= LEAST_VOICED_FRAMES else None


def middle_s(span: SpeechSpan | SpokenWord) -> float:
    """Its middle moment."""
    return (span.start_s + span.end_s) / 2


def _parted(before: SpokenWord, after: SpokenWord, pauses: Sequence[SpeechSpan]) -> bool:
    return any(middle_s(before) < middle_s(pause) < middle_s(after) for pause in pauses)


def _pitch(trace: VoiceTrace, word: SpokenWord) -> float | None:
    values = trace.pitch_hz(word.start_s, word.end_s)
    voiced = values[values > 0]
    return semitones(float(np.percentile(voiced, 95))) if len(voiced) >= LEAST_VOICED_FRAMES else None


def _level_db(trace: VoiceTrace, word: SpokenWord) -> float:
    levels = trace.levels_db(word.start_s, word.end_s)
    return float(np.percentile(levels, 90)) if len(levels) else FLOOR_DB


def _syllable_s(word: SpokenWord, language_code: str) -> float | None:
    count = syllables(word.content, language_code)
    length_s = word.end_s - word.start_s
    return length_s / count if count and length_s > 0 else None
