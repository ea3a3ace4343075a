from __future__ import annotations

from bench.common.following import Switches, Walker

TWO = (Walker(start_s=1.0, end_s=3.0), Walker(start_s=5.0, end_s=8.0))


def test_one_track_for_each_walker_is_right():
    counted = Switches.counted(TWO, [(1, 1.0), (1, 2.9), (2, 5.5)])
    assert counted.count == 0
    assert str(counted).startswith("0 (")


def test_a_second_track_of_one_walker_is_a_switch():
    assert Switches.counted(TWO, [(1, 1.0), (3, 2.0), (2, 5.5)]).extra == 1


def test_a_track_of_two_walkers_is_a_switch():
    assert Switches.counted(TWO, [(1, 1.0), (1, 5.5)]).shared == 1


def test_a_walker_nobody_followed_counts_and_a_track_of_nobody_is_told():
    counted = Switches.counted(TWO, [(1, 1.0), (4, 4.0)])
    assert (counted.unseen, counted.of_nobody, counted.count) == (1, 1, 1)
