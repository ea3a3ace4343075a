from __future__ import annotations

import numpy as np
import pytest

from services.audio.delivery.pace import Pace, pace_of
from services.audio.delivery.trace import VoiceTrace
from services.audio.percepts.spoken_words import Utterance
from tests.services.audio.saying import said, speech, utterance, word

SOUND = speech([(1.0, 2.0, 120.0, 0.1), (2.5, 3.5, 120.0, 0.1)], 5.0)


def paced(told: Utterance) -> Pace:
    trace = VoiceTrace()
    for window in said(SOUND, [told], voices=[(1.0, 2.0), (2.5, 3.5)]):
        trace.push(window)
    trace.finish()
    return pace_of(told, trace)


def hello(code: str, second: str = "radio") -> Utterance:
    return utterance([word("hello", 1.0, 2.0), word(second, 2.5, 3.5)], code)


def test_pauses_are_left_out_of_articulation() -> None:
    pace = paced(hello("en"))
    assert (pace.word_count, pace.syllable_count) == (2, 5)
    assert pace.speaking_s == pytest.approx(2.0, abs=0.03)
    assert pace.articulation_per_s == pytest.approx(2.5, abs=0.05)


def test_the_level_is_that_of_the_speech_not_of_the_pause() -> None:
    loud = 10 * np.log10((SOUND[16000:32000] ** 2).mean())
    assert paced(hello("en")).level_db == pytest.approx(loud, abs=0.3)


def test_other_languages_have_words_but_no_syllables() -> None:
    pace = paced(hello("fr"))
    assert (pace.word_count, pace.syllable_count, pace.articulation_per_s) == (2, None, None)


def test_languages_without_spaces_have_no_words_either() -> None:
    assert paced(hello("ja")).word_count is None


def test_a_year_leaves_the_syllables_open() -> None:
    assert paced(hello("en", "1969")).syllable_count is None
