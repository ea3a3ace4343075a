"""What each analyzer and percept cost, and what was waited for last: pure functions of the report."""

from __future__ import annotations

from dataclasses import dataclass

from reelscribe.v1.analysis_pb2 import Report
from services.common.time import seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the account."""

    name: str
    kind: str
    """ "decoder", "percept" or "analyzer"."""
    service: str
    wall_s: float
    """From the first window to its end, waiting included; of several parts the sum."""
    cpu_s: float
    cpu_share: float
    """Of all processor time of the analysis, [0, 1]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the critical path."""

    name: str
    elapsed_s: float
    """When it ended, from the beginning of its part."""
    beyond_s: float
    """How much later than the step before."""
    cpu_s: float


def rows(report: Report) -> tuple[Row, ...]:
    """Whoever took any time, the costliest in processor time first."""
    total_s = seconds(report.cost.cpu_duration)
    found = [("decoder", "decoder", "gateway", report.decoding.wall_duration, report.decoding.cpu_duration)]
    found += [
        (item.percept, "percept", item.service, item.cost.wall_duration, item.cost.cpu_duration)
        for item in report.percept_costs
    ]
    found += [
        (item.analyzer, "analyzer", item.service, item.cost.wall_duration, item.cost.cpu_duration)
        for item in report.results
        if item.HasField("cost")
    ]
    made = [
        Row(
            name=name,
            kind=kind,
            service=service,
            wall_s=seconds(wall),
            cpu_s=seconds(cpu),
            cpu_share=seconds(cpu) / total_s if total_s else 0.0,
        )
        for name, kind, service, wall, cpu in found
    ]
    return tuple(sorted((row for row in made if row.wall_s or row.cpu_s), key=lambda row: (-row.cpu_s, row.name)))


def path(report: Report) -> tuple[Step, ...]:
    """In order of work; empty where the report has none."""
    made: list[Step] = []
    for step in report.critical_path.steps:
        elapsed_s = seconds(step.elapsed_duration)
        beyond_s = elapsed_s - (made[-1].elapsed_s if made else 0.0)
        made.append(Step(name=step.name, elapsed_s=elapsed_s, beyond_s=beyond_s, cpu_s=seconds(step.cpu_duration)))
    return tuple(made)
