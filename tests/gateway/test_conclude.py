"""How an insight ends: every status, by name, and evidence that resolves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway.conclude import conclude, concluded
from gateway.evidence import Evidence, ids
from gateway.insight import Insight
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Status
from reelscribe.v1.finding_pb2 import Finding
from services.common.time import seconds, span, span_s
from tests.gateway.told import cuts, looked, skipped


class Echo(Insight):
    """A conclusion for every cut.

    Labels: `echo`.
    """

    name = "echo"
    reads = (("cut_analysis",), ("text_overlay",))

    def find(self, evidence: Evidence) -> Iterator[Finding]:
        for finding in evidence.of("transition"):
            yield Finding(span=finding.span, label="echo", evidence_ids=ids([finding]))


class Again(Echo):
    """Reads Echo."""

    name = "again"
    reads = (("echo",),)

    def find(self, evidence: Evidence) -> Iterator[Finding]:
        for result in evidence.results:
            for finding in result.findings:
                yield Finding(span=finding.span, label="again", evidence_ids=[finding.id])


class Broken(Echo):
    """Fails on the way."""

    name = "broken"

    def find(self, evidence: Evidence) -> Iterator[Finding]:
        yield from super().find(evidence)
        raise RuntimeError("lost the thread")


class Baseless(Echo):
    """Cites what is not there."""

    name = "baseless"
    cited: tuple[str, ...] = ("cut_analysis/99",)

    def find(self, evidence: Evidence) -> Iterator[Finding]:
        yield Finding(span=span(0, 1), label="echo", evidence_ids=self.cited)


class Silent(Baseless):
    """Cites nothing."""

    name = "silent"
    cited = ()


def failed(analyzer: str, status: int) -> AnalyzerResult:
    return AnalyzerResult(analyzer=analyzer, status=Status.Name(status))


def test_findings_are_numbered_and_sorted():
    result = conclude(Echo(), [cuts(7, 3), looked("text_overlay")], 20.0)
    assert (result.analyzer, result.service, result.status) == ("echo", "gateway", Status.STATUS_OK)
    assert [(item.id, span_s(item.span)[0]) for item in result.findings] == [("echo/1", 3.0), ("echo/2", 7.0)]
    assert [list(item.evidence_ids) for item in result.findings] == [["cut_analysis/1"], ["cut_analysis/2"]]
    assert [span_s(item) for item in result.coverage.spans] == [(0.0, 20.0)]
    assert seconds(result.cost.wall_duration) > 0


def test_who_looked_and_saw_nothing_leaves_nothing_to_say():
    assert conclude(Echo(), [looked("cut_analysis")], 20.0).status == Status.STATUS_EMPTY


def test_without_anything_to_read_it_is_skipped_and_names_what_it_would_read():
    result = conclude(Echo(), [skipped("cut_analysis")], 20.0)
    assert result.status == Status.STATUS_SKIPPED
    assert result.reason.code == "nothing_to_read"
    assert "cut_analysis skipped" in result.reason.message
    assert "text_overlay took no part" in result.reason.message
    assert result.reason.fix == "reelscribe analyze VIDEO -a text_overlay,echo"
    assert not result.findings
    assert not result.coverage.spans


def test_nobody_is_told_to_choose_what_was_chosen_and_could_not_look():
    assert conclude(Echo(), [skipped("cut_analysis"), skipped("text_overlay")], 20.0).reason.fix == ""


@pytest.mark.parametrize("status", [Status.STATUS_FAILED, Status.STATUS_TIMED_OUT, Status.STATUS_PARTIAL])
def test_a_source_that_broke_makes_it_partial_by_name(status: int):
    result = conclude(Echo(), [cuts(3), failed("text_overlay", status)], 20.0)
    assert result.status == Status.STATUS_PARTIAL
    assert "text_overlay" in result.reason.message
    assert len(result.findings) == 1


def test_a_source_that_was_skipped_is_no_loss():
    assert conclude(Echo(), [cuts(3), skipped("text_overlay")], 20.0).status == Status.STATUS_OK


def test_one_that_raises_fails_by_name_and_the_others_go_on():
    broken, echo = concluded([Broken(), Echo()], [cuts(3)], 20.0)
    assert broken.status == Status.STATUS_FAILED
    assert broken.error.type == "RuntimeError"
    assert "lost the thread" in broken.reason.message
    assert not broken.findings
    assert echo.status == Status.STATUS_OK


@pytest.mark.parametrize("kind", [Baseless, Silent])
def test_a_claim_without_evidence_is_a_failure(kind: type[Insight]):
    result = conclude(kind(), [cuts(3)], 20.0)
    assert result.status == Status.STATUS_FAILED
    assert result.error.type == "UnfoundedClaim"


def test_one_may_read_those_before_it():
    _, again = concluded([Echo(), Again()], [cuts(3)], 20.0)
    assert [list(item.evidence_ids) for item in again.findings] == [["echo/1"]]
    skipped_one, _ = concluded([Again(), Echo()], [cuts(3)], 20.0)
    assert skipped_one.status == Status.STATUS_SKIPPED


def test_results_given_are_left_as_they_are():
    given = [cuts(3)]
    before = [item.SerializeToString(deterministic=True) for item in given]
    concluded([Echo()], given, 20.0)
    assert [item.SerializeToString(deterministic=True) for item in given] == before
