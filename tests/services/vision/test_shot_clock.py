from __future__ import annotations

from services.vision.shot_clock import ShotClock
from tests.services.vision.handed import change


def test_a_cut_ends_a_shot_and_its_own_frame_is_in_the_next():
    clock = ShotClock(0.0)
    clock.learn([change(2.0)])
    assert list(clock.ended_by(1.9)) == []
    assert list(clock.ended_by(2.0)) == [(0.0, 2.0)]
    assert clock.is_inside(2.0)
    assert clock.start_s == 2.0


def test_frames_of_a_gradual_change_are_in_no_shot():
    clock = ShotClock(0.0)
    clock.learn([change(2.0, 3.0)])
    assert list(clock.ended_by(2.5)) == [(0.0, 2.0)]
    assert not clock.is_inside(2.5)
    assert list(clock.ended_by(3.0)) == []
    assert clock.is_inside(3.0)


def test_several_shots_may_be_over_at_once():
    clock = ShotClock(10.0)
    clock.learn([change(11.0), change(11.2), change(12.0, 13.0)])
    assert list(clock.ended_by(20.0)) == [(10.0, 11.0), (11.0, 11.2), (11.2, 12.0)]
    assert clock.start_s == 13.0


def test_a_change_at_the_very_start_ends_nothing():
    clock = ShotClock(0.0)
    clock.learn([change(0.0, 1.0)])
    assert list(clock.ended_by(0.0)) == []
    assert not clock.is_inside(0.0)
    assert clock.is_inside(1.0)


def test_a_fade_out_that_meets_a_fade_in_leaves_no_shot_between():
    clock = ShotClock(0.0)
    clock.learn([change(1.0, 2.0), change(2.0, 3.0)])
    assert list(clock.ended_by(5.0)) == [(0.0, 1.0)]
    assert clock.start_s == 3.0
