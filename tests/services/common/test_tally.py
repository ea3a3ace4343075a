from __future__ import annotations

from services.common.tally import Tally


def taken(own_start_s: float, *windows: tuple[float, float, int]) -> Tally:
    tally = Tally(own_start_s=own_start_s)
    for start_s, end_s, count in windows:
        tally.take(start_s=start_s, end_s=end_s, count=count)
    return tally


def test_windows_that_follow_one_another_are_one_span():
    tally = taken(0.0, (0.0, 1.0, 10), (1.0, 2.0, 10), (3.0, 4.0, 10))
    assert tally.spans_s == [(0.0, 2.0), (3.0, 4.0)]
    assert tally.received_count == 30


def test_the_lead_in_is_looked_at_and_not_counted():
    tally = taken(2.0, (0.0, 1.0, 10), (1.0, 2.0, 10), (2.0, 3.0, 10))
    assert tally.spans_s == [(0.0, 3.0)]
    assert tally.received_count == 10


def test_all_was_worked_on_unless_the_method_says_otherwise():
    tally = taken(0.0, (0.0, 1.0, 10))
    assert tally.worked_on_count == 10
    tally.process(0)
    assert tally.worked_on_count == 0
    tally.process(3)
    assert tally.worked_on_count == 3


def test_no_more_is_worked_on_than_was_received():
    tally = taken(1.0, (0.0, 1.0, 10), (1.0, 2.0, 10))
    tally.process(20)
    assert tally.worked_on_count == 10
