"""Which second something belongs to."""

from __future__ import annotations

from reelscribe.report.retelling.told import RANKS, by_second, second_of


def test_a_moment_belongs_to_the_second_it_is_in():
    assert [second_of(at_s) for at_s in (0.0, 0.999, 1.0, 5.967)] == [0, 0, 1, 5]


def test_sound_before_the_first_frame_belongs_to_the_first():
    assert second_of(-0.2) == 0


def test_groups_keep_their_order():
    assert by_second([1.5, 0.2, 1.1], lambda at_s: at_s) == {1: [1.5, 1.1], 0: [0.2]}


def test_no_rank_is_there_twice():
    assert len(set(RANKS)) == len(RANKS)
