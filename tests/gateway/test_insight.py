"""What insights are, and which of them can say anything here."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.evidence import Evidence
from gateway.insight import Insight, describe, readable, sources_of
from reelscribe.v1.analyzer_pb2 import Method
from reelscribe.v1.finding_pb2 import Finding


class Pairs(Insight):
    """Pairs of things, for tests.

    Labels: `pair`.
    """

    name = "pairs"
    reads = (("seconds", "loud"), ("seconds", "quiet"))
    also_reads = ("quiet", "silent")

    def find(self, evidence: Evidence) -> Iterator[Finding]:
        yield from ()


class OfPairs(Pairs):
    name = "of_pairs"
    reads = (("pairs",),)


def test_sources_are_named_once_in_order():
    assert sources_of(Pairs) == ("seconds", "loud", "quiet", "silent")


def test_it_is_described_as_any_analyzer_is():
    told = describe(Pairs)
    assert (told.name, told.service, told.method) == ("pairs", "gateway", Method.METHOD_SIGNAL)
    assert told.summary == "Pairs of things, for tests."
    assert list(told.uses) == ["seconds", "loud", "quiet", "silent"]
    assert not told.needs
    assert not told.HasField("unavailable")


def test_only_what_has_a_whole_combination_to_read_is_offered():
    assert readable([Pairs], ["seconds"]) == []
    assert readable([Pairs], ["seconds", "quiet"]) == [Pairs]


def test_an_insight_may_read_another():
    assert readable([Pairs, OfPairs], ["seconds", "loud"]) == [Pairs, OfPairs]
    assert readable([OfPairs, Pairs], ["seconds", "loud"]) == [Pairs]
