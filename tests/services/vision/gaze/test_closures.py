from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from services.vision.gaze.closures import Closure, EyeLids, Judged
from tests.services.vision.gaze.faces import moment

RATE_HZ = 15.0


def judged(openness: Sequence[float | None]) -> tuple[list[Judged], list[Closure]]:
    lids = EyeLids()
    told = [each for row, value in enumerate(openness) for each in lids.add(moment(row / RATE_HZ, value))]
    rest, cut_off = lids.finish()
    told += rest
    return told, [each.ended for each in told if each.ended] + ([cut_off] if cut_off else [])


def rows(closure: Closure) -> tuple[int, int]:
    """First frame of the closure, and the first one after it."""
    return round(closure.start_s * RATE_HZ), round(closure.end_s * RATE_HZ)


def open_eyes(count: int, usual: float = 0.3, sigma: float = 0.004) -> np.ndarray:
    return usual + np.random.default_rng(0).normal(0, sigma, count)


BLINKS = ((20, 2), (45, 3), (80, 1), (110, 4), (111 + 30, 6))


@pytest.mark.parametrize("usual", [0.18, 0.3, 0.42])
def test_every_blink_is_counted_at_its_frames(usual: float) -> None:
    series = open_eyes(200, usual)
    for first, count in BLINKS:
        series[first : first + count] = 0.15 * usual
    told, closures = judged(series.tolist())
    assert [rows(each) for each in closures] == [(first, first + count) for first, count in BLINKS]
    assert all(each.is_blink for each in closures)
    assert [each.moment.pts_s for each in told] == sorted(each.moment.pts_s for each in told)
    assert len(told) == 200
    assert sum(each.closed for each in told) == sum(count for _, count in BLINKS)


def test_the_lids_way_down_and_up_belongs_to_the_blink() -> None:
    series = open_eyes(40)
    series[20:24] = [0.21, 0.05, 0.1, 0.22]
    assert [rows(each) for each in judged(series.tolist())[1]] == [(20, 24)]


def test_eyes_closed_for_longer_than_half_a_second_do_not_blink() -> None:
    series = open_eyes(90)
    series[30:60] = 0.04
    (closure,) = judged(series.tolist())[1]
    assert rows(closure) == (30, 60)
    assert not closure.is_blink


def test_a_look_down_lowers_the_lids_and_is_no_blink() -> None:
    series = open_eyes(90)
    series[30:60] = 0.19
    assert judged(series.tolist())[1] == []


def test_a_closure_cut_off_by_the_end_is_told() -> None:
    series = open_eyes(30)
    series[27:] = 0.05
    assert [rows(each) for each in judged(series.tolist())[1]] == [(27, 30)]


def test_nothing_is_said_of_lids_that_the_mesh_does_not_hold_on_to() -> None:
    series = np.random.default_rng(1).uniform(0.08, 0.3, 90)
    assert judged(series.tolist())[1] == []


def test_on_a_blurred_face_only_full_closures_count() -> None:
    series = open_eyes(90, sigma=0.03)
    series[30:32] = 0.2
    series[60:62] = 0.05
    assert [rows(each) for each in judged(series.tolist())[1]] == [(60, 62)]


def test_eyes_that_are_never_seen_are_never_closed() -> None:
    told, closures = judged([None] * 30)
    assert closures == []
    assert not any(each.closed for each in told)


def test_one_moment_alone_says_nothing() -> None:
    told, closures = judged([0.3])
    assert len(told) == 1
    assert closures == []


def test_what_is_known_comes_a_second_later() -> None:
    lids = EyeLids()
    first = [len(lids.add(moment(row / RATE_HZ))) for row in range(20)]
    assert first[:15] == [0] * 15
    assert sum(first) > 0
