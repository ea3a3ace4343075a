"""All answers in, one report out: a pure function that knows no analyzer by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from google.protobuf.duration_pb2 import Duration

from gateway.completeness import completeness
from gateway.identity import Identities, identities, renumbered
from gateway.join import join_all
from gateway.speaking import place_speakers
from reelscribe.v1.analysis_pb2 import Decoding, Report, Summary
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Cost, PerceptCost, Status
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.media_pb2 import Span, Video
from services.common.time import duration, seconds, span, span_s

TOUCH_S = 1e-3
"""Coverage spans closer than this are one."""

LOOKED_EVERYWHERE = frozenset({Status.STATUS_OK, Status.STATUS_EMPTY})
DID_NOT_LOOK = (Status.STATUS_FAILED, Status.STATUS_TIMED_OUT, Status.STATUS_SKIPPED)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartResult:
    """One analyzer's confirmed answer for one part."""

    own_start_s: float
    result: AnalyzerResult


def merge_parts(parts: Sequence[PartResult], numbers: Identities | None = None) -> AnalyzerResult:
    """One analyzer's answers for all parts, in order, as one result. Raises ValueError without any.

    `numbers` are those of all analyzers together, so that they speak of the same things by the same numbers; None:
    this analyzer's alone.
    """
    if not parts:
        raise ValueError("nothing to merge")
    results = [part.result for part in parts]
    telling_most = next((item for item in results if item.models or item.settings), results[0])
    merged = AnalyzerResult(
        analyzer=telling_most.analyzer,
        service=telling_most.service,
        method=telling_most.method,
        models=telling_most.models,
        settings=telling_most.settings,
    )
    numbers = number_things(parts) if numbers is None else numbers
    renamed = [
        (part.own_start_s, [renumbered(finding, part.own_start_s, numbers) for finding in part.result.findings])
        for part in parts
    ]
    _count_scenes_on(findings for _, findings in renamed)
    findings = join_all(renamed)
    merged.findings.extend(numbered(merged.analyzer, findings))
    merged.status = _status(results, bool(findings))
    _merge_coverage(merged, results)
    _merge_cost(merged, results)
    telling = _telling(merged.status, results)
    if telling is not None:
        merged.reason.CopyFrom(telling.reason)
        if telling.HasField("error"):
            merged.error.CopyFrom(telling.error)
    return merged


def number_things(parts: Iterable[PartResult]) -> Identities:
    """The report's number of every thing, face and voice, from the answers of all analyzers for all parts."""
    return identities((part.own_start_s, part.result.findings) for part in parts)


def build_report(
    *,
    analysis_id: str,
    version: str,
    video: Video,
    results: Sequence[AnalyzerResult],
    decoding: Decoding,
    percept_costs: Iterable[PerceptCost],
    wall_s: float,
    gateway_cpu_s: float,
    length_s: float | None = None,
) -> Report:
    """The report, its time of creation aside.

    `length_s`: what completeness is measured against, where the video is longer than what was decoded of it.
    """
    _place_scenes(results)
    place_speakers(results)
    shared = _merge_percept_costs(percept_costs)
    costs = [*(item.cost for item in results), *(item.cost for item in shared)]
    cpu_s = gateway_cpu_s + sum(seconds(cost.cpu_duration) for cost in costs)
    return Report(
        analysis_id=analysis_id,
        reelscribe_version=version,
        video=video,
        results=results,
        summary=summarize(results),
        completeness=completeness(results, seconds(video.duration) if length_s is None else length_s),
        decoding=decoding,
        cost=Cost(wall_duration=duration(wall_s), cpu_duration=duration(cpu_s)),
        percept_costs=shared,
    )


def summarize(results: Sequence[AnalyzerResult]) -> Summary:
    """How many analyzers ended how."""
    counts = {status: sum(1 for item in results if item.status == status) for status in Status.values()}
    return Summary(
        requested_count=len(results),
        ok_count=counts[Status.STATUS_OK],
        empty_count=counts[Status.STATUS_EMPTY],
        partial_count=counts[Status.STATUS_PARTIAL],
        failed_count=counts[Status.STATUS_FAILED],
        skipped_count=counts[Status.STATUS_SKIPPED],
        timed_out_count=counts[Status.STATUS_TIMED_OUT],
        finding_count=sum(len(item.findings) for item in results),
    )


def without_findings(result: AnalyzerResult) -> AnalyzerResult:
    """What is told of an analyzer as it ends."""
    told = AnalyzerResult()
    told.CopyFrom(result)
    told.ClearField("findings")
    return told


def _status(results: Sequence[AnalyzerResult], found: bool) -> Status:
    """OK/EMPTY if every part was looked at; the one failure if none was; PARTIAL between."""
    statuses = {item.status for item in results}
    if statuses <= LOOKED_EVERYWHERE:
        return Status.STATUS_OK if found else Status.STATUS_EMPTY
    if statuses <= set(DID_NOT_LOOK):
        return next(status for status in DID_NOT_LOOK if status in statuses)
    return Status.STATUS_PARTIAL


def _telling(status: Status, results: Sequence[AnalyzerResult]) -> AnalyzerResult | None:
    """The part that tells why the status is not OK or EMPTY: one of that very status, if there is one."""
    if status in LOOKED_EVERYWHERE:
        return None
    told = [item for item in results if item.HasField("reason")]
    return next((item for item in told if item.status == status), told[0] if told else None)


def numbered(analyzer: str, findings: Iterable[Finding]) -> list[Finding]:
    """In order of time, with ids by that order; shots numbered anew, since each part counted for itself."""
    ordered = sorted(findings, key=lambda finding: (span_s(finding.span), finding.label))
    shot_count = 0
    for number, finding in enumerate(ordered, 1):
        finding.id = f"{analyzer}/{number}"
        if finding.WhichOneof("shape") == "shot":
            finding.shot.index = shot_count
            shot_count += 1
    return ordered


def _count_scenes_on(parts: Iterable[Sequence[Finding]]) -> None:
    """Scenes of a later part get numbers of their own: whether one of them was seen before is not known."""
    next_index = 0
    for findings in parts:
        scenes = [finding.scene for finding in findings if finding.WhichOneof("shape") == "scene"]
        for scene in scenes:
            scene.index += next_index
        next_index = max((scene.index + 1 for scene in scenes), default=next_index)


def _place_scenes(results: Sequence[AnalyzerResult]) -> None:
    """Name a scene's shots as the report numbers them, where it has shots: each part counted its own."""
    findings = [finding for result in results for finding in result.findings]
    shots = [(span_s(item.span), item.shot.index) for item in findings if item.WhichOneof("shape") == "shot"]
    if not shots:
        return
    for finding in (item for item in findings if item.WhichOneof("shape") == "scene"):
        start_s, end_s = span_s(finding.span)
        finding.scene.shot_indices[:] = [
            index for (first_s, last_s), index in shots if start_s <= (first_s + last_s) / 2 < end_s
        ]


def _merge_coverage(merged: AnalyzerResult, results: Sequence[AnalyzerResult]) -> None:
    """Spans are joined and counts added; no part counts its lead-in."""
    coverage = merged.coverage
    for given in (item.coverage for item in results if item.HasField("coverage")):
        coverage.stream = given.stream or coverage.stream
        coverage.offered_count += given.offered_count
        coverage.received_count += given.received_count
        coverage.processed_count += given.processed_count
    if merged.HasField("coverage"):
        coverage.spans.extend(union([item for result in results for item in result.coverage.spans]))


def union(spans: Iterable[Span]) -> list[Span]:
    """The same stretches, in order and disjoint."""
    merged: list[tuple[float, float]] = []
    for start_s, end_s in sorted(span_s(item) for item in spans):
        if merged and start_s <= merged[-1][1] + TOUCH_S:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end_s))
        else:
            merged.append((start_s, end_s))
    return [span(*edges) for edges in merged]


def _merge_cost(merged: AnalyzerResult, results: Sequence[AnalyzerResult]) -> None:
    merged.cost.CopyFrom(_sum_costs([item.cost for item in results if item.HasField("cost")]))


def _merge_percept_costs(costs: Iterable[PerceptCost]) -> list[PerceptCost]:
    grouped: dict[tuple[str, str], list[PerceptCost]] = {}
    for item in costs:
        grouped.setdefault((item.service, item.percept), []).append(item)
    return [
        PerceptCost(
            service=service, percept=percept, cost=_sum_costs([item.cost for item in group]), uses=group[0].uses
        )
        for (service, percept), group in sorted(grouped.items())
    ]


def _sum_costs(costs: Sequence[Cost]) -> Cost:
    total = Cost(
        wall_duration=_sum([item.wall_duration for item in costs]),
        cpu_duration=_sum([item.cpu_duration for item in costs]),
    )
    gpu = [item.gpu_duration for item in costs if item.HasField("gpu_duration")]
    if gpu:
        total.gpu_duration.CopyFrom(_sum(gpu))
    return total


def _sum(durations: Iterable[Duration]) -> Duration:
    return duration(sum(seconds(item) for item in durations))
