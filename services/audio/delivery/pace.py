"""How fast and how loud an utterance is: its words and syllables over the time in which somebody speaks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.audio.delivery.pauses import SHORTEST_PAUSE_S
from services.audio.delivery.syllables import syllables
from services.audio.delivery.trace import VoiceTrace, mean_level_db
from services.audio.percepts.speech_spans import SpeechSpan, speech_s
from services.audio.percepts.spoken_words import UNSPACED_LANGUAGES, Utterance


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """One utterance's."""

    word_count: int | None
    """None in languages written without spaces."""
    syllable_count: int | None
    """None where they cannot be counted."""
    speaking_s: float
    articulation_per_s: float | None
    """Syllables over speaking_s."""
    level_db: float
    """Mean power while somebody speaks."""


def pace_of(utterance: Utterance, trace: VoiceTrace) -> Pace:
    """Of an utterance that lies wholly in the trace."""
    pauses = pauses_within(utterance, trace)
    runs = _between(utterance, pauses)
    counts = [syllables(word.content, utterance.language_code) for word in utterance.words]
    known = [count for count in counts if count is not None]
    syllable_count = sum(known) if len(known) == len(counts) else None
    speaking_s = speech_s(runs)
    levels = [trace.levels_db(run.start_s, run.end_s) for run in runs]
    return Pace(
        word_count=None if utterance.language_code in UNSPACED_LANGUAGES else len(utterance.words),
        syllable_count=syllable_count,
        speaking_s=speaking_s,
        articulation_per_s=syllable_count / speaking_s if syllable_count is not None and speaking_s > 0 else None,
        level_db=mean_level_db(np.concatenate([np.empty(0, np.float32), *levels])),
    )


def pauses_within(utterance: Utterance, trace: VoiceTrace) -> list[SpeechSpan]:
    """Silences inside the utterance, cut to it where they reach out of it."""
    quiet = trace.quiet(utterance.start_s, utterance.end_s, shortest_s=SHORTEST_PAUSE_S)
    return [
        SpeechSpan(start_s=max(span.start_s, utterance.start_s), end_s=min(span.end_s, utterance.end_s))
        for span in quiet
    ]


def _between(utterance: Utterance, pauses: list[SpeechSpan]) -> list[SpeechSpan]:
    starts_s = [utterance.start_s, *(pause.end_s for pause in pauses)]
    ends_s = [*(pause.start_s for pause in pauses), utterance.end_s]
    return [
        SpeechSpan(start_s=start_s, end_s=end_s)
        for start_s, end_s in zip(starts_s, ends_s, strict=True)
        if end_s > start_s
    ]
