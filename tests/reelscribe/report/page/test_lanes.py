"""The timeline's lanes."""

from __future__ import annotations

from reelscribe.report.page.known import Known
from reelscribe.report.page.lanes import MAX_BARS, MAX_ROWS, Lane, cuts, lanes
from reelscribe.report.page.words import words_of
from reelscribe.v1.finding_pb2 import Finding
from services.common.time import span
from tests.reelscribe.report import stories
from tests.reelscribe.report.reports import palette, report, result, scores, text, track

EN = words_of("en")


def lanes_of(*results: object) -> dict[str, Lane]:
    return {lane.key: lane for lane in lanes(Known(report(*results)), EN)}  # type: ignore[arg-type]


def test_every_finding_of_a_full_report_is_in_a_lane_a_curve_a_cut_or_a_section():
    known = Known(stories.full())
    drawn = sum(len(lane.bars) for lane in lanes(known, EN))
    elsewhere = [
        found
        for found in known.all
        if found.label == "overall"
        or found.shape in ("shot", "transition", "pacing", "pacing_curve", "loudness", "pitch", "rhythm", "clipping")
        or found.shape in ("stereo", "signal_to_noise", "pose")
    ]
    assert drawn + len(elsewhere) == len(known.all)


def test_bars_lie_where_their_findings_are():
    (bar,) = lanes_of(result("text_overlay", text("Hi", 5)))["captions"].bars
    assert (bar.left, bar.width, bar.row) == (25.0, 5.0, 0)
    assert bar.title == "Hi"


def test_bars_that_overlap_lie_on_rows_and_too_many_are_counted():
    tracks = [track("cup", number) for number in range(MAX_ROWS + 2)]
    lane = lanes_of(result("object_detection", *tracks))["things"]
    assert [bar.row for bar in lane.bars] == list(range(MAX_ROWS))
    assert lane.left_out_count == 2


def test_of_very_many_bars_the_longest_are_drawn_and_the_rest_counted():
    brief = [Finding(span=span(0.01 * n, 0.01 * n + 0.005), label="x") for n in range(MAX_BARS)]
    lane = lanes_of(result("strange", *brief, Finding(span=span(10, 12), label="y")))["strange"]
    assert "y" in {bar.title for bar in lane.bars}
    assert lane.left_out_count == MAX_BARS + 1 - len(lane.bars) > 0


def test_a_shape_nobody_knows_gets_a_lane_of_its_analyzer():
    lane = lanes_of(result("future_analyzer", Finding(span=span(0, 1), label="odd_thing")))["future_analyzer"]
    assert (lane.group, lane.title, lane.bars[0].title) == ("other", "future analyzer", "odd thing")


def test_a_moment_is_a_mark():
    lane = lanes_of(result("odd", Finding(span=span(3, 3), label="x"), Finding(span=span(4, 5), label="x")))["odd"]
    assert [bar.mark for bar in lane.bars] == [True, False]


def test_a_palette_is_drawn_in_its_colours_and_scores_as_their_curve():
    assert (
        sum(
            share
            for _, share in lanes_of(result("color_analysis", palette(0, 4, red=0.5, blue=0.5)))["palette"]
            .bars[0]
            .stripes
        )
        == 100
    )
    assert lanes_of(result("e", scores("dog", 0, [0.5])))["sounds"].bars[0].curve == "0,100 0,50 100,50 100,100"


def test_cuts_go_through_all_lanes():
    assert [bar.start_s for bar in cuts(Known(stories.full()), EN)] == [4.0, 8.0]


def test_a_video_without_length_has_lanes_all_the_same():
    made = report(result("odd", Finding(span=span(0, 0), label="x")))
    made.video.ClearField("duration")
    assert lanes(Known(made), EN)[0].bars[0].width == 0
