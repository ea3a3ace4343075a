from __future__ import annotations

import numpy as np
import pytest

from services.audio.delivery.levels import FLOOR_DB
from services.audio.delivery.trace import VoiceTrace, finished_utterances, mean_level_db
from tests.services.audio.hearing import silence
from tests.services.audio.saying import said, speech, utterance, word

WORDS = [(1.0, 2.0, 120.0, 0.1), (2.6, 3.4, 180.0, 0.1)]
SOUND = speech(WORDS, 6.0)
SPOKEN = utterance([word("hello", 1.0, 2.0), word("there.", 2.6, 3.4)])


def traced(start_s: float = 0.0) -> VoiceTrace:
    trace = VoiceTrace()
    for window in said(SOUND, [SPOKEN], pitches=WORDS, start_s=start_s):
        trace.push(window)
    trace.finish()
    return trace


def test_pitch_and_level_are_found_by_their_time() -> None:
    trace = traced()
    assert set(trace.pitch_hz(1.1, 1.9).tolist()) == {120.0}
    assert set(trace.pitch_hz(2.7, 3.3).tolist()) == {180.0}
    assert set(trace.pitch_hz(4.0, 5.0).tolist()) == {0.0}
    assert trace.levels_db(1.1, 1.9).min() > -30
    assert trace.levels_db(4.0, 5.0).max() == FLOOR_DB
    assert len(trace.levels_db(1.0, 2.0)) == 100


def test_silences_are_bounded_by_words_and_by_the_ends_of_the_sound() -> None:
    quiet = traced().quiet(0.0, 6.0, shortest_s=0.3)
    assert [(span.start_s, span.end_s) for span in quiet] == [
        pytest.approx((0.0, 1.0), abs=0.02),
        pytest.approx((2.0, 2.6), abs=0.02),
        pytest.approx((3.4, 6.0), abs=0.02),
    ]
    assert len(traced().quiet(1.5, 3.0, shortest_s=0.3)) == 1
    assert traced().quiet(0.0, 6.0, shortest_s=3.0) == []


def test_an_utterance_is_finished_as_soon_as_what_follows_it_is_heard() -> None:
    """Not at the end of the part."""
    trace = VoiceTrace()
    filled = said(np.concatenate([SOUND, silence(60)]), [SPOKEN], pitches=WORDS)
    seen = [(told.content, trace.heard_s) for told in finished_utterances(filled, trace, 0.0)]
    assert seen == [("hello there.", 5.0)]


def test_an_utterance_at_the_end_is_finished_by_the_end() -> None:
    last = utterance([word("bye", 5.2, 5.9)])
    assert list(finished_utterances(said(SOUND, [SPOKEN, last]), VoiceTrace(), 0.0)) == [SPOKEN, last]


def test_no_windows_have_no_utterances() -> None:
    assert list(finished_utterances([], VoiceTrace(), 0.0)) == []


def test_the_mean_level_is_that_of_the_power() -> None:
    assert mean_level_db(np.array([0.0, FLOOR_DB], np.float32)) == pytest.approx(-3.01, abs=0.01)
    assert mean_level_db(np.empty(0, np.float32)) == FLOOR_DB


def test_words_of_the_lead_in_were_measured_by_the_part_before() -> None:
    (own,) = finished_utterances(said(SOUND, [SPOKEN]), VoiceTrace(), SPOKEN.words[1].start_s)
    assert own.words == SPOKEN.words[1:]
    assert list(finished_utterances(said(SOUND, [SPOKEN]), VoiceTrace(), SPOKEN.end_s)) == []
