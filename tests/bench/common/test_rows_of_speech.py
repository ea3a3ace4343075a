"""Sentences in a row, whose silences are known."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from bench.common.rows_of_speech import LEVEL, RATE_HZ, cut_within, row_of_speech
from bench.common.vowels import spoken

VOWEL = spoken(np.full(RATE_HZ, 140.0), "a").astype(np.float32)
BREATH = np.random.default_rng(1).normal(0.0, 0.1, RATE_HZ // 2).astype(np.float32)
BUMP = (0.3 * np.sin(2 * np.pi * 80 * np.arange(RATE_HZ // 2) / RATE_HZ)).astype(np.float32)
QUIET = np.zeros(RATE_HZ // 2, np.float32)


@pytest.mark.parametrize("around", [QUIET, BREATH, BUMP], ids=["silence", "breath", "a bump"])
def test_a_sentence_is_cut_to_its_vowels(around: np.ndarray) -> None:
    cut = cut_within(np.concatenate([around, VOWEL, around]))
    assert len(cut) == pytest.approx(len(VOWEL), abs=0.05 * RATE_HZ)


def test_silences_lie_where_it_says() -> None:
    row = row_of_speech([VOWEL, VOWEL, VOWEL], (0.4, 0.9))
    for (start_s, end_s), gap_s in zip(row.gaps_s, (0.4, 0.9), strict=True):
        assert end_s - start_s == pytest.approx(gap_s)
        first, last = round(start_s * RATE_HZ), round(end_s * RATE_HZ)
        assert not row.samples[first + 1 : last - 1].any()
        assert np.abs(row.samples[first - 200 : first]).max() > LEVEL / 2
        assert np.abs(row.samples[last : last + 200]).max() > LEVEL / 2


def test_what_lies_below_goes_on_through_the_silences() -> None:
    row = row_of_speech([VOWEL, VOWEL], (0.4,), below=0.01 * BREATH)
    ((start_s, end_s),) = row.gaps_s
    assert row.samples[round(start_s * RATE_HZ) + 1 : round(end_s * RATE_HZ) - 1].any()


def test_it_is_written_as_a_file(tmp_path: Path) -> None:
    row = row_of_speech([VOWEL, VOWEL], (0.4,))
    with wave.open(str(row.write(tmp_path / "row.wav"))) as file:
        assert (file.getframerate(), file.getnchannels(), file.getnframes()) == (RATE_HZ, 1, len(row.samples))
