from __future__ import annotations

import numpy as np
import pytest

from services.audio.delivery.spoken import MeasuredWord, measured, median_pitch, semitones
from services.audio.delivery.trace import VoiceTrace
from services.audio.percepts.speech_spans import SpeechSpan
from tests.services.audio.saying import said, speech, utterance, word

WORDS = [(1.0, 1.4, 100.0, 0.1), (1.4, 2.2, 200.0, 0.2), (3.0, 3.5, 100.0, 0.1), (3.5, 3.9, 0.0, 0.0)]
SPOKEN = utterance([word("My", 1.0, 1.4), word("radio,", 1.4, 2.2), word("big", 3.0, 3.5), word("ship", 3.5, 3.9)])
PAUSES = [SpeechSpan(start_s=2.2, end_s=3.0)]


def words() -> list[MeasuredWord]:
    trace = VoiceTrace()
    for window in said(speech(WORDS[:3], 5.0), [SPOKEN], pitches=WORDS):
        trace.push(window)
    trace.finish()
    return measured(SPOKEN, 7, trace, PAUSES)


def test_each_word_has_its_own_pitch_and_level() -> None:
    first, second, third, last = words()
    assert (first.pitch, second.pitch, third.pitch) == (pytest.approx(0.0), pytest.approx(12.0), pytest.approx(0.0))
    assert last.pitch is None
    assert second.level_db - first.level_db == pytest.approx(6.0, abs=0.3)
    assert {each.utterance for each in words()} == {7}


def test_length_counts_for_each_syllable_and_not_before_a_pause() -> None:
    first, second, third, last = words()
    assert first.syllable_s == pytest.approx(0.4)
    assert second.syllable_s is None, "it is drawn out before the pause"
    assert third.syllable_s == pytest.approx(0.5)
    assert last.syllable_s is None, "the end of an utterance is drawn out too"


def test_semitones_count_from_100_hz() -> None:
    assert semitones(200.0) == pytest.approx(12.0)


def test_the_median_pitch_is_that_of_the_voiced_frames() -> None:
    assert median_pitch(np.array([0, 0, 100, 200, 100, 0], np.float32)) == pytest.approx(0.0)
    assert median_pitch(np.array([0, 100, 100], np.float32)) is None
