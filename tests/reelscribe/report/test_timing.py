"""Costs in order, and the critical path with what each step added."""

from __future__ import annotations

import pytest

from reelscribe.report.timing import path, rows
from reelscribe.v1.analysis_pb2 import CriticalPath, CriticalStep, Decoding, Report
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Cost, PerceptCost
from services.common.time import duration


def cost(wall_s: float, cpu_s: float) -> Cost:
    return Cost(wall_duration=duration(wall_s), cpu_duration=duration(cpu_s))


REPORT = Report(
    cost=cost(10, 20),
    decoding=Decoding(wall_duration=duration(6), cpu_duration=duration(3)),
    results=[AnalyzerResult(analyzer="cuts", service="vision", cost=cost(9, 0.5)), AnalyzerResult(analyzer="asleep")],
    percept_costs=[PerceptCost(percept="Shots", service="vision", cost=cost(8, 16.5))],
    critical_path=CriticalPath(
        steps=[
            CriticalStep(name="Shots", elapsed_duration=duration(8), cpu_duration=duration(16.5)),
            CriticalStep(name="cuts", elapsed_duration=duration(9), cpu_duration=duration(0.5)),
        ]
    ),
)


def test_the_costliest_is_first_and_who_did_nothing_is_left_out():
    assert [row.name for row in rows(REPORT)] == ["Shots", "decoder", "cuts"]


def test_shares_are_of_all_processor_time():
    assert [row.cpu_share for row in rows(REPORT)] == pytest.approx([0.825, 0.15, 0.025])
    assert sum(row.cpu_share for row in rows(REPORT)) == pytest.approx(1.0)


def test_a_step_tells_what_it_added():
    assert [(step.name, step.beyond_s) for step in path(REPORT)] == [("Shots", 8.0), ("cuts", 1.0)]


def test_a_report_without_a_path_has_no_steps():
    assert path(Report()) == ()
