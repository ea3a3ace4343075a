"""Whose words they are: utterances and what is measured of them, given the speaker whose turns they lie in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reelscribe.v1.analyzer_pb2 import AnalyzerResult
from reelscribe.v1.finding_pb2 import Finding, TextKind
from services.common.time import span_s

CLEARLY_SHARE = 0.75
"""Of what is spoken in an utterance by anybody: then it is this speaker's. A word thrown in by another does not take
it away, and what two share is left without a name."""

LEAST_COVERED = 0.5
"""Of the utterance, in turns of that speaker; less, and the turns do not speak of it."""

TURN = "speaker_turn"
"""The label under which turns are found; no other label says when a voice speaks."""

SPOKEN_SHAPES = frozenset({"speech_rate", "emphasis", "vocal_effort"})
"""Measurements of one utterance or word."""

Turns = Mapping[int, Sequence[tuple[float, float]]]
"""Speaker -> spans."""


def place_speakers(results: Sequence[AnalyzerResult]) -> None:
    """Set `subject.speaker_id` of what is said, and of how, where one speaker clearly says it."""
    findings = [finding for result in results for finding in result.findings]
    turns: dict[int, list[tuple[float, float]]] = {}
    for finding in findings:
        if finding.label == TURN and finding.subject.HasField("speaker_id"):
            turns.setdefault(finding.subject.speaker_id, []).append(span_s(finding.span))
    if not turns:
        return
    for finding in findings:
        if _is_spoken(finding) and not finding.subject.HasField("speaker_id"):
            speaker = speaker_of(span_s(finding.span), turns)
            if speaker is not None:
                finding.subject.speaker_id = speaker


def speaker_of(said_s: tuple[float, float], turns: Turns) -> int | None:
    """Who clearly speaks in a span; None where nobody does, or two share it."""
    heard_s = {speaker: sum(_shared_s(said_s, turn) for turn in spans) for speaker, spans in turns.items()}
    speaker = max(heard_s, key=lambda each: heard_s[each])
    enough_s = max(CLEARLY_SHARE * sum(heard_s.values()), LEAST_COVERED * (said_s[1] - said_s[0]))
    return speaker if heard_s[speaker] >= enough_s > 0 else None


def _is_spoken(finding: Finding) -> bool:
    shape = finding.WhichOneof("shape")
    return shape in SPOKEN_SHAPES or (shape == "text" and finding.text.kind == TextKind.TEXT_KIND_SPEECH)


def _shared_s(one: tuple[float, float], other: tuple[float, float]) -> float:
    return max(0.0, min(one[1], other[1]) - max(one[0], other[0]))
