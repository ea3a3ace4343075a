"""How a video is built, from what was found in it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from gateway.conclude import conclude
from gateway.insights.temporal_flow import TemporalFlow
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Status
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.story_pb2 import CallToAction
from services.common.time import seconds, span, span_s
from tests.gateway.told import TITLE, active, cuts, found_by, looked, moves, said, skipped, written

LENGTH_S = 30.0


def flow(*results: AnalyzerResult) -> list[Finding]:
    return found_by(TemporalFlow(), *results, length_s=LENGTH_S)


def whole(analyzer: str, *findings: Finding) -> AnalyzerResult:
    return looked(analyzer, *findings, end_s=LENGTH_S)


def phases(found: list[Finding]) -> list[Finding]:
    return sorted(
        (finding for finding in found if finding.WhichOneof("shape") == "phase"), key=lambda item: span_s(item.span)
    )


def dense_middle() -> list[AnalyzerResult]:
    """Nothing much, then cuts and movement from 12 to 18 s, then a call at the end."""
    call = Finding(span=span(26, 28), label="call_to_action", call_to_action=CallToAction(action="follow"))
    return [
        whole("cut_analysis", *cuts(*[12 + at * 0.75 for at in range(9)]).findings),
        whole("body_pose", active(0, 12, 0.05), active(12, 18, 1.0), active(18, 30, 0.05)),
        whole("comment_cta_detection", call),
    ]


def test_phases_tile_the_video_in_order():
    found = phases(flow(*dense_middle()))
    assert [finding.label for finding in found] == ["hook", "build_up", "climax", "wind_down", "ending"]
    assert span_s(found[0].span)[0] == 0.0
    assert span_s(found[-1].span)[1] == LENGTH_S
    for one, other in pairwise(found):
        assert one.span.end_offset == other.span.start_offset


def test_the_climax_is_where_most_happens():
    climax = next(finding for finding in flow(*dense_middle()) if finding.label == "climax")
    assert span_s(climax.span) == pytest.approx((12.0, 18.5), abs=1.0)
    assert climax.phase.mean_pace > max(
        finding.phase.mean_pace for finding in phases(flow(*dense_middle())) if finding.label != "climax"
    )
    assert any(item.startswith("cut_analysis/") for item in climax.evidence_ids)


def test_an_ending_with_a_call_rests_on_it():
    ending = phases(flow(*dense_middle()))[-1]
    assert span_s(ending.span) == (26.0, 30.0)
    assert "call_to_action" in ending.phase.reasons
    assert "comment_cta_detection/1" in ending.evidence_ids


def test_the_curve_names_what_was_measured_and_nothing_else():
    found = flow(*dense_middle(), skipped("text_overlay"))
    (curve,) = [finding.pacing_curve for finding in found if finding.label == "pacing_curve"]
    assert [component.name for component in curve.components] == ["cuts", "motion"]
    assert seconds(curve.step_duration) == 0.5
    assert len(curve.values) == 60
    assert all(len(component.values) == 60 for component in curve.components)


def test_motion_is_measured():
    """The replaced system's optical flow was always 0.0."""
    found = flow(whole("camera_analysis", moves(0, 30, 0.5)))
    (curve,) = [finding.pacing_curve for finding in found if finding.label == "pacing_curve"]
    assert min(curve.components[0].values) == pytest.approx(0.5)


def test_what_one_analysis_found_is_not_in_the_next():
    """The replaced system read the last run's file."""
    insight = TemporalFlow()
    first = found_by(insight, *dense_middle(), length_s=LENGTH_S)
    other = found_by(insight, whole("camera_analysis", moves(0, 30, 0.5)), length_s=LENGTH_S)
    again = found_by(insight, *dense_middle(), length_s=LENGTH_S)
    assert [item.SerializeToString(deterministic=True) for item in first] == [
        item.SerializeToString(deterministic=True) for item in again
    ]
    assert {item.label for item in other} == {"pacing_curve", "hook", "body"}


def test_an_even_video_has_fewer_phases_and_says_why():
    found = phases(flow(whole("camera_analysis", moves(0, 30, 0.5))))
    assert [(finding.label, list(finding.phase.reasons)) for finding in found] == [
        ("hook", ["first_3_s"]),
        ("body", ["even_pace"]),
    ]


def test_a_video_in_which_nothing_happens_has_none():
    result = conclude(TemporalFlow(), [whole("cut_analysis"), whole("speech_transcription")], LENGTH_S)
    assert result.status == Status.STATUS_EMPTY


def test_a_clip_of_two_seconds_is_all_hook():
    found = found_by(TemporalFlow(), looked("camera_analysis", moves(0, 2, 0.5), end_s=2.0), length_s=2.0)
    assert [finding.label for finding in phases(found)] == ["hook"]


def test_moments_say_what_came_together():
    found = flow(
        whole("cut_analysis", *cuts(8.0, 20.0).findings),
        whole("text_overlay", written("SO GEHT'S", 8.1, 12.0, TITLE)),
        whole("speech_transcription", said("Und jetzt pass auf", 8.3)),
    )
    (moment,) = [finding for finding in found if finding.label == "key_moment"]
    assert list(moment.key_moment.reasons) == ["cut", "new_text", "speech_begins"]
    assert span_s(moment.span) == (8.0, 8.5)
    assert len(moment.evidence_ids) == 3
