"""Who looked and who did not."""

from __future__ import annotations

from reelscribe.report.page.ledger import ABSENT, gaps, rows
from tests.reelscribe.report import stories
from tests.reelscribe.report.reports import report, result, skipped

FULL = stories.full()


def test_what_is_missing_says_why_and_what_mends_it():
    made = report(result("cut_analysis"), skipped("body_pose", fix="reelscribe models pull pose"))
    (pose, flow) = gaps(made, ("cut_analysis", "body_pose", "speech_flow"))
    assert (pose.status, pose.fix) == ("skipped", "reelscribe models pull pose")
    assert (flow.analyzer, flow.status, flow.message) == ("speech_flow", ABSENT, "")


def test_every_analyzer_has_a_row_with_its_weights_and_its_cost():
    analyzers, percepts = rows(FULL)
    assert [row.name for row in analyzers] == [result.analyzer for result in FULL.results]
    yolo = next(row for row in analyzers if row.name == "object_detection")
    assert yolo.weights[0].licence == "AGPL-3.0-only"
    assert yolo.weights[0].sha256 == "ab" * 32
    assert (yolo.coverage, yolo.cpu_s, yolo.learned) == (1.0, 0.4, True)
    assert [(row.name, row.cpu_s) for row in percepts] == [("Shots", 3.0)]


def test_coverage_is_not_made_up():
    assert rows(report(result("odd")))[0][0].coverage is None
