from __future__ import annotations

import numpy as np
import pytest

from services.audio.delivery.prominence import FEWEST_WORDS, PROMINENT, prominences, prominent
from services.audio.delivery.spoken import MeasuredWord
from tests.services.audio.saying import word


def measured(
    at: int, pitch: float | None = 0.0, level_db: float = -20.0, syllable_s: float | None = 0.2
) -> MeasuredWord:
    return MeasuredWord(
        word=word(f"w{at}", at * 0.5, at * 0.5 + 0.4),
        utterance=0,
        language_code="en",
        pitch=pitch,
        level_db=level_db,
        syllable_s=syllable_s,
    )


def jittered(count: int, seed: int = 1) -> list[MeasuredWord]:
    """Words none of which is stressed: 1.5 semitones, 3 dB and a fifth of length to and fro."""
    rng = np.random.default_rng(seed)
    return [
        measured(at, 4 + 1.5 * rng.normal(), -20 + 3 * rng.normal(), 0.2 * float(np.exp(0.2 * rng.normal())))
        for at in range(count)
    ]


def test_a_word_that_is_higher_louder_and_longer_stands_out() -> None:
    words = jittered(20)
    words[7] = measured(7, 4 + 5.0, -20 + 6.0, 0.2 * 1.6)
    found = prominent(words)
    assert [one.word.word.content for one in found] == ["w7"]
    (one,) = found
    assert one.pitch_semitones == pytest.approx(5.0, abs=0.8)
    assert one.level_db == pytest.approx(6.0, abs=1.5)
    assert one.length_ratio == pytest.approx(1.6, abs=0.2)
    assert one.score >= PROMINENT


def test_words_none_of_which_is_stressed_hardly_ever_stand_out() -> None:
    """By chance once in 200, as the threshold says."""
    found = sum(len(prominent(jittered(200, seed))) for seed in range(20))
    assert found / 4000 < 0.02


def test_old_bug_loud_alone_is_no_emphasis() -> None:
    words = jittered(20)
    words[7] = measured(7, 4.0, -20 + 6.0, 0.2)
    assert prominent(words) == []


def test_one_measure_alone_carries_no_word() -> None:
    """A word whose end the transcript misses looks ten times as long."""
    words = jittered(20)
    words[7] = measured(7, 4.0, -20.0, 2.0)
    assert prominent(words) == []


def test_a_steady_voice_is_not_stressed_by_rounding() -> None:
    words = [measured(at, 4.0 + 0.01 * (at % 2)) for at in range(20)]
    assert prominent(words) == []


def test_too_few_words_are_not_compared() -> None:
    words = [*(measured(at) for at in range(FEWEST_WORDS - 2)), measured(99, 12.0, 0.0, 0.6)]
    assert prominent(words) == []


def test_what_was_not_measured_is_left_out() -> None:
    voiceless = prominences([*jittered(10), measured(10, None, -8.0, 0.5)])[-1]
    assert voiceless.pitch_semitones is None
    assert voiceless.score > PROMINENT
    assert len(prominences([*jittered(10), measured(10, None, -8.0, None)])) == 10
