from __future__ import annotations

import numpy as np
import pytest

from services.audio.effects.looks import (
    AROUND_SAMPLES,
    FRAME_SAMPLES,
    HOP_SAMPLES,
    LOOK_SAMPLES,
    Looks,
    newly_heard,
    no_longer_heard,
    not_explained,
)


def looked(sample_count: int, piece: int) -> list[tuple[int, int]]:
    """(first sample, samples) of each look: samples carry their own number, the padding is 0."""
    seen: list[tuple[int, int]] = []

    def judge(frame: np.ndarray, around: np.ndarray) -> np.ndarray:
        assert frame.shape == around.shape == (FRAME_SAMPLES,)
        assert around[AROUND_SAMPLES] == frame[0]
        seen.append((int(frame[0]) - 1, int(np.count_nonzero(frame))))
        return np.zeros(2, np.float32)

    looks = Looks(judge)
    samples = np.arange(1, sample_count + 1, dtype=np.float32)
    for first in range(0, sample_count, piece):
        looks.push(samples[first : first + piece])
    assert len(looks.finish()) == len(seen)
    return seen


@pytest.mark.parametrize("piece", [1000, 16000, 10**6])
def test_looks_follow_each_other_by_a_tenth_of_a_second_to_the_end(piece):
    seen = looked(20_000, piece)
    assert [first for first, _ in seen] == list(range(0, len(seen) * HOP_SAMPLES, HOP_SAMPLES))
    assert all(count == min(LOOK_SAMPLES, 20_000 - first) for first, count in seen)
    assert seen[-1][0] + seen[-1][1] == 20_000


def test_less_than_a_look_is_looked_at_too():
    assert looked(300, 100) == [(0, 300)]
    assert looked(0, 100) == []


def test_a_moment_is_likely_where_the_tagger_knows_the_sound_from_then_on():
    scores = np.zeros(30, np.float32)
    scores[10:16] = 0.8  # looks that begin at 1.0 ... 1.5 s
    times_s = np.array([0.5, 1.0, 1.4, 1.8, 2.0])
    assert newly_heard(scores, times_s) == pytest.approx([0.05, 0.8, 0.8, 0.05, 0.05])
    assert no_longer_heard(scores, times_s) == pytest.approx([0.05, 0.05, 0.05, 0.8, 0.8])


def test_a_piece_cut_out_of_speech_or_music_is_no_sound_of_its_own():
    look, elsewhere, there = np.array([[0.4, 0.6], [0.0, 0.1], [0.1, 0.1]], np.float32)
    # A voice heard whole, surer than what half a second of it sounds like.
    assert not_explained(look, elsewhere, 0.5).tolist() == pytest.approx([0.0, 0.6])
    # The same speech over a sound that is known in the whole frame too; and no speech.
    assert not_explained(look, there, 0.5).tolist() == pytest.approx([0.4, 0.6])
    assert not_explained(look, elsewhere, 0.1).tolist() == pytest.approx([0.4, 0.6])
