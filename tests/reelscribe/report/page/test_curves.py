"""Lines over time."""

from __future__ import annotations

from reelscribe.report.page.curves import FLOOR_LUFS, MAX_POINTS, Line, area, curves, path
from reelscribe.report.page.known import Known
from reelscribe.report.page.words import words_of
from tests.reelscribe.report import stories
from tests.reelscribe.report.reports import report

EN = words_of("en")


def line(*values: float | None) -> Line:
    return Line(title="", start_s=0, step_s=1, values=values)


def test_pace_loudness_and_pitch_are_drawn_where_they_were_measured():
    assert [curve.key for curve in curves(Known(stories.full()), EN)] == ["pace", "loudness", "pitch"]
    assert curves(Known(report()), EN) == ()


def test_a_pitch_of_zero_is_a_gap():
    (pitch,) = [curve for curve in curves(Known(stories.full()), EN) if curve.key == "pitch"]
    assert None in pitch.lines[0].values
    (drawn, main) = next(iter(pitch.paths(stories.LENGTH_S)))
    assert main
    assert drawn.count("M") > 1


def test_values_outside_the_scale_stay_on_its_edge():
    assert path(line(-120.0, 0.0), low=FLOOR_LUFS, high=0, whole_s=2) == "M250 100L750 0"


def test_a_last_step_that_reaches_beyond_the_end_ends_with_it():
    assert path(line(0.0, 1.0), low=0, high=1, whole_s=1.2) == "M416.67 100L1000 0"


def test_a_long_curve_is_thinned_and_says_so():
    (loudness,) = curves(Known(stories.long(600)), EN)
    assert len(loudness.lines[0].values) <= MAX_POINTS
    assert loudness.stride == 4
    assert loudness.lines[0].step_s == 0.1 * 4


def test_under_each_piece_of_a_stroke_lies_an_area():
    assert area("M0 50L10 60M30 1") == "M0 50L10 60V100H0ZM30 1V100H30Z"
    assert area("") == ""


def test_thinning_keeps_the_loudest_and_gaps_of_gaps():
    assert line(1.0, 5.0, None, None, 2.0).thinned(3, max).values == (5.0, None, 2.0)
    assert line(1.0, 2.0).thinned(2, max).values == (1.0, 2.0)
