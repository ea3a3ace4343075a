"""How well the video could be retold from its findings: counted second by second, with what lowered it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from gateway.content import FINDERS, content_of
from gateway.evidence import Evidence
from reelscribe.v1.analysis_pb2 import Completeness, Shortfall, ShortfallCause
from reelscribe.v1.analyzer_pb2 import AnalyzerResult

FULL_KINDS = 4
"""Seconds with this many kinds of evidence count as full."""

LEAST_GAIN = 1e-6
"""A kind that would raise the score by less lowered nothing."""

Kinds = list[set[str]]
"""Kinds of content, second by second."""


def completeness(results: Sequence[AnalyzerResult], duration_s: float) -> Completeness:
    """40 % seconds with evidence of content, 40 % kinds per second (full at 4), 20 % seconds with a description.

    Only what differs from video to video counts: speech, text, things and persons, actions, sounds; not what every
    picture has (colour, camera, quality, cuts), nor music, nor the mere presence of a thing that stands still.
    """
    kinds = _kinds(results, duration_s)
    measured = _scored(kinds)
    evidence = Evidence(results=results, duration_s=duration_s)
    shortfalls = [_shortfall(kind, kinds, evidence) for kind in FINDERS]
    lacking = [item for item in shortfalls if item.gain > LEAST_GAIN]
    measured.shortfalls.extend(sorted(lacking, key=lambda item: (-item.gain, item.kind)))
    return measured


def _kinds(results: Sequence[AnalyzerResult], duration_s: float) -> Kinds:
    kinds: Kinds = [set() for _ in range(max(1, math.ceil(duration_s - 1e-6)))]
    for kind, start_s, end_s in content_of(results):
        for second in _seconds_of(start_s, end_s, len(kinds)):
            kinds[second].add(kind)
    return kinds


def _scored(kinds: Kinds) -> Completeness:
    evidence, variety, described = _shares(kinds)
    return Completeness(score=_score(kinds), evidence_share=evidence, kinds_score=variety, description_share=described)


def _score(kinds: Kinds) -> float:
    evidence, variety, described = _shares(kinds)
    return 0.4 * evidence + 0.4 * variety + 0.2 * described


def _shares(kinds: Kinds) -> tuple[float, float, float]:
    evidence = sum(1 for found in kinds if found) / len(kinds)
    variety = sum(min(len(found), FULL_KINDS) / FULL_KINDS for found in kinds) / len(kinds)
    described = sum(1 for found in kinds if "description" in found) / len(kinds)
    return evidence, variety, described


def _shortfall(kind: str, kinds: Kinds, evidence: Evidence) -> Shortfall:
    missing = sum(1 for found in kinds if kind not in found)
    whole = [name for name in FINDERS[kind] if evidence.covers_all(name)]
    looked = [name for name in FINDERS[kind] if evidence.looked(name)]
    if whole:
        found_nowhere = missing == len(kinds)
        cause = (
            ShortfallCause.SHORTFALL_CAUSE_NOT_FOUND
            if found_nowhere
            else ShortfallCause.SHORTFALL_CAUSE_FOUND_ELSEWHERE
        )
    elif looked:
        cause = ShortfallCause.SHORTFALL_CAUSE_PARTLY_LOOKED
    else:
        cause = ShortfallCause.SHORTFALL_CAUSE_NOT_LOOKED
    return Shortfall(
        kind=kind,
        missing_second_count=missing,
        gain=_score([found | {kind} for found in kinds]) - _score(kinds),
        cause=cause,
        analyzers=[] if whole else FINDERS[kind],
    )


def _seconds_of(start_s: float, end_s: float, seconds_count: int) -> range:
    last = max(math.floor(start_s), math.ceil(end_s - 1e-6) - 1)
    return range(max(0, math.floor(start_s)), min(seconds_count, last + 1))
