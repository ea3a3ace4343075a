"""How fast, how high and how loud is spoken: for each utterance, from the transcript's words and the sound."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from reelscribe.v1.analyzer_pb2 import Method
from reelscribe.v1.finding_pb2 import Finding, PitchTrack
from reelscribe.v1.speech_pb2 import SpeechRate as Rate
from services.audio.delivery.pace import Pace, pace_of
from services.audio.delivery.trace import Curve, VoiceTrace, finished_utterances
from services.audio.percepts.pitch import PITCH_STEP_S, Pitch
from services.audio.percepts.spoken_words import Utterance
from services.audio.percepts.transcript import Transcript
from services.audio.percepts.voice import SPEECH_SAMPLES, Voice
from services.common.analyzer import Analyzer
from services.common.time import duration, span
from services.common.window import Part, Window


class SpeechRate(Analyzer):
    """How fast, how high and how loud each utterance is spoken.

    Labels: `speech_rate`: words, syllables, rates and level; syllables in German and English only. Articulation leaves
    out pauses of 0.3 s and more. `pitch`: the fundamental frequency every 16 ms and its range; not where an utterance
    has no voice at all. Words are the transcript's: nothing is transcribed here.
    """

    name = "speech_rate"
    method = Method.METHOD_MODEL
    needs = SPEECH_SAMPLES
    uses = (Voice, Transcript, Pitch)

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        trace = VoiceTrace()
        for utterance in finished_utterances(windows, trace, part.own_start_s):
            yield _rate(utterance, pace_of(utterance, trace))
            frequencies = trace.pitch_hz(utterance.start_s, utterance.end_s)
            if (frequencies > 0).any():
                yield _pitch(utterance, frequencies)


def _rate(utterance: Utterance, pace: Pace) -> Finding:
    length_s = utterance.end_s - utterance.start_s
    rate = Rate(speaking_duration=duration(pace.speaking_s), level_dbfs=pace.level_db)
    if pace.word_count is not None:
        rate.word_count = pace.word_count
        if length_s > 0:
            rate.words_per_minute = 60 * pace.word_count / length_s
    if pace.syllable_count is not None:
        rate.syllable_count = pace.syllable_count
        if length_s > 0:
            rate.syllables_per_s = pace.syllable_count / length_s
    if pace.articulation_per_s is not None:
        rate.articulation_per_s = pace.articulation_per_s
    return Finding(span=span(utterance.start_s, utterance.end_s), label="speech_rate", speech_rate=rate)


def _pitch(utterance: Utterance, frequencies: Curve) -> Finding:
    voiced = frequencies[frequencies > 0]
    low_hz, median_hz, high_hz = (float(value) for value in np.percentile(voiced, (5, 50, 95)))
    return Finding(
        span=span(utterance.start_s, utterance.end_s),
        label="pitch",
        pitch=PitchTrack(
            step_duration=duration(PITCH_STEP_S),
            frequency_hz=frequencies.tolist(),
            median_hz=median_hz,
            low_hz=low_hz,
            high_hz=high_hz,
            range_semitones=float(12 * np.log2(high_hz / low_hz)),
            voiced_share=len(voiced) / len(frequencies),
        ),
    )
