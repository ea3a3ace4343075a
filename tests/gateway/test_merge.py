from __future__ import annotations

import itertools

import pytest

from gateway.merge import PartResult, build_report, merge_parts, summarize, union
from reelscribe.v1.analysis_pb2 import Decoding
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Cost, Coverage, PerceptCost, Reason, Status
from reelscribe.v1.finding_pb2 import Finding, Shot, Text
from reelscribe.v1.media_pb2 import Video
from reelscribe.v1.picture_pb2 import Scene
from services.common.time import duration, seconds, span, span_s

OK, EMPTY, PARTIAL, FAILED = Status.STATUS_OK, Status.STATUS_EMPTY, Status.STATUS_PARTIAL, Status.STATUS_FAILED
SKIPPED, TIMED_OUT = Status.STATUS_SKIPPED, Status.STATUS_TIMED_OUT


def part(start: float, status: Status, *found: tuple[float, float], frames: int = 10) -> PartResult:
    result = AnalyzerResult(
        analyzer="cuts",
        service="vision",
        status=status,
        findings=[Finding(span=span(*edges), label="cut") for edges in found],
        coverage=Coverage(spans=[span(start, start + 60)], offered_count=frames, received_count=frames),
        cost=Cost(wall_duration=duration(2), cpu_duration=duration(1)),
    )
    if status not in (OK, EMPTY):
        result.reason.CopyFrom(Reason(code="broken", message="it broke"))
    return PartResult(own_start_s=start, result=result)


def test_findings_of_all_parts_are_numbered_in_order_of_time():
    merged = merge_parts([part(0, OK, (30, 31), (10, 11)), part(60, OK, (70, 71))])
    assert [finding.id for finding in merged.findings] == ["cuts/1", "cuts/2", "cuts/3"]
    assert [span_s(finding.span)[0] for finding in merged.findings] == [10, 30, 70]


def test_coverage_and_cost_add_up():
    merged = merge_parts([part(0, OK), part(60, EMPTY)])
    assert [span_s(item) for item in merged.coverage.spans] == [(0, 120)]
    assert merged.coverage.offered_count == 20
    assert seconds(merged.cost.cpu_duration) == 2


@pytest.mark.parametrize(
    ("statuses", "found", "expected"),
    [
        ((OK, EMPTY), True, OK),
        ((EMPTY, EMPTY), False, EMPTY),
        ((OK, FAILED), True, PARTIAL),
        ((EMPTY, TIMED_OUT), False, PARTIAL),
        ((FAILED, FAILED), False, FAILED),
        ((SKIPPED, SKIPPED), False, SKIPPED),
        ((FAILED, SKIPPED), False, FAILED),
        ((PARTIAL, OK), True, PARTIAL),
    ],
)
def test_the_status_of_the_whole(statuses: tuple[Status, ...], found: bool, expected: Status):
    for order in itertools.permutations(statuses):
        parts = [
            part(60.0 * number, status, *([(60.0 * number + 1, 60.0 * number + 2)] if found and status == OK else []))
            for number, status in enumerate(order)
        ]
        merged = merge_parts(parts)
        assert merged.status == expected
        assert merged.HasField("reason") == (expected not in (OK, EMPTY))


def test_the_summary_counts_and_gives_no_percentage():
    results = [AnalyzerResult(status=status) for status in (OK, OK, EMPTY, PARTIAL, FAILED, SKIPPED, TIMED_OUT)]
    summary = summarize(results)
    assert (summary.requested_count, summary.ok_count, summary.empty_count) == (7, 2, 1)
    assert (summary.partial_count, summary.failed_count, summary.skipped_count) == (1, 1, 1)
    assert summary.timed_out_count == 1


def test_touching_spans_are_one():
    assert [span_s(item) for item in union([span(2, 3), span(0, 1), span(1, 2), span(5, 6)])] == [(0, 3), (5, 6)]


def test_the_reason_is_that_of_a_part_with_the_status_of_the_whole():
    skipped, failed = part(0, SKIPPED), part(60, FAILED)
    skipped.result.reason.code, failed.result.reason.code = "weights_not_installed", "media_lost"
    for order in ([skipped, failed], [failed, skipped]):
        merged = merge_parts(order)
        assert (merged.status, merged.reason.code) == (FAILED, "media_lost")


def test_one_that_never_looked_claims_no_coverage():
    absent = part(0, FAILED)
    absent.result.ClearField("coverage")
    assert not merge_parts([absent]).HasField("coverage")


def test_completeness_is_measured_against_the_whole_video_where_decoding_stopped_early():
    text = Finding(span=span(0, 10), label="caption", text=Text(content="hallo"))
    results = [AnalyzerResult(analyzer="texts", findings=[text])]

    def share(length_s: float | None) -> float:
        report = build_report(
            analysis_id="a",
            version="1",
            video=Video(duration=duration(10)),
            results=results,
            decoding=Decoding(),
            percept_costs=[],
            wall_s=1,
            gateway_cpu_s=0.5,
            length_s=length_s,
        )
        return report.completeness.evidence_share

    assert (share(None), share(40)) == (1.0, 0.25)


def test_shared_percepts_are_added_up_once_over_the_parts():
    half = Cost(wall_duration=duration(1), cpu_duration=duration(0.5))
    report = build_report(
        analysis_id="a",
        version="1",
        video=Video(),
        results=[part(0, OK).result, part(60, OK).result],
        decoding=Decoding(),
        percept_costs=[PerceptCost(percept="Shots", service="vision", cost=half) for _ in range(3)],
        wall_s=9,
        gateway_cpu_s=0.25,
    )
    assert [(item.percept, seconds(item.cost.cpu_duration)) for item in report.percept_costs] == [("Shots", 1.5)]
    assert seconds(report.cost.cpu_duration) == 0.25 + 2 * 1 + 1.5
    assert seconds(report.cost.wall_duration) == 9


def scene(start: float, end: float, index: int, *shots: int) -> Finding:
    return Finding(span=span(start, end), label="scene", scene=Scene(index=index, shot_indices=shots))


def test_scenes_of_a_later_part_get_numbers_of_their_own_and_the_reports_shots():
    scenes = [
        PartResult(own_start_s=0, result=AnalyzerResult(analyzer="scenes", findings=[scene(0, 60, 0, 0)])),
        PartResult(own_start_s=60, result=AnalyzerResult(analyzer="scenes", findings=[scene(60, 90, 0, 1)])),
    ]
    shots = [
        Finding(span=span(*edges), label="shot", shot=Shot()) for edges in ((0.0, 30.0), (30.0, 60.0), (60.0, 90.0))
    ]
    cuts = [PartResult(own_start_s=0, result=AnalyzerResult(analyzer="cuts", findings=shots))]
    report = build_report(
        analysis_id="a",
        version="1",
        video=Video(),
        results=[merge_parts(cuts), merge_parts(scenes)],
        decoding=Decoding(),
        percept_costs=[],
        wall_s=1.0,
        gateway_cpu_s=0.0,
    )
    found = [finding.scene for finding in report.results[1].findings]
    assert [(each.index, list(each.shot_indices)) for each in found] == [(0, [0, 1]), (1, [2])]
