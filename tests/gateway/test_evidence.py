"""What an insight is given to read."""

from __future__ import annotations

from gateway.evidence import ids, overlapping, seen_s
from reelscribe.v1.analyzer_pb2 import Status
from tests.gateway.told import CAPTION, TITLE, cut, cuts, evidence, looked, said, skipped, written


def test_who_looked_and_found_nothing_looked():
    given = evidence(looked("cut_analysis"), skipped("text_overlay"))
    assert given.looked("cut_analysis")
    assert not given.looked("text_overlay")
    assert not given.looked("cut_analysis", "text_overlay")
    assert not given.looked("nobody")


def test_nothing_is_covered_that_was_not_looked_at():
    given = evidence(looked("cut_analysis", end_s=10.0, status=Status.STATUS_PARTIAL), skipped("text_overlay"))
    assert given.covers("cut_analysis", 2.0, 10.2)
    assert not given.covers("cut_analysis", 9.0, 12.0)
    assert not given.covers_all("cut_analysis")
    assert not given.covers("text_overlay", 0.0, 1.0)


def test_findings_come_in_order_of_time_whoever_found_them():
    given = evidence(looked("one", cut(5), cut(1)), looked("other", cut(3)))
    assert [finding.id for finding in given.of("transition")] == ["one/1", "other/1", "one/2"]
    assert [finding.id for finding in given.of("transition", analyzers=["other"])] == ["other/1"]


def test_words_said_and_written_are_told_apart():
    given = evidence(looked("any", said("Hallo du", 1), written("Titel", 0, 2, TITLE), written("Text", 0, 2)))
    assert [finding.text.content for finding in given.said()] == ["Hallo du"]
    assert [finding.text.content for finding in given.written(CAPTION)] == ["Text"]
    assert len(given.written()) == 2


def test_ids_are_in_order_of_time_and_each_once():
    (result,) = evidence(cuts(1, 2)).results
    first, second = result.findings
    assert ids([second, first, second]) == ["cut_analysis/1", "cut_analysis/2"]


def test_spans_are_half_open():
    (result,) = evidence(looked("any", written("a", 1, 2))).results
    assert not overlapping(result.findings, 2.0, 3.0)
    assert overlapping(result.findings, 1.9, 3.0)


def test_what_is_covered_twice_counts_once():
    assert seen_s([(0, 2), (1, 3), (8, 9)], 1.5, 10) == 2.5
    assert seen_s([], 0, 10) == 0
