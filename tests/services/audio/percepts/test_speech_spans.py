from __future__ import annotations

import numpy as np
import pytest

from services.audio.percepts.speech_spans import VOICE_STEP_S, SpeechGate, SpeechSpan, joined, spans_of, speech_s


def labels(probabilities: list[float]) -> list[bool]:
    gate = SpeechGate()
    decided = [label for probability in probabilities for label in gate.push(probability)]
    return decided + gate.finish()


def runs(probabilities: list[float]) -> list[tuple[int, int]]:
    """Runs of speech as (first frame, first frame outside)."""
    spans = spans_of(labels(probabilities), 0.0)
    return [(round(span.start_s / VOICE_STEP_S), round(span.end_s / VOICE_STEP_S)) for span in spans]


def test_each_frame_is_decided_once() -> None:
    probabilities = np.random.default_rng(3).random(500).tolist()
    gate = SpeechGate()
    decided = 0
    for count, probability in enumerate(probabilities, 1):
        decided += len(gate.push(probability))
        assert decided + gate.undecided_count == count
    assert decided + len(gate.finish()) == 500


def test_a_sound_of_a_quarter_second_is_not_speech() -> None:
    assert runs([0.1] * 5 + [0.9] * 7 + [0.1] * 10) == []


def test_a_longer_one_is() -> None:
    assert runs([0.1] * 5 + [0.9] * 8 + [0.1] * 10) == [(5, 13)]


def test_the_closure_of_a_plosive_does_not_end_speech() -> None:
    assert runs([0.9] * 10 + [0.1] * 3 + [0.9] * 10 + [0.1] * 10) == [(0, 23)]


def test_a_pause_of_over_a_tenth_of_a_second_does() -> None:
    assert runs([0.9] * 10 + [0.1] * 5 + [0.9] * 10 + [0.1] * 10) == [(0, 10), (15, 25)]


def test_a_soft_vowel_goes_on_as_speech_but_begins_none() -> None:
    assert runs([0.4] * 5 + [0.9] * 10 + [0.4] * 10 + [0.1] * 6) == [(5, 25)]


def test_speech_that_lasts_to_the_end_is_kept() -> None:
    assert runs([0.1] * 3 + [0.9] * 9) == [(3, 12)]


def test_what_windows_cut_apart_is_joined() -> None:
    halves = [
        SpeechSpan(start_s=0.5, end_s=1.0),
        SpeechSpan(start_s=1.0, end_s=1.5),
        SpeechSpan(start_s=2.0, end_s=3.0),
    ]
    whole = joined(halves)
    assert [(span.start_s, span.end_s) for span in whole] == [(0.5, 1.5), (2.0, 3.0)]
    assert speech_s(whole) == pytest.approx(2.0)
