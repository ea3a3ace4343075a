from fractions import Fraction

import pytest

from gateway.decode.clock import FrameClock, Timeline

TICK = Fraction(1, 1000)


def clock(*, rate: int | None = 25, end: Fraction | None = None) -> FrameClock:
    rate_from_header = Fraction(rate) if rate else None
    return FrameClock(time_base=TICK, rate_from_header=rate_from_header, timeline=Timeline(end_from_header=end))


def placed(a_clock: FrameClock, stamps: list[int | None], duration: int = 0) -> list[float | None]:
    times = [a_clock.place(pts=pts, dts=None, duration=duration) for pts in stamps]
    return [None if time is None else float(time) for time in times]


def test_the_first_frame_is_time_0_and_gaps_stay_as_stated():
    assert placed(clock(), [1075, 1115, 2000, 2040]) == [0.0, 0.04, 0.925, 0.965]


def test_the_header_rate_is_not_used_where_pts_exist():
    assert placed(clock(rate=1000), [0, 100, 150]) == [0.0, 0.1, 0.15]


def test_without_pts_the_dts_stands_in():
    a_clock = clock()
    assert [a_clock.place(pts=None, dts=dts, duration=0) for dts in (80, 120)] == [0, Fraction(40, 1000)]


def test_without_any_stamp_frames_follow_one_another():
    assert placed(clock(), [None, None, None]) == [0.0, 0.04, 0.08]
    assert placed(clock(), [0, None, None], duration=30) == [0.0, 0.03, 0.06]
    assert placed(clock(), [0, 50, None]) == [0.0, 0.05, 0.1]


def test_a_frame_that_is_not_later_is_never_seen():
    a_clock = clock()
    assert placed(a_clock, [0, 40, 40, 20, 80]) == [0.0, 0.04, None, None, 0.08]
    assert a_clock.unseen_count == 2


def test_the_last_frame_ends_by_its_duration_else_the_last_gap_else_the_rate():
    for stamps, duration, end_s in (([0, 40, 100], 500, 0.6), ([0, 40, 100], 0, 0.16), ([0], 0, 0.04)):
        a_clock = clock()
        placed(a_clock, stamps, duration)
        assert float(a_clock.end) == end_s
    assert clock().end == 0


def test_joined_files_continue_where_the_first_ended():
    timeline = Timeline()
    a_clock = FrameClock(time_base=TICK, rate_from_header=Fraction(10), timeline=timeline)
    assert placed(a_clock, [9800, 9900, 0, 100, 200]) == [0.0, 0.1, 0.2, 0.3, 0.4]
    assert timeline.restart_count == 1


def test_one_wrong_stamp_moves_only_its_own_frame():
    assert placed(clock(end=Fraction(1), rate=10), [0, 100, 95_443_700, 300, 400]) == [0.0, 0.1, 0.2, 0.3, 0.4]


def test_one_frame_that_falls_back_does_not_move_the_others():
    assert placed(clock(rate=10), [4000, 4100, 2000, 4300, 4400]) == pytest.approx([0.0, 0.1, 0.2, 0.3, 0.4])


def test_a_long_still_is_believed_within_the_stated_length():
    assert placed(clock(end=Fraction(60)), [0, 45_000]) == [0.0, 45.0]
    assert placed(clock(end=None), [0, 45_000]) == [0.0, 45.0]
    assert placed(clock(end=Fraction(20), rate=10), [0, 45_000]) == [0.0, 0.1]
