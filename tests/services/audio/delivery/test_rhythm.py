from __future__ import annotations

import pytest

from services.audio.delivery.rhythm import rhythm, variability
from services.audio.delivery.spoken import MeasuredWord
from services.audio.percepts.speech_spans import SpeechSpan
from tests.services.audio.saying import word


def measured(start_s: float, end_s: float, syllable_s: float | None = 0.2, utterance: int = 0) -> MeasuredWord:
    return MeasuredWord(
        word=word("w", start_s, end_s),
        utterance=utterance,
        language_code="en",
        pitch=None,
        level_db=-20.0,
        syllable_s=syllable_s,
    )


def test_speech_and_silence_add_up() -> None:
    words = [measured(1.0, 2.0), measured(3.0, 4.0), measured(4.5, 5.0)]
    pauses = [SpeechSpan(start_s=2.0, end_s=3.0), SpeechSpan(start_s=4.0, end_s=4.5)]
    found = rhythm(words, pauses)
    assert (found.start_s, found.end_s) == (1.0, 5.0)
    assert found.speaking_share == pytest.approx(2.5 / 4)
    assert (found.pause_count, found.mean_pause_s) == (2, pytest.approx(0.75))
    assert found.mean_run_s == pytest.approx(2.5 / 3)


def test_without_pauses_all_is_one_run() -> None:
    found = rhythm([measured(1.0, 2.0)], [])
    assert (found.speaking_share, found.mean_pause_s, found.mean_run_s) == (1.0, None, 1.0)


def test_even_syllables_do_not_vary() -> None:
    assert variability([measured(0, 1), measured(1, 2), measured(2, 3)]) == 0.0


def test_long_and_short_by_turns_vary_by_their_difference_over_their_mean() -> None:
    assert variability([measured(0, 1, 0.1), measured(1, 2, 0.3), measured(2, 3, 0.1)]) == pytest.approx(100.0)


def test_neighbours_are_of_one_utterance_and_measured() -> None:
    assert variability([measured(0, 1, 0.1), measured(1, 2, 0.3, utterance=1)]) is None
    assert variability([measured(0, 1, 0.1), measured(1, 2, None), measured(2, 3, 0.3)]) is None
