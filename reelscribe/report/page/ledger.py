"""Who looked and who did not, on what weights and under which licences, and what each of them took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reelscribe.report.account import status_word
from reelscribe.v1.analysis_pb2 import Report
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Method, Status
from services.common.time import seconds, span_s

ABSENT = "absent"
"""Status of an analyzer that a section draws on and the analysis did not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """As the report names them."""

    name: str
    licence: str
    sha256: str
    ran: str
    """Library, device and precision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One analyzer's, or one shared percept's."""

    name: str
    service: str
    status: str
    found_count: int
    coverage: float | None
    """Share of the video's length it looked at; None where that is not said."""
    learned: bool
    wall_s: float
    cpu_s: float
    weights: tuple[Weights, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Why something is missing, and what mends it."""

    analyzer: str
    status: str
    code: str
    message: str
    fix: str


def rows(report: Report) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """Analyzers in the report's order, and the percepts they shared."""
    duration_s = seconds(report.video.duration)
    analyzers = tuple(_row(result, duration_s) for result in report.results)
    percepts = tuple(
        Row(
            name=each.percept,
            service=each.service,
            status="",
            found_count=0,
            coverage=None,
            learned=False,
            wall_s=seconds(each.cost.wall_duration),
            cpu_s=seconds(each.cost.cpu_duration),
            weights=(),
        )
        for each in sorted(report.percept_costs, key=lambda each: -seconds(each.cost.cpu_duration))
    )
    return analyzers, percepts


def gaps(report: Report, names: Sequence[str]) -> tuple[Gap, ...]:
    """Of these analyzers, those that were not there, did not look everywhere, or found nothing."""
    results = {result.analyzer: result for result in report.results}
    told = []
    for name in names:
        result = results.get(name)
        if result is None:
            told.append(Gap(analyzer=name, status=ABSENT, code="", message="", fix=""))
        elif result.status != Status.STATUS_OK:
            told.append(gap(result))
    return tuple(told)


def gap(result: AnalyzerResult) -> Gap:
    """Of a result that is not OK."""
    return Gap(
        analyzer=result.analyzer,
        status=status_word(result.status),
        code=result.reason.code,
        message=result.reason.message or result.error.message,
        fix=result.reason.fix,
    )


def _row(result: AnalyzerResult, duration_s: float) -> Row:
    looked_s = sum(end_s - start_s for start_s, end_s in map(span_s, result.coverage.spans))
    return Row(
        name=result.analyzer,
        service=result.service,
        status=status_word(result.status),
        found_count=len(result.findings),
        coverage=min(1.0, looked_s / duration_s) if duration_s and result.coverage.spans else None,
        learned=result.method == Method.METHOD_MODEL,
        wall_s=seconds(result.cost.wall_duration),
        cpu_s=seconds(result.cost.cpu_duration),
        weights=tuple(
            Weights(
                name=model.name,
                licence=model.licence,
                sha256=model.sha256,
                ran=" · ".join(part for part in (model.library, model.device, model.precision) if part),
            )
            for model in result.models
        ),
    )
