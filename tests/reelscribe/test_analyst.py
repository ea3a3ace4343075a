from __future__ import annotations

import pytest

from reelscribe.analyst import Assembler
from reelscribe.v1.analysis_pb2 import Accepted, AnalyzeVideoResponse, Report, Summary
from reelscribe.v1.analyzer_pb2 import AnalyzerFinding, AnalyzerResult, Status
from reelscribe.v1.finding_pb2 import Finding


def result(analyzer: str, *ids: str, **fields: object) -> AnalyzeVideoResponse:
    findings = [Finding(id=each) for each in ids]
    return AnalyzeVideoResponse(result=AnalyzerResult(analyzer=analyzer, findings=findings, **fields))  # type: ignore[arg-type]


def assembled(*events: AnalyzeVideoResponse) -> Report:
    assembler = Assembler()
    for event in events:
        assembler.take(event)
    return assembler.report


def test_pieces_of_one_analyzer_become_one_result():
    report = assembled(
        AnalyzeVideoResponse(accepted=Accepted(analysis_id="a")),
        AnalyzeVideoResponse(finding=AnalyzerFinding(analyzer="cuts", finding=Finding(label="provisional"))),
        result("cuts", "cuts/1", status=Status.STATUS_OK),
        result("cuts", "cuts/2"),
        result("texts", status=Status.STATUS_EMPTY),
        AnalyzeVideoResponse(report=Report(analysis_id="a", summary=Summary(ok_count=1))),
    )
    assert report.analysis_id == "a"
    assert [item.analyzer for item in report.results] == ["cuts", "texts"]
    assert [finding.id for finding in report.results[0].findings] == ["cuts/1", "cuts/2"]
    assert report.results[0].status == Status.STATUS_OK


def test_an_event_is_not_changed_by_what_follows():
    first = result("cuts", "cuts/1")
    assembled(first, result("cuts", "cuts/2"), AnalyzeVideoResponse(report=Report()))
    assert len(first.result.findings) == 1


def test_without_its_end_there_is_no_report():
    with pytest.raises(RuntimeError, match="not ended"):
        assembled(result("cuts", "cuts/1"))
