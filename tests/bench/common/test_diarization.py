from __future__ import annotations

import numpy as np
import pytest

from bench.common.diarization import RATE_HZ, Said, diarization_error, in_turn, mixed, spoken


def said(*turns: tuple[float, float, str]) -> list[Said]:
    return [Said(start_s=start_s, end_s=end_s, speaker=speaker) for start_s, end_s, speaker in turns]


TRUTH = said((0.0, 4.0, "a"), (5.0, 9.0, "b"))


def test_names_do_not_matter() -> None:
    assert diarization_error(TRUTH, said((0.0, 4.0, "2"), (5.0, 9.0, "1")), 10.0).rate == 0.0


@pytest.mark.parametrize(
    ("found", "missed_s", "invented_s", "confused_s"),
    [
        (said((0.0, 4.0, "1")), 4.0, 0.0, 0.0),
        (said((0.0, 4.0, "1"), (5.0, 9.0, "1")), 0.0, 0.0, 4.0),
        (said((0.0, 4.0, "1"), (5.0, 10.0, "2")), 0.0, 1.0, 0.0),
        (said((0.0, 4.0, "1"), (5.0, 9.0, "2"), (6.0, 7.0, "1")), 0.0, 1.0, 0.0),
        ([], 8.0, 0.0, 0.0),
    ],
)
def test_errors_are_counted_by_kind(found: list[Said], missed_s: float, invented_s: float, confused_s: float) -> None:
    error = diarization_error(TRUTH, found, 10.0, collar_s=0.0)
    assert (error.missed_s, error.invented_s, error.confused_s) == pytest.approx((missed_s, invented_s, confused_s))
    assert error.rate == pytest.approx((missed_s + invented_s + confused_s) / 8.0)


def test_a_collar_forgives_edges_only() -> None:
    late = said((0.2, 4.2, "1"), (5.2, 9.2, "2"))
    assert diarization_error(TRUTH, late, 10.0).rate == 0.0
    assert diarization_error(TRUTH, late, 10.0, collar_s=0.0).rate == pytest.approx(0.1)


def test_two_at_a_time_count_twice() -> None:
    both = said((0.0, 4.0, "a"), (0.0, 4.0, "b"))
    assert diarization_error(both, said((0.0, 4.0, "1")), 5.0, collar_s=0.0).rate == pytest.approx(0.5)


def test_a_voice_over_hiss_is_found_by_its_level() -> None:
    rng = np.random.default_rng(3)
    samples = rng.normal(0, 0.002, 4 * RATE_HZ).astype(np.float32)
    samples[RATE_HZ : 2 * RATE_HZ] += rng.normal(0, 0.1, RATE_HZ).astype(np.float32)
    (voice,) = spoken(samples, speaker="a")
    assert (voice.start_s, voice.end_s) == pytest.approx((1.0, 2.0), abs=0.03)


def test_a_mix_says_who_speaks_when() -> None:
    second = np.full(RATE_HZ, 0.5, np.float32)
    clip, truth = mixed(in_turn([("a", second), ("b", second), ("a", second)], [0.5, -0.25, 1.0]))
    assert truth == said((0.5, 1.5, "a"), (1.25, 2.25, "b"), (3.25, 4.25, "a"))
    assert len(clip) == round(4.25 * RATE_HZ)
