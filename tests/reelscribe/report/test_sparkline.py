"""Curves in one line."""

from __future__ import annotations

from reelscribe.report.sparkline import BLOCKS, CUT, curves, sparkline
from tests.reelscribe.report.made import report, story


def test_low_is_low_and_high_is_high():
    assert sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8, low=0, high=7) == BLOCKS


def test_more_values_than_room_are_averaged():
    assert sparkline([0, 2, 1, 1], 2, low=0, high=2) == "▅▅"


def test_fewer_values_than_room_are_drawn_as_they_are():
    assert sparkline([0.0, 1.0], 60, low=0, high=1) == "▁█"


def test_what_never_changes_is_flat():
    assert sparkline([3, 3, 3], 3, low=3, high=3) == "▁▁▁"
    assert sparkline([], 10, low=0, high=1) == ""


def test_loudness_rises_and_has_its_integrated_value():
    (loudness,) = (curve for curve in curves(story(), 12) if curve.title == "loudness")
    assert list(loudness.drawn) == sorted(loudness.drawn, key=BLOCKS.index)
    assert loudness.note == "-14.0 LUFS"


def test_cuts_are_marked_where_they_are():
    (pacing,) = (curve for curve in curves(story(), 12) if curve.title == "pacing")
    assert [place for place, mark in enumerate(pacing.drawn) if mark == CUT] == [4, 8]
    assert pacing.note == "3 shots"


def test_what_nobody_measured_is_not_drawn():
    assert curves(report(), 12) == ()
