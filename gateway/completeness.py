"""How well the video could be retold from its findings: counted second by second."""

from __future__ import annotations

import math
from collections.abc import Iterable

from reelscribe.v1.analysis_pb2 import Completeness
from reelscribe.v1.analyzer_pb2 import AnalyzerResult
from reelscribe.v1.finding_pb2 import Finding, TextKind
from services.common.time import span_s

FULL_KINDS = 4
"""Seconds with this many kinds of evidence count as full."""

SILENCE_LABELS = frozenset({"silence", "inside_small_room", "outside_urban_or_manmade", "white_noise", "noise"})
"""Sound tags that say that nothing in particular is heard."""


def completeness(results: Iterable[AnalyzerResult], duration_s: float) -> Completeness:
    """40 % seconds with evidence of content, 40 % kinds per second (full at 4), 20 % seconds with a description.

    Only what differs from video to video counts: speech, text, things and persons, actions, sounds; not what every
    picture has (colour, camera, quality, cuts).
    """
    seconds_count = max(1, math.ceil(duration_s - 1e-6))
    kinds: list[set[str]] = [set() for _ in range(seconds_count)]
    for result in results:
        for finding in result.findings:
            kind = _kind_of(finding)
            if kind is not None:
                for second in _seconds_of(finding, seconds_count):
                    kinds[second].add(kind)
    evidence = sum(1 for found in kinds if found) / seconds_count
    variety = sum(min(len(found), FULL_KINDS) / FULL_KINDS for found in kinds) / seconds_count
    described = sum(1 for found in kinds if "description" in found) / seconds_count
    return Completeness(
        score=0.4 * evidence + 0.4 * variety + 0.2 * described,
        evidence_share=evidence,
        kinds_score=variety,
        description_share=described,
    )


def _kind_of(finding: Finding) -> str | None:
    """What kind of content a finding is evidence of; None for what every picture has."""
    shape = finding.WhichOneof("shape")
    if shape == "text":
        return "speech" if finding.text.kind == TextKind.TEXT_KIND_SPEECH else "screen_text"
    if shape in ("track", "box"):
        return "person" if finding.label == "person" else "object"
    if shape == "scores":
        return None if finding.label in SILENCE_LABELS else "sound"
    if shape == "gesture":
        return "action"
    if shape == "sound_event":
        return "sound"
    return "description" if shape == "description" else None


def _seconds_of(finding: Finding, seconds_count: int) -> range:
    start_s, end_s = span_s(finding.span)
    last = max(math.floor(start_s), math.ceil(end_s - 1e-6) - 1)
    return range(max(0, math.floor(start_s)), min(seconds_count, last + 1))
