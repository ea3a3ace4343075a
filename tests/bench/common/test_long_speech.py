from __future__ import annotations

import wave
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from bench.common.long_speech import RATE_HZ, Sentence, difference_of, near_seams, write_long
from bench.common.readings import Difference

SOUNDS = [(np.full(length_s * RATE_HZ, 0.5, np.float32), [f"word{length_s}"] * 3) for length_s in (6, 7, 5)]


def test_seams_lie_in_mid_sentence_and_no_sentence_follows_itself(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    sentences = write_long(path, SOUNDS, length_s=240.0, part_s=60.0)
    with wave.open(str(path)) as file:
        assert file.getnframes() / RATE_HZ == pytest.approx(sentences[-1].end_s, abs=1e-3)
        assert sentences[-1].end_s >= 240.0
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    for seam_s in (60, 120, 180):
        around = samples[round((seam_s - 1) * RATE_HZ) : round((seam_s + 1) * RATE_HZ)]
        assert (around != 0).all()
    assert all(one.known != other.known for one, other in pairwise(sentences))
    assert all(one.end_s == other.start_s for one, other in pairwise(sentences))


def test_sentences_at_seams_are_those_that_lie_near_one() -> None:
    row = [Sentence(start_s=10.0 * at, end_s=10.0 * at + 10, known=("a",)) for at in range(13)]
    assert [each.start_s for each in near_seams(row, part_s=65.0, within_s=3.0)] == [60.0, 120.0]


def test_words_are_compared_sentence_by_sentence() -> None:
    row = [Sentence(start_s=0.0, end_s=5.0, known=("a", "b")), Sentence(start_s=5.0, end_s=9.0, known=("c", "d"))]
    heard = [(0.1, "a"), (0.2, "b"), (0.3, "b"), (6.0, "d")]
    assert difference_of(row, heard) == Difference(doubled=1, lost=1)
