"""What comes of an insight: its findings with ids and evidence that resolves, or why there are none."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

import structlog

from gateway.evidence import LOOKED, Evidence
from gateway.insight import GATEWAY, Insight, sources_of
from gateway.merge import numbered, union
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Cost, Failure, Method, Reason, Status
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.media_pb2 import Span
from services.common.time import duration, span, span_s

log = structlog.get_logger()

NOTHING_TO_READ = "nothing_to_read"
"""Code of the reason of an insight none of whose sources looked."""

SOURCES_INCOMPLETE = "sources_incomplete"
"""Code of the reason of an insight some of whose sources broke off."""

BROKEN = frozenset({Status.STATUS_PARTIAL, Status.STATUS_FAILED, Status.STATUS_TIMED_OUT})

NO_PART = "took no part"
"""Said of an analyzer that was not chosen, or whose service is not there."""


class UnfoundedClaim(ValueError):
    """An insight cites no evidence, or evidence that is not there."""


def concluded(
    insights: Iterable[Insight], results: Sequence[AnalyzerResult], duration_s: float
) -> list[AnalyzerResult]:
    """One result for each insight, in order; each may read those before it."""
    known = list(results)
    for insight in insights:
        known.append(conclude(insight, known, duration_s))
    return known[len(results) :]


def conclude(insight: Insight, results: Sequence[AnalyzerResult], duration_s: float) -> AnalyzerResult:
    """What one insight makes of the results of this analysis. Never raises: what breaks is FAILED, by name."""
    names = sources_of(insight)
    read = [result for result in results if result.analyzer in names]
    enough = [combination for combination in insight.reads if _looked(combination, read)]
    started_s, started_cpu_s = time.monotonic(), time.thread_time()
    result = _found(insight, read, duration_s) if enough else AnalyzerResult(status=Status.STATUS_SKIPPED)
    result.analyzer, result.service, result.method = insight.name, GATEWAY, Method.METHOD_SIGNAL
    if not enough:
        result.reason.CopyFrom(_nothing_to_read(insight, read))
        return result
    result.coverage.spans.extend(_covered(enough, read))
    result.cost.CopyFrom(
        Cost(
            wall_duration=duration(time.monotonic() - started_s),
            cpu_duration=duration(time.thread_time() - started_cpu_s),
        )
    )
    return result


def _found(insight: Insight, read: Sequence[AnalyzerResult], duration_s: float) -> AnalyzerResult:
    """Findings and how it ended."""
    try:
        findings = list(insight.find(Evidence(results=read, duration_s=duration_s)))
        _check_evidence(findings, {finding.id for item in read for finding in item.findings})
    except Exception as error:
        log.exception("insight failed", insight=insight.name)
        kind = type(error).__name__
        return AnalyzerResult(
            status=Status.STATUS_FAILED,
            reason=Reason(code="insight_failed", message=f"{kind}: {error}"),
            error=Failure(type=kind, message=str(error) or kind),
        )
    result = AnalyzerResult(
        status=Status.STATUS_OK if findings else Status.STATUS_EMPTY, findings=numbered(insight.name, findings)
    )
    broken = [f"{item.analyzer} ({_status(item)})" for item in read if item.status in BROKEN]
    if broken:
        result.status = Status.STATUS_PARTIAL
        told = f"what it reads is incomplete: {', '.join(broken)}"
        result.reason.CopyFrom(Reason(code=SOURCES_INCOMPLETE, message=told))
    return result


def _looked(combination: Sequence[str], read: Sequence[AnalyzerResult]) -> bool:
    return {item.analyzer for item in read if item.status in LOOKED}.issuperset(combination)


def _nothing_to_read(insight: Insight, read: Sequence[AnalyzerResult]) -> Reason:
    """Names who did not look, and who to choose, where that is all that keeps one combination from being whole."""
    by_name = {item.analyzer: item for item in read}
    wanted = dict.fromkeys(name for combination in insight.reads for name in combination)
    told = [
        f"{name} {_status(by_name[name]) if name in by_name else NO_PART}"
        for name in wanted
        if name not in by_name or by_name[name].status not in LOOKED
    ]
    open_to_choice = (
        combination
        for combination in insight.reads
        if all(name not in by_name or by_name[name].status in LOOKED for name in combination)
    )
    chosen = next(open_to_choice, None)
    return Reason(
        code=NOTHING_TO_READ,
        message=f"too little that it reads ran: {', '.join(told)}",
        fix=f"reelscribe analyze VIDEO -a {','.join([*chosen, insight.name])}" if chosen else "",
    )


def _status(result: AnalyzerResult) -> str:
    return Status.Name(result.status).removeprefix("STATUS_").lower()


def _covered(enough: Iterable[Sequence[str]], read: Sequence[AnalyzerResult]) -> list[Span]:
    """Stretches at which all of some combination looked."""
    by_name = {item.analyzer: [span_s(each) for each in item.coverage.spans] for item in read}
    stretches: list[tuple[float, float]] = []
    for combination in enough:
        common = by_name[combination[0]]
        for name in combination[1:]:
            common = [
                (max(one[0], other[0]), min(one[1], other[1]))
                for one in common
                for other in by_name[name]
                if max(one[0], other[0]) < min(one[1], other[1])
            ]
        stretches.extend(common)
    return union([span(*each) for each in stretches])


def _check_evidence(findings: Iterable[Finding], known: set[str]) -> None:
    for finding in findings:
        if not finding.evidence_ids:
            raise UnfoundedClaim(f"{finding.label} rests on nothing")
        unknown = [item for item in finding.evidence_ids if item not in known]
        if unknown:
            raise UnfoundedClaim(f"{finding.label} rests on what is not there: {', '.join(unknown)}")
