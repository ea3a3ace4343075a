from __future__ import annotations

import pytest

from bench.common.mixed import Change
from bench.common.scores import Found, character_error, edit_distance, matched, word_errors

HARD = Change(first=40, after=41, hard=True)
FADE = Change(first=100, after=130, hard=False)


def test_edits_are_counted():
    assert edit_distance("kitten", "sitting") == 3
    assert word_errors("Der T-Rex, war ihm", "der t rex war im") == (1, 5)


def test_umlauts_and_case_are_errors_and_line_breaks_are_not():
    assert character_error("FÜR DICH", "FÜR\nDICH") == 0
    assert character_error("für", "fur") == pytest.approx(1 / 3)
    assert character_error("Für", "für") == pytest.approx(1 / 3)


def test_a_cut_is_right_within_the_slack_and_counts_once():
    assert matched([HARD], [(41, 42)], slack_frames=1) == Found(right=1, wrong=0, missed=0)
    assert matched([HARD], [(42, 43)], slack_frames=1) == Found(right=0, wrong=1, missed=1)
    assert matched([HARD], [(40, 41), (41, 42)], slack_frames=1) == Found(right=1, wrong=1, missed=0)


def test_two_reports_inside_one_gradual_change_are_one():
    assert matched([HARD, FADE], [(40, 41), (101, 114), (114, 130)], slack_frames=3).f1 == 1.0


def test_nothing_to_find_and_nothing_found_is_right():
    assert matched([], [], slack_frames=1).f1 == 1.0
