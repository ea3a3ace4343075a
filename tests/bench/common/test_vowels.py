"""Vowels whose pitch is known."""

from __future__ import annotations

import numpy as np
import pytest

from bench.common.vowels import FORMANTS, PITCHES_HZ, RATE_HZ, spoken, vowels


def test_there_are_three_courses_of_each_vowel_at_each_pitch() -> None:
    made = list(vowels())
    assert len(made) == 3 * len(FORMANTS) * len(PITCHES_HZ)
    assert {len(each.samples) for each in made} == {len(each.pitch_hz) for each in made} == {RATE_HZ}


def test_a_held_vowel_repeats_itself_with_its_period() -> None:
    sound = spoken(np.full(RATE_HZ, 100.0), "a")[RATE_HZ // 2 :]
    period = RATE_HZ // 100
    assert np.abs(sound[period:] - sound[:-period]).max() < 0.01
    assert np.abs(sound[period // 2 :] - sound[: -(period // 2)]).max() > 0.1


def test_each_vowel_is_loudest_near_its_first_two_formants() -> None:
    for letter, ((first_hz, _), _, _) in FORMANTS.items():
        power = np.abs(np.fft.rfft(spoken(np.full(RATE_HZ, 100.0), letter))) ** 2
        assert abs(int(power[50:1200].argmax()) + 50 - first_hz) < 150, letter


def test_noise_has_the_level_asked_for() -> None:
    clean, noisy = next(vowels()), next(vowels(-10.0))
    ratio = np.mean((noisy.samples - clean.samples) ** 2) / np.mean(clean.samples**2)
    assert 10 * np.log10(ratio) == pytest.approx(-10.0, abs=0.3)
