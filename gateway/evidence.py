"""What an insight is given to read: the results of the analyzers it names, as far as they looked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Status
from reelscribe.v1.finding_pb2 import Finding, TextKind
from services.common.time import span_s

LOOKED = frozenset({Status.STATUS_OK, Status.STATUS_EMPTY, Status.STATUS_PARTIAL})
"""Statuses of analyzers whose findings, or lack of them, say something."""

EDGE_S = 0.5
"""Streams of one file end at slightly different times: coverage that is short of a stretch by less covers it."""

SPEECH = TextKind.TEXT_KIND_SPEECH


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Results of this analysis, with `duration_s`, the video's length."""

    results: Sequence[AnalyzerResult]
    duration_s: float

    def looked(self, *analyzers: str) -> bool:
        """All of them looked at some of the video, at least."""
        looking = {result.analyzer for result in self.results if result.status in LOOKED}
        return looking.issuperset(analyzers)

    def covers(self, analyzer: str, start_s: float, end_s: float) -> bool:
        """The analyzer looked at all of a stretch: only then does it say anything that it found nothing there."""
        result = next((item for item in self.results if item.analyzer == analyzer), None)
        if result is None or result.status not in LOOKED:
            return False
        spans = [span_s(item) for item in result.coverage.spans]
        return any(first_s - EDGE_S <= start_s and end_s <= last_s + EDGE_S for first_s, last_s in spans)

    def covers_all(self, analyzer: str) -> bool:
        """It looked at the whole video."""
        return self.covers(analyzer, 0.0, self.duration_s)

    def of(self, *shapes: str, analyzers: Iterable[str] | None = None) -> list[Finding]:
        """Findings of these shapes, in order of time; of some analyzers, or of all that are read."""
        named = None if analyzers is None else set(analyzers)
        found = [
            finding
            for result in self.results
            if named is None or result.analyzer in named
            for finding in result.findings
            if finding.WhichOneof("shape") in shapes
        ]
        return sorted(found, key=lambda finding: span_s(finding.span))

    def said(self) -> list[Finding]:
        """Utterances, in order of time."""
        return [finding for finding in self.of("text") if finding.text.kind == SPEECH]

    def written(self, *kinds: int) -> list[Finding]:
        """Texts on screen of these kinds, in order of time; none named: all."""
        texts = [finding for finding in self.of("text") if finding.text.kind != SPEECH]
        return [finding for finding in texts if not kinds or finding.text.kind in kinds]


def ids(findings: Iterable[Finding]) -> list[str]:
    """Of the findings, in order of time, each once: what `evidence_ids` takes."""
    ordered = sorted(findings, key=lambda finding: span_s(finding.span))
    return list(dict.fromkeys(finding.id for finding in ordered))


def overlapping(findings: Iterable[Finding], start_s: float, end_s: float) -> list[Finding]:
    """Those that share some time with a half-open stretch."""
    return [finding for finding in findings if span_s(finding.span)[0] < end_s and start_s < span_s(finding.span)[1]]


def seen_s(spans: Iterable[tuple[float, float]], start_s: float, end_s: float) -> float:
    """How much of a stretch the spans cover together, seconds.

    >>> seen_s([(0.0, 2.0), (1.0, 3.0), (8.0, 9.0)], 1.5, 10.0)
    2.5
    """
    covered_s, reached_s = 0.0, start_s
    for first_s, last_s in sorted(spans):
        covered_s += max(0.0, min(last_s, end_s) - max(first_s, reached_s))
        reached_s = max(reached_s, last_s)
    return covered_s
