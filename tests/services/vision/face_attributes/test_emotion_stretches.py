"""A stretch lasts while one emotion leads, survives a flicker, and ends where the next one begins."""

from __future__ import annotations

import numpy as np
import pytest

from services.vision.face_attributes.emotion_stretches import EmotionSample, FaceEmotions, Stretch


def sample(pts_s: float, *shares: float) -> EmotionSample:
    padded = np.array([*shares, *[0.0] * (7 - len(shares))])
    return EmotionSample(pts_s=pts_s, end_s=pts_s + 0.2, shares=padded / padded.sum())


def stretches(samples: list[EmotionSample]) -> list[Stretch]:
    face = FaceEmotions()
    ended = [face.add(each) for each in samples]
    return [each for each in [*ended, face.close()] if each is not None]


def told(samples: list[EmotionSample]) -> list[tuple[float, float, int]]:
    return [(each.start_s, pytest.approx(each.end_s), int(each.shares.argmax())) for each in stretches(samples)]


def test_shares_are_the_means_and_sum_to_one() -> None:
    (stretch,) = stretches([sample(0.0, 0.8, 0.2), sample(0.5, 0.6, 0.4), sample(1.0, 1.0)])
    assert stretch.shares[:2] == pytest.approx([0.8, 0.2])
    assert stretch.shares.sum() == pytest.approx(1.0)
    assert (stretch.start_s, stretch.end_s) == (0.0, pytest.approx(1.2))


def test_one_odd_sample_does_not_end_a_stretch() -> None:
    steady = [sample(k * 0.5, 0.9, 0.1) for k in range(8)]
    steady[4] = sample(2.0, 0.1, 0.9)
    assert told(steady) == [(0.0, 3.7, 0)]


def test_equal_leaders_do_not_flicker() -> None:
    """Old bug: a new entry for every frame, as the label jumped between two that were equally likely."""
    samples = [sample(k * 0.5, 0.5 + 0.04 * (-1) ** k, 0.5) for k in range(12)]
    assert len(stretches(samples)) == 1


def test_a_change_is_told_at_the_sample_where_it_began() -> None:
    samples = [sample(k * 0.5, 0.9, 0.1) for k in range(4)] + [sample(2 + k * 0.5, 0.1, 0.9) for k in range(4)]
    assert told(samples) == [(0.0, 2.0, 0), (2.0, 3.7, 1)]
    assert [len(each.samples) for each in stretches(samples)] == [4, 4]


def test_it_is_told_as_soon_as_it_is_known() -> None:
    face = FaceEmotions()
    before = [face.add(sample(k * 0.5, 0.9, 0.1)) for k in range(4)]
    assert before == [None] * 4
    assert face.add(sample(2.0, 0.1, 0.9)) is None
    ended = face.add(sample(2.5, 0.1, 0.9))
    assert ended is not None
    assert ended.end_s == 2.0


def test_nothing_is_claimed_across_a_gap() -> None:
    assert told([sample(0.0, 1.0), sample(0.5, 1.0), sample(5.0, 1.0)]) == [(0.0, 0.7, 0), (5.0, 5.2, 0)]
    face = FaceEmotions()
    face.add(sample(0.0, 1.0))
    assert face.end_before(0.1) is None
    assert face.end_before(3.0) is not None
    assert face.end_before(9.0) is None


def test_every_sample_is_in_exactly_one_stretch() -> None:
    rng = np.random.default_rng(0)
    samples = [sample(k * 0.5, *rng.dirichlet(np.full(7, 0.3))) for k in range(60)]
    flat = [each.pts_s for stretch in stretches(samples) for each in stretch.samples]
    assert flat == [each.pts_s for each in samples]


def test_without_samples_there_is_no_stretch() -> None:
    assert FaceEmotions().close() is None
