from __future__ import annotations

import pytest

from gateway.flow.grid import Grid, mean, means_over, smoothed


def test_steps_cover_the_whole():
    assert Grid(duration_s=10.0).count == 20
    assert Grid(duration_s=10.1).count == 21
    assert Grid(duration_s=0.0).count == 1


def test_a_span_touches_its_steps_by_what_it_covers():
    assert Grid(duration_s=10.0).shares(0.25, 1.25) == [(0, 0.5), (1, 1.0), (2, 0.5)]
    assert Grid(duration_s=10.0).shares(3.0, 3.0) == []
    assert Grid(duration_s=10.0).shares(9.75, 10.0) == [(19, 0.5)]


def test_steps_between_follow_one_another_without_a_gap():
    grid = Grid(duration_s=10.0)
    assert [*grid.between(0, 3.1), *grid.between(3.1, 7), *grid.between(7, 10)] == list(range(20))


def test_smoothing_keeps_what_is_even_and_spreads_what_is_not():
    assert smoothed([0.5] * 6) == pytest.approx([0.5] * 6)
    spread = smoothed([0, 0, 0, 0, 9, 0, 0, 0, 0])
    assert spread == pytest.approx([0, 0, 1, 2, 3, 2, 1, 0, 0])


def test_means():
    assert means_over([1, 2, 3], 2) == [1.5, 2.5]
    assert means_over([1, 3], 5) == [2]
    assert mean([]) == 0
