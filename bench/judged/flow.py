"""temporal_flow on made findings whose densest stretch is known, and on findings that come evenly."""

from __future__ import annotations

import random
from collections.abc import Sequence

from bench.judged.case import Judgement, Material
from gateway.conclude import conclude
from gateway.insights.temporal_flow import TemporalFlow
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Coverage, Status
from reelscribe.v1.finding_pb2 import Finding, Text, TextKind, Transition
from services.common.time import span, span_s

NAME = "temporal_flow"
READS: tuple[str, ...] = ()

LENGTH_S = 40.0
DENSE_S = 8.0
SLOW_CUT_S, FAST_CUT_S = 5.0, 1.0
SLOW_WORD_S, FAST_WORD_S = 0.6, 0.3
"""Mean times between cuts and between words, outside and inside of the dense stretch."""


async def judge(material: Material) -> list[Judgement]:
    """How well the dense stretch is met, and how often one is claimed where there is none."""
    count = 5 if material.tiny else 100
    overlaps = [_overlap(seed) for seed in range(count)]
    claimed = sum(_climax(_results(seed, None)) is not None for seed in range(count))
    met = [overlap for overlap in overlaps if overlap > 0]
    return [
        Judgement(
            analyzer=NAME,
            measure="the densest stretch as climax",
            ours=f"{len(met)} of {count} met, mean IoU {sum(met) / max(1, len(met)):.2f}; claimed in {claimed} of "
            f"{count} even ones",
            ours_value=sum(overlaps) / count,
            standalone="unmeasured: no tool was found that tells phases",
            tool="",
            clips=f"{2 * count} made lists of cuts and words of {LENGTH_S:g} s",
        )
    ]


def _overlap(seed: int) -> float:
    """Intersection over union with the stretch that was made dense; 0 if none is claimed."""
    start_s = random.Random(seed).uniform(6.0, 24.0)
    dense_s = (start_s, start_s + DENSE_S)
    climax_s = _climax(_results(seed, dense_s))
    if climax_s is None:
        return 0.0
    shared_s = max(0.0, min(dense_s[1], climax_s[1]) - max(dense_s[0], climax_s[0]))
    return shared_s / (DENSE_S + climax_s[1] - climax_s[0] - shared_s)


def _climax(results: Sequence[AnalyzerResult]) -> tuple[float, float] | None:
    found = conclude(TemporalFlow(), results, LENGTH_S).findings
    return next((span_s(finding.span) for finding in found if finding.label == "climax"), None)


def _results(seed: int, dense_s: tuple[float, float] | None) -> list[AnalyzerResult]:
    chance = random.Random(seed + 1000)
    cuts = _times(chance, dense_s, SLOW_CUT_S, FAST_CUT_S)
    words = _times(chance, dense_s, SLOW_WORD_S, FAST_WORD_S)
    return [
        _looked(
            "cut_analysis",
            [Finding(span=span(at_s, at_s + 0.04), label="hard_cut", transition=Transition()) for at_s in cuts],
        ),
        _looked(
            "speech_transcription",
            [
                Finding(
                    span=span(at_s, at_s + 0.2),
                    label="speech",
                    text=Text(content="word", kind=TextKind.TEXT_KIND_SPEECH),
                )
                for at_s in words
            ],
        ),
    ]


def _times(chance: random.Random, dense_s: tuple[float, float] | None, slow_s: float, fast_s: float) -> list[float]:
    """Moments with the scatter that real ones have: gamma distributed, shape 4."""
    times, at_s = [], 0.0
    while True:
        inside = dense_s is not None and dense_s[0] <= at_s < dense_s[1]
        at_s += chance.gammavariate(4, (fast_s if inside else slow_s) / 4)
        if at_s >= LENGTH_S:
            return times
        times.append(at_s)


def _looked(analyzer: str, findings: Sequence[Finding]) -> AnalyzerResult:
    result = AnalyzerResult(
        analyzer=analyzer, status=Status.STATUS_OK, coverage=Coverage(spans=[span(0.0, LENGTH_S)]), findings=findings
    )
    for number, finding in enumerate(result.findings, 1):
        finding.id = f"{analyzer}/{number}"
    return result
