"""How far an analysis is, by its events."""

from __future__ import annotations

import pytest

from reelscribe.cli.progress import Watch
from reelscribe.v1.analysis_pb2 import (
    Accepted,
    AnalyzerProgress,
    AnalyzeVideoResponse,
    Progress,
    Report,
    Retracted,
)
from reelscribe.v1.analyzer_pb2 import AnalyzerFinding, AnalyzerResult, Coverage, Status
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.media_pb2 import Video
from services.common.time import duration, span


def accepted(*analyzers: str, length_s: float | None = None) -> AnalyzeVideoResponse:
    video = Video(name="clip.mp4", duration=None if length_s is None else duration(length_s))
    return AnalyzeVideoResponse(accepted=Accepted(video=video, analyzers=analyzers))


def progress(decoded_s: float, expected_s: float | None = None, **reached_s: float) -> AnalyzeVideoResponse:
    items = [AnalyzerProgress(analyzer=name, reached_offset=duration(at)) for name, at in reached_s.items()]
    told = Progress(decoded_offset=duration(decoded_s), analyzers=items)
    if expected_s is not None:
        told.expected_duration.CopyFrom(duration(expected_s))
    return AnalyzeVideoResponse(progress=told)


def finding(analyzer: str, start_s: float) -> AnalyzeVideoResponse:
    found = Finding(span=span(start_s, start_s + 1), label="x")
    return AnalyzeVideoResponse(finding=AnalyzerFinding(analyzer=analyzer, finding=found))


def ended(analyzer: str, status: Status = Status.STATUS_OK, end_s: float = 0.0) -> AnalyzeVideoResponse:
    coverage = Coverage(spans=[span(0, end_s)] if end_s else [])
    return AnalyzeVideoResponse(analyzer_ended=AnalyzerResult(analyzer=analyzer, status=status, coverage=coverage))


@pytest.fixture
def watch() -> Watch:
    return Watch("given", now_s=iter(range(100)).__next__)


def test_lanes_stand_in_the_order_of_the_report(watch: Watch) -> None:
    watch.take(accepted("b", "a"))
    assert watch.name == "clip.mp4"
    assert [(lane.analyzer, lane.state) for lane in watch.lanes.values()] == [("b", "waiting"), ("a", "waiting")]


def test_shares_are_of_the_length_the_header_claims(watch: Watch) -> None:
    watch.take(accepted("a", length_s=20))
    watch.take(progress(10, a=5))
    assert watch.share == 0.25
    watch.take(progress(10, expected_s=10, a=5))
    assert watch.share == 0.5


def test_without_a_claimed_length_shares_are_of_what_is_decoded(watch: Watch) -> None:
    watch.take(accepted("a"))
    assert watch.share == 0.0
    watch.take(progress(10, a=5))
    assert watch.share == 0.5


def test_a_header_that_claims_too_little_gives_no_share_above_one(watch: Watch) -> None:
    watch.take(accepted("a", length_s=2))
    watch.take(progress(4, a=5))
    assert watch.share == 1.0


def test_findings_are_counted_and_move_the_lane(watch: Watch) -> None:
    watch.take(accepted("a"))
    watch.take(finding("a", 3.0))
    lane = watch.lanes["a"]
    assert (lane.found_count, lane.reached_s, lane.state) == (1, 3.0, "looking")
    assert lane.latest is not None


def test_what_was_retracted_is_not_counted(watch: Watch) -> None:
    watch.take(accepted("a"))
    watch.take(finding("a", 3.0))
    watch.take(AnalyzeVideoResponse(retracted=Retracted(analyzer="a", part_id="frames-0")))
    assert watch.lanes["a"].found_count == 0
    assert watch.lanes["a"].latest is None


def test_an_analyzer_that_has_ended_is_done_wherever_it_was(watch: Watch) -> None:
    watch.take(accepted("a", "b", length_s=10))
    watch.take(ended("a", Status.STATUS_TIMED_OUT, end_s=4))
    lane = watch.lanes["a"]
    assert (lane.state, lane.reached_s) == ("timed out", 4)
    assert watch.share_of(lane) == 1.0
    assert watch.share == 0.5


def test_the_report_tells_the_true_length(watch: Watch) -> None:
    watch.take(accepted("a", length_s=99))
    watch.take(AnalyzeVideoResponse(report=Report(video=Video(duration=duration(20)))))
    assert (watch.decoded_s, watch.expected_s) == (20, 20)
