"""Results of analyzers that found what a test says, for what reads them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gateway.conclude import conclude
from gateway.evidence import Evidence
from gateway.insight import Insight
from gateway.merge import numbered
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Coverage, Reason, Status
from reelscribe.v1.finding_pb2 import (
    Activity,
    Box,
    CameraMove,
    Description,
    Finding,
    GazeDirection,
    Loudness,
    ScoreCurve,
    Subject,
    Text,
    TextKind,
    Track,
    TrackedBox,
    Transition,
    Word,
)
from services.common.time import duration, span

LENGTH_S = 20.0
CAPTION, TITLE = TextKind.TEXT_KIND_CAPTION, TextKind.TEXT_KIND_TITLE
SPEECH, SCENE = TextKind.TEXT_KIND_SPEECH, TextKind.TEXT_KIND_SCENE


def looked(analyzer: str, *findings: Finding, end_s: float = LENGTH_S, status: int | None = None) -> AnalyzerResult:
    """It looked at all from the beginning to `end_s`."""
    if status is None:
        status = Status.STATUS_OK if findings else Status.STATUS_EMPTY
    return AnalyzerResult(
        analyzer=analyzer,
        status=Status.Name(status),
        coverage=Coverage(spans=[span(0.0, end_s)]),
        findings=numbered(analyzer, findings),
    )


def skipped(analyzer: str) -> AnalyzerResult:
    reason = Reason(code="weights_not_installed", message="the weights are not installed")
    return AnalyzerResult(analyzer=analyzer, status=Status.STATUS_SKIPPED, reason=reason)


def evidence(*results: AnalyzerResult, length_s: float = LENGTH_S) -> Evidence:
    return Evidence(results=results, duration_s=length_s)


def found_by(insight: Insight, *results: AnalyzerResult, length_s: float = LENGTH_S) -> list[Finding]:
    """What the insight finds; all of it rests on something, and nothing else may have gone wrong."""
    result = conclude(insight, results, length_s)
    assert result.status in (Status.STATUS_OK, Status.STATUS_EMPTY), result.reason
    known = {finding.id for each in results for finding in each.findings}
    for finding in result.findings:
        assert finding.evidence_ids
        assert known.issuperset(finding.evidence_ids)
    return list(result.findings)


def said(content: str, start_s: float, end_s: float | None = None, language: str = "de") -> Finding:
    """An utterance whose words are spread evenly; three a second unless it is told when it ends."""
    words = content.split()
    end_s = start_s + len(words) / 3 if end_s is None else end_s
    step_s = (end_s - start_s) / len(words)
    times = [(start_s + at * step_s, start_s + (at + 1) * step_s) for at in range(len(words))]
    return Finding(
        span=span(start_s, end_s),
        label="speech",
        text=Text(
            content=content,
            kind=SPEECH,
            language_code=language,
            words=[Word(content=word, span=span(*time)) for word, time in zip(words, times, strict=True)],
        ),
    )


def written(
    content: str, start_s: float, end_s: float, kind: int = CAPTION, box: Sequence[float] = (0.1, 0.7, 0.9, 0.75)
) -> Finding:
    left, top, right, bottom = box
    return Finding(
        span=span(start_s, end_s),
        label="text",
        text=Text(content=content, kind=TextKind.Name(kind), box=Box(left=left, top=top, right=right, bottom=bottom)),
    )


def cut(at_s: float) -> Finding:
    return Finding(span=span(at_s, at_s + 0.04), label="hard_cut", transition=Transition())


def cuts(*times: float) -> AnalyzerResult:
    return looked("cut_analysis", *map(cut, times))


def moves(start_s: float, end_s: float, pan_per_s: float, label: str = "pan_right") -> Finding:
    return Finding(span=span(start_s, end_s), label=label, camera=CameraMove(pan_per_s=pan_per_s, zoom_per_s=1.0))


def active(start_s: float, end_s: float, speed: float) -> Finding:
    return Finding(span=span(start_s, end_s), label="moving", activity=Activity(median_speed=speed))


def seen(label: str, start_s: float, end_s: float, track_id: int = 1, moving: float = 0.1) -> Finding:
    """A thing that goes to the right by `moving` of the frame."""
    times = [start_s + at * (end_s - start_s) / 10 for at in range(10)]
    boxes = [
        TrackedBox(
            offset=duration(time),
            box=Box(left=0.2 + moving * at / 10, top=0.2, right=0.4 + moving * at / 10, bottom=0.6),
        )
        for at, time in enumerate(times)
    ]
    return Finding(span=span(start_s, end_s), label=label, track=Track(track_id=track_id, boxes=boxes))


def heard(label: str, start_s: float, end_s: float) -> Finding:
    return Finding(span=span(start_s, end_s), label=label, scores=ScoreCurve(step_duration=duration(0.5), values=[0.8]))


def described(content: str, start_s: float, end_s: float) -> Finding:
    return Finding(span=span(start_s, end_s), label="description", description=Description(content=content))


def gaze(label: str, start_s: float, end_s: float, face_id: int = 1) -> Finding:
    return Finding(
        span=span(start_s, end_s), label=label, gaze_direction=GazeDirection(), subject=Subject(face_id=face_id)
    )


def loudness(momentary_lufs: Iterable[float], integrated_lufs: float | None, step_s: float = 0.1) -> Finding:
    values = list(momentary_lufs)
    return Finding(
        span=span(0.0, len(values) * step_s),
        label="loudness",
        loudness=Loudness(integrated_lufs=integrated_lufs, momentary_lufs=values, step_duration=duration(step_s)),
    )
